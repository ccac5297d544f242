"""What the shell of every page knows: navigation, theme, and who is here."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orchard.web import permissions
from orchard.web.ui import nav, theme


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `nav` (built only where a page shows it) and `theme`."""
    return {"nav": SimpleLazyObject(lambda: _nav(request)), "theme": theme.chosen(request)}


def _nav(request: HttpRequest) -> tuple[nav.Shown, ...]:
    member = getattr(request, "user", None)
    if member is None or not member.is_authenticated:
        return ()
    return nav.links(request.path, lambda name: permissions.may_open(member, name))
