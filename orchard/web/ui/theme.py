"""Light or dark: what the member chose on this device, else what the system says."""

from django.http import HttpRequest, HttpResponseBase

COOKIE = "orchard_theme"
CHOICES = ("system", "light", "dark")
YEAR = 365 * 24 * 60 * 60  # seconds


def chosen(request: HttpRequest) -> str:
    """Return `system`, `light` or `dark`; anything else in the cookie counts as `system`."""
    value = request.COOKIES.get(COOKIE, "system")
    return value if value in CHOICES else "system"


def keep(response: HttpResponseBase, choice: str, *, secure: bool) -> None:
    """Remember the choice on this device for a year."""
    response.set_cookie(COOKIE, choice, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
