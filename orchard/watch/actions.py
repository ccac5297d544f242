"""How a process says that it is alive, and what was slow in it."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from orchard.kit import clock
from orchard.kit.slow import Slow
from orchard.watch.models import Heartbeat, SlowStatement
from orchard.watch.types import KEPT, MOST

# What nobody reads need not be on disk at once.
_HURRY = "SET LOCAL synchronous_commit = off"

_ADD = """
INSERT INTO watch_slow_statement (hour, digest, place, shape, times, total_ms, worst_ms)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (hour, digest, place) DO UPDATE
   SET times = watch_slow_statement.times + excluded.times,
       total_ms = watch_slow_statement.total_ms + excluded.total_ms,
       worst_ms = greatest(watch_slow_statement.worst_ms, excluded.worst_ms)
"""
_KEEP_SLOWEST = """
DELETE FROM watch_slow_statement WHERE id IN (SELECT id FROM watch_slow_statement ORDER BY worst_ms DESC OFFSET %s)
"""


def beat(
    *,
    part: str,
    host: str,
    pid: int,
    memory: int,
    now: datetime,
    doing: str = "",
    doing_since: datetime | None = None,
) -> None:
    """Say that a process is alive, and forget those that were not for a day."""
    with transaction.atomic():
        _hurry()
        Heartbeat.objects.update_or_create(
            part=part,
            host=host[:120],
            pid=pid,
            defaults={"seen_at": now, "doing": doing, "doing_since": doing_since, "memory": memory},
        )
        Heartbeat.objects.filter(seen_at__lt=now - KEPT).delete()


def keep_slow(found: Iterable[Slow], *, now: datetime) -> None:
    """Keep which statements were slow; a bounded number of the slowest, for a day."""
    hour = clock.full_hour(now)
    rows = [
        (hour, _digest(one.shape), one.place[:80], one.shape, one.times, one.total_ms, one.worst_ms)
        for one in sorted(found, key=lambda one: (one.shape, one.place))
    ]
    if not rows:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        _hurry()
        cursor.executemany(_ADD, rows)
        SlowStatement.objects.filter(hour__lte=now - KEPT).delete()
        cursor.execute(_KEEP_SLOWEST, [MOST])


def _hurry() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HURRY)


def _digest(shape: str) -> str:
    return sha256(shape.encode()).hexdigest()[:32]
