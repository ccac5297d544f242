"""How a changed verdict is told to the ledger: once per contact and causing fact, with version and reasons kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.kit.ids import as_array

QUALIFIED, LAPSED = "in", "out"
"""The direction of a `verdict.changed`: into the qualified, or out of them."""

_DIFFER = """
SELECT each.contact_id FROM unnest(%(ids)s::bigint[]) AS each (contact_id)
  LEFT JOIN verdict v USING (contact_id) LEFT JOIN verdict_announced a USING (contact_id)
 WHERE coalesce(v.qualified, false) <> coalesce(a.qualified, false)
   AND NOT EXISTS (SELECT FROM contact_alias old WHERE old.old_id = each.contact_id AND old.ended_by IS NULL)
"""
_LOCK = (
    "SELECT contact_id FROM verdict WHERE contact_id = ANY (%(ids)s::bigint[]) ORDER BY contact_id FOR UPDATE"
)
_ANNOUNCE = """
INSERT INTO verdict_announced (contact_id, qualified, version_id, total, lines, met, fresh_at, at)
SELECT each.contact_id, coalesce(v.qualified, false), coalesce(v.version_id, a.version_id), coalesce(v.total, 0),
       coalesce(v.lines, '{}'), coalesce(v.met, '{}'), v.fresh_at, %(now)s
  FROM unnest(%(ids)s::bigint[]) AS each (contact_id)
  LEFT JOIN verdict v USING (contact_id) LEFT JOIN verdict_announced a USING (contact_id)
 WHERE coalesce(v.qualified, false) <> coalesce(a.qualified, false)
   AND NOT EXISTS (SELECT FROM contact_alias old WHERE old.old_id = each.contact_id AND old.ended_by IS NULL)
 ORDER BY each.contact_id
ON CONFLICT (contact_id) DO UPDATE
   SET qualified = excluded.qualified, version_id = excluded.version_id, total = excluded.total,
       lines = excluded.lines, met = excluded.met, fresh_at = excluded.fresh_at, at = excluded.at, fact_id = NULL
 WHERE verdict_announced.qualified <> excluded.qualified
RETURNING contact_id, qualified, version_id
"""


def untold() -> list[int]:
    """Return whose verdict is another than was told last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM verdict v FULL JOIN verdict_announced a USING (contact_id)"
            " WHERE coalesce(v.qualified, false) <> coalesce(a.qualified, false) ORDER BY contact_id"
        )
        return [contact for (contact,) in cursor.fetchall()]


@transaction.atomic
def announce(
    *, causes: Mapping[int, str], now: datetime, lane: Lane | str = Lane.LIVE, import_id: int | None = None
) -> int:
    """Append `verdict.changed` for each contact whose verdict is another than was told last; return how many.

    `causes` names what caused each contact's assessment; the same contact and cause is told once, ever. The subject
    is the version, the direction `in` for who became qualified and `out` for whose verdict lapsed. Of an id that means
    another contact nothing is told: it would be that contact's fact, and the last word on it holds again once they
    are parted. The verdicts are locked while they are told, so that a late reader cannot tell an older one after a
    newer.
    """
    if not causes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER, {"ids": as_array(causes)})
        differ = [contact for (contact,) in cursor.fetchall()]
        if not differ:
            return 0
        cursor.execute(_LOCK, {"ids": as_array(differ)})
        cursor.execute(_ANNOUNCE, {"ids": as_array(differ), "now": now})
        told: Sequence[tuple[int, bool, int]] = cursor.fetchall()
        facts = append(
            [
                NewFact(
                    "verdict.changed",
                    now,
                    contact_id=contact,
                    subject=("agreement", version),
                    direction=QUALIFIED if qualified else LAPSED,
                    key=f"verdict.changed:{contact}:{causes[contact]}",
                )
                for contact, qualified, version in told
            ],
            now=now,
            lane=lane,
            import_id=import_id,
        )
        cursor.execute(
            """
            UPDATE verdict_announced a SET fact_id = g.fact_id
              FROM unnest(%s::bigint[], %s::bigint[]) AS g (contact_id, fact_id) WHERE a.contact_id = g.contact_id
            """,
            [[contact for contact, _, _ in told], facts],
        )
    return len(told)
