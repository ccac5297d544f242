"""The sequencer: gives committed facts their place in the one order, densely and once."""

from django.db import connection, transaction

from orchard.interactions.types import Lane
from orchard.kit import clock

# Statements taken at once; an import's statement holds up to 10,000 facts.
_STATEMENTS = 200

_PLACE = """
WITH taken AS (
    DELETE FROM ledger_noted
     WHERE id IN (SELECT id FROM ledger_noted WHERE told OR %(all)s ORDER BY id LIMIT %(statements)s)
    RETURNING ids, bulk
),
listed AS (SELECT unnest(ids) AS id, bulk FROM taken),
placed AS (
    INSERT INTO ledger_order (pos, interaction_id, bulk)
    SELECT %(head)s + row_number() OVER (ORDER BY id), id, bulk FROM listed
)
SELECT count(*), coalesce(bool_or(bulk), false) FROM listed
"""

# Readers of the bulk lane who have read to the end stay there: what is placed is not of their lane. Who reads just now
# is left alone.
_STAY_AT_END = """
UPDATE ledger_cursor c SET pos = %(head)s + %(placed)s, moved_at = %(now)s
  FROM (SELECT consumer FROM ledger_cursor WHERE lane = %(lane)s AND pos = %(head)s
         ORDER BY consumer FOR UPDATE SKIP LOCKED) idle
 WHERE c.lane = %(lane)s AND c.consumer = idle.consumer
"""


def place_told() -> int:
    """Give a place to what consumers told while they read, and leave for later what came from outside meanwhile."""
    return place(all_noted=False)


def place(*, all_noted: bool = True) -> int:
    """Give the next noted facts their places, in one short transaction; return how many got one.

    Only one process places at a time: the row of the head is locked. What is not committed yet is not noted yet,
    so a late writer is placed later and nobody's cursor passes it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_noted WHERE told OR %s)", [all_noted])
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pos FROM ledger_head WHERE id = 1 FOR UPDATE")
        (head,) = cursor.fetchone()
        cursor.execute(_PLACE, {"statements": _STATEMENTS, "head": head, "all": all_noted})
        placed, any_bulk = cursor.fetchone()
        if placed:
            cursor.execute("UPDATE ledger_head SET pos = pos + %s WHERE id = 1", [placed])
            cursor.execute("SELECT pg_notify('orchard_placed', '')")
        if any_bulk:
            cursor.execute("SELECT pg_notify('orchard_placed_in_bulk', '')")
        elif placed:
            cursor.execute(
                _STAY_AT_END, {"head": head, "placed": placed, "lane": Lane.BULK, "now": clock.now()}
            )
    return int(placed)
