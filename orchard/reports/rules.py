"""Decides how verdicts and acts are told, which way to a hand-off is nearest, and how far a share can be trusted."""

import re
from collections.abc import Sequence
from math import sqrt
from typing import Protocol

from orchard.engine.conditions import is_negated
from orchard.interactions.types import STEP_TURNS, Fact
from orchard.reports.types import Point, Ripeness, Tone, Way

_WAY = re.compile(r"^handoff\.any\[(\d+)\]")
_HALF = 0.5


class Reason(Protocol):
    """What is asked of a reason that the agreement gives."""

    @property
    def path(self) -> str:
        """Its place in the document."""

    @property
    def words(self) -> str:
        """The condition in words."""

    @property
    def met(self) -> bool:
        """Whether the condition holds."""

    @property
    def never(self) -> bool:
        """Whether it forbids a hand-off."""

    @property
    def lacks(self) -> int | None:
        """How many tenths of a point a score lacks."""

    @property
    def ask(self) -> str:
        """The question that could close the gap, where it is known."""


def ripeness(
    *, qualified: bool, tenths: int, reasons: Sequence[Reason], because: Sequence[str] = ()
) -> Ripeness:
    """Return how a contact stands to the agreement; `tenths` is its score, `because` says why it is a lead."""
    grouped: dict[str, list[Point]] = {}
    for reason in reasons:
        if not reason.never:
            way = _WAY.match(reason.path)
            grouped.setdefault(way[1] if way else "", []).append(_point(reason))
    ways = [Way(tuple(points)) for points in grouped.values()]
    forbids = [point for reason in reasons if reason.never and (point := _point(reason)).met]
    nearest = min(ways, key=distance, default=None)
    tone = _tone(ways, qualified=qualified, tenths=tenths)
    return Ripeness(qualified, tone, ways, forbids, nearest, because)


def distance(way: Way) -> tuple[int, int, int]:
    """Return how far off a way is: what is missing, deeds (which nobody can hasten) more than points."""
    missing = way.missing
    deeds = sum(point.lacks is None for point in missing)
    return len(missing), deeds, sum(point.lacks or 0 for point in missing)


def _point(reason: Reason) -> Point:
    """Return a reason as it should be: under an odd number of `not`s its words must not hold."""
    negated = is_negated(reason.path)
    return Point(reason.words, reason.met != negated, negated, reason.lacks, reason.ask)


def _tone(ways: Sequence[Way], *, qualified: bool, tenths: int) -> Tone:
    """Return `ripening` from half of what the lowest threshold asks for."""
    if qualified:
        return Tone.RIPE
    lacks = [point.lacks for way in ways for point in way.missing if point.lacks]
    near = bool(lacks) and tenths > 0 and tenths / (tenths + min(lacks)) >= _HALF
    return Tone.RIPENING if near else Tone.GROWING


_CONFIDENT = 1.959963984540054
"""The quantile of the normal distribution for 95 %."""


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return between which shares the true one lies with 95 % confidence, None where there is nothing to judge by.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927),
    209-212.
    """
    if whole <= 0:
        return None
    share, square = part / whole, _CONFIDENT**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = (
        _CONFIDENT * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    )
    return max(0.0, middle - reach), min(1.0, middle + reach)


def told_with(facts: Sequence[Fact]) -> dict[int, list[Fact]]:
    """Return what became of steps by the act of a member that another of these facts tells, by that fact.

    What one act writes has one time of recording. Where an act tells of steps alone, each of them stands for itself.
    """
    acts: dict[tuple[object, ...], int] = {}
    found: dict[int, list[Fact]] = {}
    # False sorts first: each act is known before the steps that go with it.
    for fact in sorted(facts, key=lambda each: (each.kind in STEP_TURNS, each.id)):
        moment = fact.recorded_at, fact.member_id, fact.contact_id
        if fact.member_id is None:
            continue
        if fact.kind not in STEP_TURNS:
            acts.setdefault(moment, fact.id)
        elif moment in acts:
            found.setdefault(acts[moment], []).append(fact)
    return found
