"""How a new stage is told to the ledger: once per contact and causing fact, its number being the fact's subject."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from orchard.agreement.queries.terms import in_force
from orchard.agreement.types import STAGE_NUMBERS
from orchard.contacts.tables import CONTACTS
from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact

_NOW = f"""
SELECT contact_id, coalesce(s.stage, 'contact') AS stage, s.since
  FROM unnest(%(ids)s::bigint[]) AS each (contact_id)
  JOIN ({CONTACTS.source}) living USING (contact_id)
  LEFT JOIN stage s USING (contact_id) LEFT JOIN stage_announced a USING (contact_id)
 WHERE CASE WHEN a.stage IS NULL THEN s.stage NOT IN ('contact', 'engaged')
            ELSE a.stage <> coalesce(s.stage, 'contact') END
"""  # noqa: S608 - our own names
_LOCK = "SELECT FROM stage WHERE contact_id = ANY (%(ids)s) ORDER BY contact_id FOR UPDATE"
_TELL = f"""
WITH now AS ({_NOW}), told AS (
    INSERT INTO stage_announced AS a (contact_id, stage, version_id, at)
    SELECT contact_id, stage, %(version)s::bigint, %(now)s::timestamptz FROM now ORDER BY contact_id
    ON CONFLICT (contact_id) DO UPDATE
       SET stage = excluded.stage, version_id = excluded.version_id, at = excluded.at, fact_id = NULL
     WHERE a.stage <> excluded.stage
    RETURNING contact_id
)
SELECT contact_id, stage, coalesce(since, %(now)s::timestamptz) FROM now JOIN told USING (contact_id)
 ORDER BY contact_id
"""  # noqa: S608 - our own names
_LINK = """
UPDATE stage_announced a SET fact_id = g.fact_id
  FROM unnest(%s::bigint[], %s::bigint[]) AS g (contact_id, fact_id) WHERE a.contact_id = g.contact_id
"""


@transaction.atomic
def announce_stages(*, causes: Mapping[int, str], now: datetime, lane: Lane | str = Lane.LIVE) -> int:
    """Append `stage.entered` for each contact whose stage is another than was told last; return how many.

    `causes` names what caused each change; the same contact and cause is told once, ever. Nobody is told to be a mere
    contact or engaged who was never told to be more. The fact's time is that of the change.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"ids": list(causes)})
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        cursor.execute(_LOCK, {"ids": ids})
        force = in_force()
        cursor.execute(_TELL, {"ids": ids, "now": now, "version": force.version_id if force else None})
        told: list[tuple[int, str, datetime]] = cursor.fetchall()
        facts = append(
            [
                NewFact(
                    "stage.entered",
                    since,
                    contact_id=contact,
                    subject=("stage", STAGE_NUMBERS[stage]),
                    key=f"stage.entered:{contact}:{causes[contact]}",
                )
                for contact, stage, since in told
            ],
            now=now,
            lane=lane,
        )
        cursor.execute(_LINK, [[contact for contact, _, _ in told], facts])
    return len(told)


def told_to_be_mere(contact_ids: Collection[int]) -> set[int]:
    """Return who was last told to be a mere contact: their own interactions are worth telling."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM stage_announced WHERE contact_id = ANY (%s) AND stage = 'contact'",
            [list(contact_ids)],
        )
        return {contact for (contact,) in cursor.fetchall()}
