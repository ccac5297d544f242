"""In which stage a contact is: its facts folded in the order in which they happened, not in which they arrived."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from orchard.interactions.types import KINDS, MACHINE_PRONE, Fact

OWN = (
    frozenset(kind.name for kind in KINDS.values() if kind.direction == "in" and kind.scores) - MACHINE_PRONE
)
"""What only a person does of their own accord: it makes a contact engaged."""

VERDICT = "verdict.changed"
"""What the agreement decides about a contact."""

_LEADS_TO = {
    "lead.accepted": ("accepted", {"opportunity", "customer"}),
    "lead.returned": ("nurturing", {"customer"}),
    "lead.disqualified": ("disqualified", {"customer"}),
    "opportunity.opened": ("opportunity", {"customer"}),
    "opportunity.joined": ("opportunity", {"customer"}),
    "opportunity.won": ("customer", set[str]()),
    "opportunity.lost": ("nurturing", {"customer", "disqualified"}),
}
"""The stage that a fact leads to, and the stages that it does not lead out of."""

RESTED = frozenset({"lead.eligible", "lead.reinstated"})
"""After these a contact who came back, or was disqualified, is what the verdict says of it."""

TURNS = frozenset({VERDICT, *_LEADS_TO, *RESTED})
"""What others decide about a contact: it may turn the stage in any direction."""

_QUALIFIES_FROM = frozenset({"contact", "engaged", "nurturing"})
_RESTING = frozenset({"nurturing", "disqualified"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contact is: the stage, the one below its verdict, since when, how often it came back.

    `unaided` tells that nothing but the contact's own interactions led here.
    """

    stage: str
    basis: str
    since: datetime
    rounds: int = 0
    unaided: bool = False


class Owed(Enum):
    """What interactions of a contact's own ask for, when they arrive at a known standing."""

    NOTHING = 0
    ENGAGE = 1
    """Engaged since the earliest of them."""
    FOLD = 2
    """The whole past decides."""


def fold(facts: Iterable[Fact]) -> Standing | None:
    """Return where a contact is after these facts of its own, in any order; None: nothing has led anywhere."""
    standing: Standing | None = None
    meets = False
    for fact in sorted(facts, key=lambda each: (each.occurred_at, each.pos)):
        if fact.kind == VERDICT:
            meets = fact.direction == "in"
        standing = (
            _rested(standing, fact.occurred_at, meets) if fact.kind in RESTED else _after(standing, fact)
        )
    return standing


def owed(standing: Standing | None, at: datetime) -> Owed:
    """Return what an interaction at `at` asks for: the standing after it is that of a fold over all facts."""
    if standing is None:
        return Owed.ENGAGE
    if standing.unaided:
        return Owed.ENGAGE if at < standing.since else Owed.NOTHING
    if standing.basis == "contact" or (standing.stage == "engaged" and at <= standing.since):
        return Owed.FOLD
    return Owed.NOTHING


def _after(before: Standing | None, fact: Fact) -> Standing | None:
    stage = before.stage if before else "contact"
    if fact.kind in OWN:
        return _engaged(before, fact.occurred_at)
    if fact.kind == VERDICT:
        return _judged(before, fact)
    if fact.kind not in _LEADS_TO:
        return before
    rounds = (before.rounds if before else 0) + (fact.kind == "lead.returned")
    goal, stays = _LEADS_TO[fact.kind]
    if before and (stage in stays or stage == goal):
        return replace(before, rounds=rounds)
    return Standing(goal, goal, fact.occurred_at, rounds)


def _engaged(before: Standing | None, at: datetime) -> Standing:
    if before is None:
        return Standing("engaged", "engaged", at, unaided=True)
    if before.stage == "contact":
        return Standing("engaged", "engaged", at, before.rounds)
    return replace(before, basis="engaged") if before.basis == "contact" else before


def _judged(before: Standing | None, fact: Fact) -> Standing | None:
    """Let the verdict give `qualified`, and take back no more than it gave."""
    stage = before.stage if before else "contact"
    rounds = before.rounds if before else 0
    if fact.direction == "in" and stage in _QUALIFIES_FROM:
        return Standing("qualified", stage, fact.occurred_at, rounds)
    if before and fact.direction == "out" and stage == "qualified":
        return Standing(before.basis, before.basis, fact.occurred_at, rounds)
    return before


def _rested(before: Standing | None, at: datetime, meets: bool) -> Standing | None:  # noqa: FBT001
    """Let the end of a rest give what a verdict gave meanwhile, or gave long ago and never took back."""
    if before is None or before.stage not in _RESTING:
        return before
    if meets:
        return Standing("qualified", "nurturing", at, before.rounds)
    return before if before.stage == "nurturing" else Standing("nurturing", "nurturing", at, before.rounds)
