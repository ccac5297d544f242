"""Whom time alone could make qualified: what must hold already, so that the others need not be looked at.

It decides nothing about anybody: it only ever leaves too many, and the verdict as of the hour says who is qualified.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchard.agreement.verdict import Terms
from orchard.engine.conditions import AnyOf, Condition, Did, FieldIs, Not, Score, atoms, is_negated


@dataclass(frozen=True, slots=True)
class Met:
    """That the condition at this place among `Terms.atoms` holds, or that it does not."""

    place: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """That all of the parts are so, or one of them at least."""

    every: bool
    parts: "tuple[Possible, ...]"


Possible = Met | Joined | bool


def could_qualify(terms: Terms) -> Possible | None:
    """Return what must hold now of whom the calendar may yet make qualified; None where it can make nobody so."""
    reading = _Reading(terms)
    found = [reading.could(terms.handoff, wanted=True)]
    if terms.never is not None:
        found.append(reading.could(terms.never, wanted=False))
    return Joined(every=True, parts=tuple(found)) if reading.rises else None


class _Reading:
    """One walk through the conditions of an agreement, in the order of `Terms.atoms`."""

    def __init__(self, terms: Terms) -> None:
        self.fit_moves = any(
            _window(atom.leaf) is not None for rule in terms.rules.fit for atom in atoms(rule.when)
        )
        self.places = iter(range(len(terms.atoms)))
        self.rises = False

    def could(self, condition: Condition, *, wanted: bool) -> Possible:
        """Return what must be so that a condition could come to hold (or not to, by what is wanted)."""
        if isinstance(condition, Not):
            return self.could(condition.condition, wanted=not wanted)
        children = [child for _, child in condition.children()]
        if children:
            parts = tuple(self.could(child, wanted=wanted) for child in children)
            return Joined(every=isinstance(condition, AnyOf) is not wanted, parts=parts)
        place = next(self.places)
        if self._turns(condition, to=wanted):
            self.rises = True
            return True
        return Met(place, wanted)

    def _turns(self, leaf: Condition, *, to: bool) -> bool:
        """Tell whether time alone may turn a leaf that way: windows empty, scores fade, days to come arrive."""
        if isinstance(leaf, Score):
            fades = leaf.at_most is not None if to else leaf.at_least is not None
            return fades or self.fit_moves
        if _window(leaf) is None:
            return False
        if isinstance(leaf, Did):
            return leaf.at_most is not None if to else bool(leaf.least)
        return True


def _window(leaf: object) -> int | None:
    return leaf.within_days if isinstance(leaf, Did | FieldIs) else None


def turned_for(terms: Terms, before: Sequence[bool], after: Sequence[bool]) -> list[int]:
    """Return the places of the conditions that turned in favour of a hand-off between two looks at a contact."""
    return [
        place
        for place, (atom, was, now) in enumerate(zip(terms.atoms, before, after, strict=True))
        if was != now and now is (is_negated(atom.id) is atom.id.startswith("never"))
    ]
