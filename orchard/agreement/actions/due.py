"""How time speaks through the ledger: a verdict whose hour has come is claimed, and a fact says so."""

from datetime import datetime

from django.db import connection, transaction

from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact

AT_ONCE = 1_000

_CLAIM = """
SELECT contact_id, due_at FROM verdict v
 WHERE due_at <= %(now)s AND contact_id > %(after)s
 ORDER BY contact_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""


def tell_due(*, now: datetime) -> int:
    """Append `verdict.due` for every contact whose verdict time may change by now; return how many.

    The same hour of the same contact is told once: what is told already waits for its assessment.
    """
    told, after = 0, 0
    while True:
        found, after = _tell_some(now, after)
        told += found
        if not after:
            return told


@transaction.atomic
def _tell_some(now: datetime, after: int) -> tuple[int, int]:
    """Tell of some contacts beyond `after`; return how many were told now, and the last one looked at (0: the end)."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "after": after, "limit": AT_ONCE})
        due = cursor.fetchall()
    facts = append(
        [
            NewFact("verdict.due", at, contact_id=contact, key=f"verdict.due:{contact}:{at.timestamp():.0f}")
            for contact, at in due
        ],
        now=now,
        lane=Lane.LIVE if len(due) < AT_ONCE else Lane.BULK,
    )
    told = sum(fact is not None for fact in facts)
    return told, due[-1][0] if len(due) == AT_ONCE else 0
