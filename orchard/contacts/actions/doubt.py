"""How the review list fills: pairs that share a name and a company, or a phone. A member decides; nothing else does."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

# A switchboard's number or a common name would pair everybody with everybody.
_MOST_PER_CONTACT = 3

_NOTE = """
WITH fresh AS (SELECT id, account_id, person_key FROM contact WHERE id = ANY (%(ids)s)),
pairs AS (
    SELECT f.id AS one, other.id AS two, 'name and company' AS reason FROM fresh f CROSS JOIN LATERAL (
        SELECT c.id FROM contact c
         WHERE c.account_id = f.account_id AND c.person_key = f.person_key AND c.id <> f.id AND c.erased_at IS NULL
         ORDER BY c.id LIMIT %(most)s) other
    UNION ALL
    SELECT p.contact_id, other.contact_id, 'phone' FROM contact_phone p CROSS JOIN LATERAL (
        SELECT o.contact_id FROM contact_phone o
         WHERE o.normal = p.normal AND o.contact_id <> p.contact_id ORDER BY o.id LIMIT %(most)s) other
     WHERE p.contact_id = ANY (%(ids)s) AND p.normal IS NOT NULL
),
living AS (
    SELECT coalesce(a.living_id, one) AS one, coalesce(b.living_id, two) AS two, reason FROM pairs
      LEFT JOIN contact_alias a ON a.old_id = one AND a.ended_by IS NULL
      LEFT JOIN contact_alias b ON b.old_id = two AND b.ended_by IS NULL
)
INSERT INTO doubt (first_id, second_id, reasons, state, created_at)
SELECT least(one, two), greatest(one, two), array_agg(DISTINCT reason ORDER BY reason), 'open', %(now)s
  FROM living WHERE one <> two GROUP BY 1, 2
ON CONFLICT (first_id, second_id) DO NOTHING
"""


def note_doubts(contact_ids: Sequence[int], *, now: datetime) -> int:
    """Put pairs that may be one person on the review list, in the caller's transaction; return how many were new."""
    if not contact_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"ids": list(contact_ids), "most": _MOST_PER_CONTACT, "now": now})
        return int(cursor.rowcount)
