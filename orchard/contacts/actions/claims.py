"""How a batch learns who owns the addresses, ids and profiles that its rows name."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection

from orchard.contacts.models import SuppressedAddress
from orchard.contacts.rules import Claim, Key
from orchard.contacts.types import IncomingRow
from orchard.kit.ids import keyed_hash
from orchard.kit.words import marked

_ERASED = marked("This person asked to be erased. The row was left out, and nothing of it was kept.")

# Owners as they are now: a merged record stands for the living one. Normal forms and ids hold no line end, so that
# a list of them can be one text, which is written several times faster than an array.
_BY_EMAIL = """
SELECT e.normal, coalesce(a.living_id, e.contact_id) FROM contact_email e
  LEFT JOIN contact_alias a ON a.old_id = e.contact_id AND a.ended_by IS NULL
 WHERE e.normal = ANY (string_to_array(%s, chr(10)))
"""
_BY_PROFILE = """
SELECT c.linkedin_slug, coalesce(a.living_id, c.id) FROM contact c
  LEFT JOIN contact_alias a ON a.old_id = c.id AND a.ended_by IS NULL
 WHERE c.linkedin_slug = ANY (string_to_array(%s, chr(10)))
"""
_BY_ID = """
SELECT x.value, coalesce(a.living_id, x.contact_id) FROM contact_external_id x
  LEFT JOIN contact_alias a ON a.old_id = x.contact_id AND a.ended_by IS NULL
 WHERE x.source = %s AND x.value = ANY (string_to_array(%s, chr(10)))
"""
_SOURCES = """
SELECT o.living_id, x.source FROM (
    SELECT unnest(%(ids)s) AS id, unnest(%(ids)s) AS living_id UNION ALL
    SELECT old_id, living_id FROM contact_alias WHERE living_id = ANY (%(ids)s) AND ended_by IS NULL
) o JOIN contact_external_id x ON x.contact_id = o.id WHERE x.source = ANY (%(sources)s)
"""


def suppression_hash(normal: str) -> UUID:
    """Return the keyed hash by which a normalised address is remembered after its erasure."""
    return keyed_hash(normal, key=settings.SECRET_KEY.encode(), purpose="suppressed")


def keys_of(rows: Iterable[IncomingRow], columns: Sequence[str]) -> list[list[Key]]:
    """Return the keys that each row names."""
    profile = columns.index("linkedin_slug") if "linkedin_slug" in columns else None
    if profile is None:
        return [[*row.ids, *(normal for _, normal in row.emails)] for row in rows]
    return [
        [*row.ids, *(normal for _, normal in row.emails), *filter(None, (row.contact[profile],))]
        for row in rows
    ]


def claim_of(keys: Iterable[Sequence[Key]]) -> Claim:
    """Return who owns those of the keys that are known, merged records standing for the living one."""
    texts: set[str] = set()
    ids: dict[str, set[str]] = {}
    for mine in keys:
        for key in mine:
            if isinstance(key, str):
                texts.add(key)
            else:
                ids.setdefault(key[0], set()).add(key[1])
    claim = Claim({})
    with connection.cursor() as cursor:
        if emails := sorted(text for text in texts if "@" in text):
            cursor.execute(_BY_EMAIL, ["\n".join(emails)])
            claim.owners.update(cursor.fetchall())
        if slugs := sorted(text for text in texts if "@" not in text):
            cursor.execute(_BY_PROFILE, ["\n".join(slugs)])
            claim.owners.update(cursor.fetchall())
        for source, values in ids.items():
            cursor.execute(_BY_ID, [source, "\n".join(sorted(values))])
            for value, owner in cursor.fetchall():
                claim.owners[source, value] = owner
                claim.has_id_in.add((owner, source))
        unsure = {
            owner
            for owner in claim.owners.values()
            for source in ids
            if (owner, source) not in claim.has_id_in
        }
        if unsure:
            cursor.execute(_SOURCES, {"ids": sorted(unsure), "sources": list(ids)})
            claim.has_id_in.update(cursor.fetchall())
    return claim


def erased_rows(rows: Sequence[IncomingRow]) -> dict[int, str]:
    """Return, by place, why rows of people who asked to be erased are left out."""
    if not SuppressedAddress.objects.filter(reason=SuppressedAddress.Reason.ERASED).exists():
        return {}
    hashes = [{suppression_hash(normal) for _, normal in row.emails} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hash FROM suppressed_address WHERE reason = 'erased' AND hash = ANY (%s)",
            [[each for mine in hashes for each in mine]],
        )
        gone = {row[0] for row in cursor.fetchall()}
    return {place: _ERASED for place, mine in enumerate(hashes) if mine & gone}
