"""What a condition yields for each contact, and what the rooms above lay beside a contact's fields for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any, Protocol

from orchard.engine.types import Part


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether something holds (a boolean column, never null), and when time alone changes that.

    `changes_at` is a bigint column: microseconds since 1970 UTC of the first full hour strictly after now at
    which the answer is another with no new fact; null, or None for the whole column, means never.
    """

    holds: Any
    changes_at: Any = None


class Beside(Protocol):
    """What the rooms above put beside the fields of a contact; asked only for what a condition names."""

    def score(self, part: Part, least: int | None, most: int | None) -> Truth:
        """Return whether the score lies within the bounds (millionths of a point, both inclusive)."""
        ...

    def stage(self) -> Any:
        """Return the text column of the lifecycle stage."""
        ...

    def anchor(self, name: str) -> Any:
        """Return the timestamp column of the contact's `last_return` or last `offer`, null where none was."""
        ...

    def segment(self, name: str) -> Truth:
        """Return whether the contact is a member of a saved condition."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """`Beside` out of columns that are already there; a score given so is taken not to change by time."""

    scores: Mapping[str, Any] = field(default_factory=dict)
    stages: Any = None
    anchors: Mapping[str, Any] = field(default_factory=dict)
    segments: Mapping[str, Truth] = field(default_factory=dict)

    def score(self, part: Part, least: int | None, most: int | None) -> Truth:
        """Compare the column given for `part`."""
        column = self.scores[part]
        bounds = [column >= least] if least is not None else []
        bounds += [column <= most] if most is not None else []
        return Truth(reduce(and_, bounds))

    def stage(self) -> Any:
        """Return the column given."""
        if self.stages is None:
            raise LookupError("A condition names a stage, and no column of stages was given.")
        return self.stages

    def anchor(self, name: str) -> Any:
        """Return the column given for `name`."""
        return self.anchors[name]

    def segment(self, name: str) -> Truth:
        """Return the truth given for `name`."""
        return self.segments[name]
