"""What the shell of every page knows: navigation, theme, and who is here."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orchard.demo import queries as demo
from orchard.web import permissions
from orchard.web.ui import nav, theme


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `nav` and `story` (both made only where a page shows them) and `theme`."""
    return {
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "theme": theme.chosen(request),
        "story": SimpleLazyObject(demo.story),
    }


def _nav(request: HttpRequest) -> tuple[nav.Shown, ...]:
    member = getattr(request, "user", None)
    if member is None or not member.is_authenticated:
        return ()
    return nav.links(request.path, lambda name: permissions.may_open(member, name))
