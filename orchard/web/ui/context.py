"""What the shell of every page knows: navigation, theme, and who is here."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orchard.demo import queries as demo
from orchard.tasks import queries as tasks
from orchard.team.models import Member
from orchard.web import permissions
from orchard.web.ui import nav, theme


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `nav`, `story` and `unseen` (made only where a page shows them to a member) and `theme`."""
    return {
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "theme": theme.chosen(request),
        "unseen": SimpleLazyObject(lambda: _unseen(request)),
        "story": SimpleLazyObject(lambda: demo.story() if _member(request) else None),
    }


def _nav(request: HttpRequest) -> tuple[nav.Shown, ...]:
    member = _member(request)
    if member is None:
        return ()
    return nav.links(request.path, lambda name: permissions.may_open(member, name))


def _unseen(request: HttpRequest) -> int:
    member = _member(request)
    return tasks.unseen_count(member.pk) if member else 0


def _member(request: HttpRequest) -> Member | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, Member) else None
