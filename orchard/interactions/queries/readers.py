"""How far the readers of the ledger are, what has no place yet, and what is stuck."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from orchard.interactions.models import Cursor, Head, Stuck


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one consumer is in one lane, and how many places it is behind."""

    consumer: str
    lane: str
    pos: int
    behind: int
    moved_at: datetime | None


def head() -> int:
    """Return the last place given."""
    return Head.objects.values_list("pos", flat=True).get(id=1)


def lag(last: int | None = None) -> list[Lag]:
    """Return how far each consumer is; `last` is the last place given, for who knows it already."""
    last = head() if last is None else last
    return [
        Lag(cursor.consumer, cursor.lane, cursor.pos, last - cursor.pos, cursor.moved_at)
        for cursor in Cursor.objects.order_by("consumer", "lane")
    ]


def oldest_unread() -> dict[tuple[str, str], datetime]:
    """Return when the oldest fact was recorded that a consumer has yet to read in a lane, where there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.consumer, c.lane, i.recorded_at
              FROM ledger_cursor c
             CROSS JOIN LATERAL (
                SELECT o.interaction_id FROM ledger_order o
                 WHERE o.pos > c.pos AND o.bulk = (c.lane = 'bulk') ORDER BY o.pos LIMIT 1) next
              JOIN interaction i ON i.id = next.interaction_id
             WHERE c.pos < (SELECT pos FROM ledger_head WHERE id = 1)
            """
        )
        return {(consumer, lane): at for consumer, lane, at in cursor.fetchall()}


def progress() -> int:
    """Return a number that grows whenever any consumer reads on."""
    return sum(Cursor.objects.values_list("pos", flat=True))


def cursor_of(consumer: str) -> tuple[int, int]:
    """Return how far a consumer has read the live and the bulk lane."""
    found = dict(Cursor.objects.filter(consumer=consumer).values_list("lane", "pos"))
    return found.get("live", 0), found.get("bulk", 0)


def is_read(consumers: Iterable[str]) -> bool:
    """Return whether these consumers have read everything, and nothing waits for its place."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT NOT EXISTS (SELECT FROM ledger_noted)
               AND NOT EXISTS (SELECT FROM ledger_cursor c, ledger_head h WHERE c.consumer = ANY (%s) AND c.pos < h.pos)
            """,
            [list(consumers)],
        )
        return bool(cursor.fetchone()[0])


def waiting(consumers: Iterable[str]) -> int:
    """Return how many facts the last of these consumers has yet to read, those without a place included."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT h.pos - coalesce((SELECT min(pos) FROM ledger_cursor WHERE consumer = ANY (%s)), h.pos)
                   + (SELECT coalesce(sum(cardinality(ids)), 0) FROM ledger_noted)
              FROM ledger_head h WHERE h.id = 1
            """,
            [list(consumers)],
        )
        return int(cursor.fetchone()[0])


def awaited_live(consumer: str, kinds: Collection[str]) -> set[int]:
    """Return the contacts of whom `consumer` has yet to read a fact of these kinds in the live lane."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT coalesce(a.living_id, i.contact_id)
              FROM ledger_order o
              JOIN interaction i ON i.id = o.interaction_id
              LEFT JOIN contact_alias a ON a.old_id = i.contact_id AND a.ended_by IS NULL
             WHERE NOT o.bulk AND i.contact_id IS NOT NULL AND i.kind = ANY (%s)
               AND o.pos > (SELECT pos FROM ledger_cursor WHERE consumer = %s AND lane = 'live')
            """,
            [list(kinds), consumer],
        )
        return {contact for (contact,) in cursor.fetchall()}


def unplaced() -> int:
    """Return how many noted statements wait for the sequencer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_noted")
        return int(cursor.fetchone()[0])


def stuck() -> list[Stuck]:
    """Return what is parked, oldest first."""
    return list(Stuck.objects.order_by("since", "id")[:200])


def stuck_count() -> int:
    """Return how many contacts are parked, over all consumers."""
    return Stuck.objects.values("consumer", "contact_id").distinct().count()
