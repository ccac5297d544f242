"""The leaves of a condition, each with a stable id: what a verdict lists as met or missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchard.engine.conditions.tree import Condition, Did, FieldIs, Score, Segment, Stage

Leaf = FieldIs | Did | Score | Stage | Segment


@dataclass(frozen=True, slots=True)
class Atom:
    """A leaf and its path in the tree (`any[1].not`, the empty text for a lone leaf), which is its id."""

    id: str
    leaf: Leaf


def _walk(condition: Condition, path: str) -> Iterator[Atom]:
    if isinstance(condition, Leaf):
        yield Atom(path, condition)
    for step, child in condition.children():
        yield from _walk(child, f"{path}.{step}" if path else step)


def atoms(condition: Condition) -> list[Atom]:
    """Return the leaves in the order of writing; equal leaves at two places are two atoms."""
    return list(_walk(condition, ""))


def is_negated(path: str) -> bool:
    """Tell whether a path (`any[1].not`, with whatever stands before it) leads through an odd number of `not`s."""
    return re.split(r"[.\[\]]+", path).count("not") % 2 == 1


def kinds_named(condition: Condition) -> frozenset[str]:
    """Return every kind of fact that the condition reads."""
    return frozenset(
        kind for atom in atoms(condition) if isinstance(atom.leaf, Did) for kind in atom.leaf.did
    )
