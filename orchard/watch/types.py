"""The room's vocabulary: a process that tells it is alive, and a shape of statements that was slow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY = timedelta(seconds=15)
"""How often a process says that it is alive."""

SILENT = timedelta(seconds=60)
"""A process that has said nothing for so long is not there."""

KEPT = timedelta(hours=24)
"""How long both is remembered."""

MOST = 2_000
"""Rows of slow statements that are kept, the slowest."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One part of the house: how many processes live, when one was last seen, what the busiest does since when."""

    part: str
    alive: int
    seen_at: datetime
    doing: str
    doing_since: datetime | None
    memory: int
    """Bytes of all that live."""


@dataclass(frozen=True, slots=True)
class Slowness:
    """One shape of statements at one place over the last day, in milliseconds."""

    shape: str
    place: str
    times: int
    mean_ms: float
    worst_ms: float
