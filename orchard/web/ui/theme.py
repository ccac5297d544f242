"""Light or dark: what was chosen on this device, else what the member chose for everywhere, else the system's way."""

from django.http import HttpRequest, HttpResponseBase

COOKIE = "orchard_theme"
CHOICES = ("system", "light", "dark")
YEAR = 365 * 24 * 60 * 60  # seconds


def chosen(request: HttpRequest) -> str:
    """Return `system`, `light` or `dark`; a value that is none of them counts as not chosen."""
    member = getattr(request, "user", None)
    said = request.COOKIES.get(COOKIE) or getattr(member, "theme", "system")
    return said if said in CHOICES else "system"


def keep(response: HttpResponseBase, choice: str, *, secure: bool) -> None:
    """Remember the choice on this device for a year."""
    response.set_cookie(COOKIE, choice, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
