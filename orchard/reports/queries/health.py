"""How the house is: database, ledger and its readers, what is stuck, what waits to leave, and the disk."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db import connection

from orchard.interactions import queries as ledger
from orchard.interactions.models import Stuck
from orchard.interactions.types import Consumer, Lane
from orchard.outbox import queries as outbox
from orchard.outbox.models import Message

LOW_DISK = 0.1
"""Share of the disk that should stay free."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How many facts one consumer has yet to read in each lane, and when it last went on."""

    name: str
    says: str
    live: int
    bulk: int
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Database:
    """What answers, how fast (milliseconds), how large (bytes)."""

    version: str
    milliseconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the installation's data, in bytes."""

    home: Path
    total: int
    free: int

    @property
    def is_low(self) -> bool:
        """Whether somebody should make room."""
        return self.free < LOW_DISK * self.total


@dataclass(frozen=True)
class Health:
    """Everything that an operator looks at."""

    version: str
    database: Database
    head: int
    unplaced: int
    readers: Sequence[Reader]
    stuck: Sequence[Stuck]
    stuck_count: int
    outbox: outbox.Standing
    troubles: Sequence[Message]
    disk: Disk


def health(consumers: Sequence[Consumer]) -> Health:
    """Return how the house is now; `consumers` are those that should be reading."""
    usage = shutil.disk_usage(settings.ORCHARD_HOME)
    return Health(
        metadata.version("orchard"),
        _database(),
        ledger.head(),
        ledger.unplaced(),
        _readers(consumers),
        ledger.stuck(),
        ledger.stuck_count(),
        outbox.standing(),
        outbox.troubles(),
        Disk(settings.ORCHARD_HOME, usage.total, usage.free),
    )


def _database() -> Database:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return Database(version.split()[0], (time.perf_counter() - begun) * 1000, size)


def _readers(consumers: Sequence[Consumer]) -> list[Reader]:
    lags = {name: list(lanes) for name, lanes in groupby(ledger.lag(), key=lambda lag: lag.consumer)}
    head = ledger.head()
    readers = []
    for consumer in consumers:
        lanes = {lag.lane: lag for lag in lags.get(consumer.name, [])}
        behind = {lane: lanes[lane].behind if lane in lanes else head for lane in Lane}
        moved = [lag.moved_at for lag in lanes.values() if lag.moved_at]
        readers.append(
            Reader(
                consumer.name,
                consumer.says,
                behind[Lane.LIVE],
                behind[Lane.BULK],
                max(moved) if moved else None,
            )
        )
    return readers
