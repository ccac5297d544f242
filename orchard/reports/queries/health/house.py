"""How the house is: database, ledger and its readers, who is alive, what waits to leave, lake, disk and memory."""

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
from django.db.migrations.executor import MigrationExecutor

from orchard.contacts import queries as contacts
from orchard.engine import lake
from orchard.interactions import queries as ledger
from orchard.interactions.types import WAITS_BEHIND, Consumer, Lane
from orchard.kit import clock
from orchard.outbox import queries as outbox
from orchard.outbox.models import Message
from orchard.watch import queries as watch
from orchard.watch.types import Beat, Slowness

LOW_DISK = 0.1
"""Share of the disk that should stay free."""

NO_DISK = 0.02
"""Share below which PostgreSQL may stop at any moment."""

LOW_MEMORY = 0.05
"""Share of the machine's memory that should stay free."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How many facts one consumer has yet to read in each lane, and when it last went on.

    `stands_since` is since when it could have gone on and has not, where something waits for it.
    """

    name: str
    named: str
    says: str
    lacks: str
    live: int
    bulk: int
    moved_at: datetime | None
    stands_since: datetime | None


@dataclass(frozen=True, slots=True)
class Parked:
    """A contact that one reader could not digest; `contact` is empty where the facts are about none.

    Where it only `waits`, an earlier fact of the same contact holds it up.
    """

    id: int
    contact_id: int
    contact: str
    reader: str
    named: str
    lacks: str
    lane: str
    error: str
    waits: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Database:
    """What answers, how fast (milliseconds), how large (bytes); its clock is `skew` seconds before ours."""

    version: str
    number: int
    milliseconds: float
    size: int
    skew: float
    migrations: int
    """Migrations of this version that it lacks."""


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

    @property
    def is_full(self) -> bool:
        """Whether it is nearly too late."""
        return self.free < NO_DISK * self.total


@dataclass(frozen=True, slots=True)
class Memory:
    """The machine's memory, in bytes."""

    total: int
    free: int

    @property
    def is_low(self) -> bool:
        """Whether programs will soon be stopped for want of it."""
        return self.free < LOW_MEMORY * self.total


@dataclass(frozen=True)
class Health:
    """Everything that an operator looks at."""

    version: str
    database: Database
    head: int
    unplaced: int
    readers: Sequence[Reader]
    stuck: Sequence[Parked]
    stuck_count: int
    outbox: outbox.Standing
    troubles: Sequence[Message]
    disk: Disk
    memory: Memory | None
    lake: lake.Standing
    beats: dict[str, Beat]
    slowest: Sequence[Slowness]


def health(consumers: Sequence[Consumer]) -> Health:
    """Return how the house is now; `consumers` are those that should be reading."""
    usage, head = shutil.disk_usage(settings.ORCHARD_HOME), ledger.head()
    return Health(
        metadata.version("orchard"),
        _database(),
        head,
        ledger.unplaced(),
        _readers(consumers, head),
        _parked(consumers),
        ledger.stuck_count(),
        outbox.standing(),
        outbox.troubles(),
        Disk(settings.ORCHARD_HOME, usage.total, usage.free),
        memory_of_machine(),
        lake.standing(),
        watch.beats(now=clock.now()),
        watch.slowest(now=clock.now()),
    )


def migrations_waiting() -> int:
    """Return how many migrations of this version the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def memory_of_machine() -> Memory | None:
    """Return the machine's memory, where it tells."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        kilobytes = {name: int(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)}
        return Memory(kilobytes["MemTotal"] * 1024, kilobytes["MemAvailable"] * 1024)
    except (OSError, KeyError, ValueError, IndexError):
        return None


def _database() -> Database:
    begun, asked = time.perf_counter(), clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), current_setting('server_version_num')::int")
        told, number = cursor.fetchone()
        seconds = time.perf_counter() - begun
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    skew = (told - asked).total_seconds() - seconds / 2
    return Database(version.split()[0], number, seconds * 1000, size, skew, migrations_waiting())


def _readers(consumers: Sequence[Consumer], head: int) -> list[Reader]:
    lags = {name: list(lanes) for name, lanes in groupby(ledger.lag(head), key=lambda lag: lag.consumer)}
    unread = ledger.oldest_unread()
    readers = []
    for consumer in consumers:
        lanes = {lag.lane: lag for lag in lags.get(consumer.name, [])}
        behind = {lane: lanes[lane].behind if lane in lanes else head for lane in Lane}
        moved = [lag.moved_at for lag in lanes.values() if lag.moved_at]
        stands = [
            max(unread[consumer.name, lag.lane], lag.moved_at or unread[consumer.name, lag.lane])
            for lag in lanes.values()
            if (consumer.name, lag.lane) in unread
        ]
        readers.append(
            Reader(
                consumer.name,
                consumer.named or consumer.name,
                consumer.says,
                consumer.lacks,
                behind[Lane.LIVE],
                behind[Lane.BULK],
                max(moved, default=None),
                min(stands, default=None),
            )
        )
    return readers


def _parked(consumers: Sequence[Consumer]) -> list[Parked]:
    rows, readers = ledger.stuck(), {each.name: each for each in consumers}
    names = contacts.names(row.contact_id for row in rows) if rows else {}
    found = []
    for row in rows:
        reader = readers.get(row.consumer)
        found.append(
            Parked(
                row.id,
                row.contact_id,
                names.get(row.contact_id, ""),
                row.consumer,
                reader.named if reader and reader.named else row.consumer,
                reader.lacks if reader else "",
                row.lane,
                row.error,
                row.error == WAITS_BEHIND,
                row.since,
            )
        )
    return found
