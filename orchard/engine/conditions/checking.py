"""Check a condition against the catalogue: do its names exist, do its operators and values fit."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from orchard.engine.conditions.tree import All, AnyOf, Condition, Did, FieldIs, Node, Not, Segment, Stage
from orchard.engine.conditions.values import OPERATORS_OF, UnfitError, fitted
from orchard.engine.types import CONTACTS, FACTS, Catalogue, Problem
from orchard.engine.types import Field as CatalogueField
from orchard.kit.words import Phrase, marked

DEEPEST = 20
MOST_PARTS = 50
"""How many leaves a condition may have, those inside `where` included: 50 compile in one to two seconds of a core."""
MOST_VALUES = 200
"""How many values the lists of a condition may name in all: 200 compile in one second."""


def validate(condition: Condition, catalogue: Catalogue, *, allow_segment: bool = True) -> list[Problem]:
    """Return everything that is wrong with a condition, in the order of writing; empty when it compiles.

    `allow_segment` is False for the agreement, which nothing outside its own text may change. Of a condition that is
    too large nothing else is said: looking through it could take as long as compiling it.
    """
    if beyond := _beyond(condition):
        return [beyond]
    return list(_problems(condition, catalogue, "", CONTACTS, 0, allow_segment=allow_segment))


def size(condition: Condition) -> tuple[int, int]:
    """Return how many leaves a condition has, those inside `where` included, and how many values its lists name."""
    leaves = [leaf for _, leaf in _leaves(condition, "", 0)]
    return len(leaves), sum(map(_values, leaves))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean `…`?" with the nearest known name, or the empty text."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return Phrase(" Did you mean `{name}`?", name=close[0]) if close else ""


def _beyond(condition: Condition) -> Problem | None:
    """Return the first place at which a condition has become too large."""
    values = 0
    for place, (path, leaf) in enumerate(_leaves(condition, "", 0), start=1):
        values += _values(leaf)
        if place > MOST_PARTS:
            return Problem(
                path,
                Phrase(
                    "A condition may have at most {at_most} parts; this one is part {place}.",
                    at_most=MOST_PARTS,
                    place=place,
                ),
            )
        if values > MOST_VALUES:
            return Problem(
                path,
                Phrase(
                    "The lists of a condition may name at most {at_most} values in all.", at_most=MOST_VALUES
                ),
            )
    return None


def _leaves(node: Node, path: str, depth: int) -> Iterator[tuple[str, Node]]:
    """Yield the leaves with their paths, as deep as a condition may be nested."""
    if depth > DEEPEST:
        return
    children = list(node.children())
    if not children:
        yield path, node
    if isinstance(node, Did) and node.where is not None:
        children = [("where", node.where)]
    for step, child in children:
        yield from _leaves(child, _join(path, step), depth + 1)


def _values(leaf: Node) -> int:
    return len(leaf.in_ or ()) if isinstance(leaf, FieldIs) else 0


def _problems(
    node: Node, catalogue: Catalogue, path: str, table: str, depth: int, *, allow_segment: bool
) -> Iterator[Problem]:
    if depth > DEEPEST:
        yield Problem(path, Phrase("Conditions may be nested at most {at_most} deep.", at_most=DEEPEST))
        return
    if table == FACTS and not isinstance(node, All | AnyOf | Not | FieldIs):
        yield Problem(path, "Inside `where` stand only fields of the fact, joined by all, any and not.")
        return
    for step, child in node.children():
        yield from _problems(
            child, catalogue, _join(path, step), table, depth + 1, allow_segment=allow_segment
        )
    if isinstance(node, FieldIs):
        yield from _field_problems(node, catalogue, path, table)
    elif isinstance(node, Did):
        yield from _did_problems(node, catalogue, path, depth)
    elif isinstance(node, Stage) and catalogue.stages:
        yield from _unknown(node.stage, catalogue.stages, _join(path, "stage"), marked("stage"))
    elif isinstance(node, Segment) and not allow_segment:
        yield Problem(path, "A segment may not be named here; write its condition out.")
    elif isinstance(node, Segment) and catalogue.segments is not None:
        yield from _unknown([node.segment], catalogue.segments, _join(path, "segment"), marked("segment"))


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _unknown(names: Iterable[str], known: Iterable[str], path: str, word: str) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(
                path,
                Phrase(
                    "There is no {word} `{name}`.{nearest}",
                    word=Phrase(word),
                    name=name,
                    nearest=nearest(name, known),
                ),
            )


def _did_problems(node: Did, catalogue: Catalogue, path: str, depth: int) -> Iterator[Problem]:
    yield from _unknown(node.did, catalogue.kinds, _join(path, "did"), marked("kind of interaction"))
    if node.where is not None:
        yield from _problems(
            node.where, catalogue, _join(path, "where"), FACTS, depth + 1, allow_segment=False
        )


def _field_problems(node: FieldIs, catalogue: Catalogue, path: str, table: str) -> Iterator[Problem]:
    field = catalogue.find(node.field, table)
    if field is None:
        yield from _unknown([node.field], catalogue.names(table), _join(path, "field"), marked("field"))
        return
    path = _join(path, node.operator)
    if node.operator not in OPERATORS_OF[field.type]:
        fitting = ", ".join(OPERATORS_OF[field.type])
        yield Problem(
            path, Phrase("`{field}` is compared by one of: {fitting}.", field=node.field, fitting=fitting)
        )
        return
    yield from _value_problems(node, field, path)


def _value_problems(node: FieldIs, field: CatalogueField, path: str) -> Iterator[Problem]:
    if node.operator in ("within_days", "empty"):
        return
    operand = node.operand
    values = []
    for value in operand if isinstance(operand, tuple) else (operand,):
        try:
            values.append(fitted(value, field.type))
        except UnfitError as error:
            yield Problem(path, Phrase("`{field}` {error}.", field=node.field, error=error))
    choices = [value for value, _ in field.choices]
    if choices and node.operator != "contains":
        yield from _unknown(map(str, values), choices, path, Phrase("value of `{field}`", field=node.field))
    if node.operator == "between" and len(values) == len(operand) and not _ordered(values):
        yield Problem(path, "The first value is the smaller one.")


def _ordered(values: list[Any]) -> bool:
    low, high = values
    return str(low) <= str(high) if hasattr(low, "year") else bool(low <= high)
