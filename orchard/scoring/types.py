"""The score's vocabulary: the rules that are handed down, and a score as people are shown it."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchard.engine.conditions import Condition

MICRO = 1_000_000
"""Millionths of a point: all points are integers of these."""

TENTH = MICRO // 10


@dataclass(frozen=True, slots=True)
class FitRule:
    """Points (in millionths) for what a contact is, as long as the condition holds."""

    name: str
    when: Condition
    points: int


@dataclass(frozen=True, slots=True)
class EngagementRule:
    """Points (in millionths) for each fact of these kinds, halved every `half_life_days`, up to `cap` in all."""

    name: str
    kinds: tuple[str, ...]
    points: int
    half_life_days: int
    cap: int | None = None
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a score is made of: one line per rule, fit first, in the order of writing."""

    fit: tuple[FitRule, ...] = ()
    engagement: tuple[EngagementRule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the lines."""
        return (*(rule.name for rule in self.fit), *(rule.name for rule in self.engagement))

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of fact that gives points."""
        return frozenset(kind for rule in self.engagement for kind in rule.kinds)


@dataclass(frozen=True, slots=True)
class Shown:
    """A score in tenths of a point, and its lines in tenths, which add up to it."""

    total: int
    lines: Sequence[int]
