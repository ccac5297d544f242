"""Decides what a condition means that names saved ones: expanded in place, never in a circle, and cut into plans."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from orchard.engine.conditions import All, AnyOf, Condition, Did, Not, Segment, atoms, kinds_named
from orchard.engine.conditions import Score as ScoreIs
from orchard.engine.conditions import Stage as StageIs
from orchard.interactions.types import KINDS, MACHINE_PRONE

T = TypeVar("T")

ANCHORS = {"last_return": "lead.returned", "offer": "lead.offered"}
"""The kind of fact behind each event that a condition may count from."""

ALWAYS = frozenset({
    "contact.created",
    "contact.changed",
    "contact.merged",
    "contact.unmerged",
    "contact.erased",
    "fact.counted",
    "fact.discounted",
    "fact.withdrawn",
    "fact.reassigned",
})  # fmt: skip
"""Kinds that may turn a membership whatever the conditions say."""


def named(condition: Condition) -> list[str]:
    """Return the codes of the segments that a condition names, each once, in the order of writing."""
    return list(
        dict.fromkeys(atom.leaf.segment for atom in atoms(condition) if isinstance(atom.leaf, Segment))
    )


def circle(code: str, condition: Condition, conditions: Mapping[str, Condition]) -> list[str]:
    """Return the way by which `code`, saying `condition`, would come back to itself; empty where it does not."""
    known = {**conditions, code: condition}
    seen: set[str] = set()
    ways = [[code]]
    while ways:
        way = ways.pop()
        for each in named(known[way[-1]]):
            if each == code:
                return [*way, each]
            if each in known and each not in seen:
                seen.add(each)
                ways.append([*way, each])
    return []


def in_words(way: Iterable[str], names: Mapping[str, str]) -> str:
    """Say a circle: “A” → “B” → “A”."""
    return " → ".join(f"“{names.get(each, each)}”" for each in way)


def expanded(condition: Condition, of: Callable[[str], Condition]) -> Condition:
    """Return a condition with what each segment says in the place of its name; `of` must lead into no circle."""
    if isinstance(condition, Segment):
        return expanded(of(condition.segment), of)
    if isinstance(condition, Not):
        return Not.model_validate({"not": expanded(condition.condition, of)})
    if isinstance(condition, All | AnyOf):
        word = "all" if isinstance(condition, All) else "any"
        inner = tuple(expanded(child, of) for child in condition.conditions)
        return type(condition).model_validate({word: inner})
    return condition


def anchors(conditions: Iterable[Condition]) -> list[str]:
    """Return the events that some condition counts from."""
    leaves = (atom.leaf for condition in conditions for atom in atoms(condition))
    return sorted({str(leaf.since) for leaf in leaves if isinstance(leaf, Did) and leaf.since in ANCHORS})


def kinds_read(conditions: Sequence[Condition]) -> frozenset[str]:
    """Return every kind of fact that asking these conditions reads."""
    events = frozenset(ANCHORS[name] for name in anchors(conditions))
    return events.union(*(kinds_named(condition) for condition in conditions))


def kinds_that_turn(conditions: Sequence[Condition]) -> frozenset[str]:
    """Return the kinds of facts that may turn one of these conditions, all of them where score or stage is asked for.

    What a person did and what a machine did is decided over all facts that either can make.
    """
    if asks_score(conditions) or any(isinstance(leaf, StageIs) for leaf in _leaves(conditions)):
        return frozenset(KINDS)
    kinds = kinds_read(conditions)
    return ALWAYS | kinds | (MACHINE_PRONE if kinds & MACHINE_PRONE else frozenset())


def asks_score(conditions: Iterable[Condition]) -> bool:
    """Return whether one of these conditions asks for a score."""
    return any(isinstance(leaf, ScoreIs) for leaf in _leaves(conditions))


def _leaves(conditions: Iterable[Condition]) -> Iterator[object]:
    return (atom.leaf for condition in conditions for atom in atoms(condition))


def in_plans(items: Iterable[T], size: Callable[[T], int], most: int) -> list[list[T]]:
    """Cut items into runs whose sizes add up to at most `most`; one that is larger stands alone."""
    runs: list[list[T]] = []
    left = 0
    for item in items:
        if not runs or size(item) > left:
            runs.append([])
            left = most
        runs[-1].append(item)
        left -= size(item)
    return runs


def stretches(contact_ids: Sequence[int], count: int, last: int) -> Iterator[tuple[int, int]]:
    """Cut all ids there can be into stretches (from, below) of at most `count` of these sorted ones each."""
    cuts = [0, *contact_ids[count::count], last]
    yield from pairwise(cuts)


def resting_on(code: str, conditions: Mapping[str, Condition]) -> set[str]:
    """Return the segments that name this one, themselves or by others."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        naming = {each for each, condition in conditions.items() if here in named(condition)} - found
        found |= naming
        waiting += naming
    return found
