"""The room's vocabulary: what a saved condition is, who uses it, and what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.engine.conditions import Condition
from orchard.engine.types import Problem
from orchard.kit.errors import Conflict, NotFound, Refused
from orchard.kit.words import together

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500


class UnknownSegment(NotFound):
    """There is no such segment."""


class InUse(Conflict):
    """Others name the segment."""


class BadSegment(Refused):
    """What was written is no segment; `problems` are all that is wrong with the condition."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Say the problems one after the other."""
        super().__init__(together(each.told for each in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Definition:
    """A saved condition as others are told it: what it is called and what it says."""

    id: int
    code: str
    name: str
    revision: int
    condition: Condition
    archived: bool = False


Definitions = Mapping[str, Definition]
"""Every saved condition by its code, those put away too: whoever still names one gets what it said."""


@dataclass(frozen=True, slots=True)
class Use:
    """Somebody who names a segment: a segment, or something of a room above."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the members of a segment are known: how many, for which revision, and how much is counted anew."""

    members: int
    is_counted: bool
    counted_at: datetime | None
    done: int
    of: int
