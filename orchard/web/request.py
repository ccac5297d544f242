"""Who asks and for what: the member whom the table of permissions let through, and whether a fragment will do."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from orchard.team.models import Member

_DIGITS = 18  # any bigint of so many
_COUNTER = 9  # any integer of so many


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


def number_of(text: str) -> int | None:
    """Return the id that part of an address names; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def counter_of(text: str) -> int | None:
    """Return a number that counts up from one, such as a revision; None for what cannot be one."""
    return number_of(text) if len(text) <= _COUNTER else None


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours that a form was sent from: what it says as `back`, else what the browser says."""
    return ours(request, request.POST.get("back") or request.headers.get("Referer", "")) or otherwise


def said_back(request: HttpRequest, otherwise: str = "") -> str:
    """Return the page of ours that a form, or the link to it, names as `back`."""
    return ours(request, request.POST.get("back") or request.GET.get("back", "")) or otherwise


def leads_to(request: HttpRequest, where: str) -> HttpResponse:
    """Lead on to a page; what was sent from a part of another page leaves that page for it."""
    return HttpResponseClientRedirect(where) if wants_fragment(request) else redirect(where)


def ours(request: HttpRequest, said: str) -> str:
    """Return the path and query of an address, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(
        said, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not said or not ours:
        return ""
    parts = urlsplit(said)
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path
