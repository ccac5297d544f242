"""Who asks and for what: the member whom the table of permissions let through, and whether a fragment will do."""

from django.http import HttpRequest, QueryDict

from orchard.team.models import Member


def member_of(request: HttpRequest) -> Member:
    """Return the logged-in member; only for addresses that the table does not open to strangers."""
    if not isinstance(request.user, Member):
        raise TypeError("This address is open to strangers; ask request.user.")
    return request.user


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page, and not the browser for the whole of it on its way back."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, an empty one included; None while it is only shown."""
    return request.POST if request.method == "POST" else None
