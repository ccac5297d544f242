"""Whose records whoever asks may see: told once when a request comes in, heeded by every room that shows records.

Outside of a request, where nobody looks, everything is seen.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from orchard.team.models import Member
from orchard.team.types import EVERYTHING, Reach, Scope

_REACH: ContextVar[Reach] = ContextVar("reach", default=EVERYTHING)


class Somebody(Protocol):
    """What decides how far somebody sees."""

    id: int
    scope: str
    team_id: int | None


def reach() -> Reach:
    """Return whose records are seen by whoever asks now."""
    return _REACH.get()


def reach_of(member: Somebody) -> Reach:
    """Return whose records a member sees: the own, the team's, or all; those who are in no team are one together."""
    if member.scope == Scope.ALL:
        return EVERYTHING
    if member.scope == Scope.OWN:
        return Reach(frozenset({member.id}))
    team = Member.objects.filter(team=member.team_id) if member.team_id else Member.objects.filter(team=None)
    return Reach(frozenset({member.id, *team.values_list("id", flat=True)}))


def who_reaches(members: Collection[Member], holders: Collection[int]) -> list[Member]:
    """Return which of these members see what one of the `holders` is at work with; what nobody has, all of them see."""
    if not holders:
        return list(members)
    teams = set(Member.objects.filter(id__in=holders).values_list("team_id", flat=True))
    return [
        each
        for each in members
        if each.scope == Scope.ALL
        or each.pk in holders
        or (each.scope == Scope.TEAM and each.team_id in teams)
    ]


@contextmanager
def seeing(reach: Reach) -> Iterator[None]:
    """Let everything inside see no further than this."""
    token = _REACH.set(reach)
    try:
        yield
    finally:
        _REACH.reset(token)


def see(reach: Reach) -> None:
    """Let the rest of what goes on see no further than this; only inside of `seeing`, which ends it."""
    _REACH.set(reach)
