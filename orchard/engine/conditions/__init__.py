"""The one condition language: read it, check it, say it in words, and name its leaves."""

from orchard.engine.conditions.atoms import Atom, atoms, is_negated, kinds_named
from orchard.engine.conditions.checking import validate
from orchard.engine.conditions.reading import problems_of, read, schema, written
from orchard.engine.conditions.tree import (
    All,
    AnyOf,
    Condition,
    Did,
    FieldIs,
    Node,
    Not,
    Score,
    Segment,
    Stage,
)
from orchard.engine.conditions.wording import either, in_words, value_in_words

__all__ = [
    "All",
    "AnyOf",
    "Atom",
    "Condition",
    "Did",
    "FieldIs",
    "Node",
    "Not",
    "Score",
    "Segment",
    "Stage",
    "atoms",
    "either",
    "in_words",
    "is_negated",
    "kinds_named",
    "problems_of",
    "read",
    "schema",
    "validate",
    "value_in_words",
    "written",
]
