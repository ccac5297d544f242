"""Who asks: the member behind a request that the table of permissions let through."""

from django.http import HttpRequest

from orchard.team.models import Member


def member_of(request: HttpRequest) -> Member:
    """Return the logged-in member; only for addresses that the table does not open to strangers."""
    if not isinstance(request.user, Member):
        raise TypeError("This address is open to strangers; ask request.user.")
    return request.user
