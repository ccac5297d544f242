"""The vocabulary of imports: their states, what they counted, and how they may fail."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from orchard.kit.errors import Conflict

# Rows stored together.
CHUNK = 10_000

# An import whose process says nothing for this long is taken over by another.
LEASE = timedelta(minutes=2)


class State(StrEnum):
    """Where an import stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def under_way(self) -> bool:
        """Whether something is still going to happen by itself."""
        return self in {State.QUEUED, State.RUNNING, State.CANCELLING, State.UNDOING}


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of rows: `rows` is the sum of the four outcomes, `interactions` the facts that are new."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    interactions: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Add up two chunks."""
        return Counts(
            self.rows + other.rows,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.interactions + other.interactions,
        )


class Lost(Conflict):
    """This process does not hold the import any more: it was cancelled, or another process took it over."""
