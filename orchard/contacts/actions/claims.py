"""How a batch learns who owns the addresses, ids and profiles that its rows name."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection

from orchard.contacts.models import SuppressedAddress
from orchard.contacts.rules import Claim, Key
from orchard.contacts.types import IncomingRow
from orchard.kit.ids import keyed_hash

_LIVING = "LEFT JOIN contact_alias a ON a.old_id = {owner} AND a.ended_by IS NULL"
_ERASED = "This person asked to be erased. The row was left out, and nothing of it was kept."


def suppression_hash(normal: str) -> UUID:
    """Return the keyed hash by which a normalised address is remembered after its erasure."""
    return keyed_hash(normal, key=settings.SECRET_KEY.encode(), purpose="suppressed")


def keys_of(rows: Sequence[IncomingRow], columns: Sequence[str]) -> list[list[Key]]:
    """Return the keys that each row names."""
    profile = columns.index("linkedin_slug") if "linkedin_slug" in columns else None
    keys: list[list[Key]] = []
    for row in rows:
        mine: list[Key] = [("id", *each) for each in row.ids]
        mine += [("email", normal) for _, normal in row.emails]
        if profile is not None and row.contact[profile]:
            mine.append(("linkedin", row.contact[profile]))
        keys.append(mine)
    return keys


def claim_of(keys: Sequence[Sequence[Key]]) -> Claim:
    """Return who owns those of the keys that are known, merged records standing for the living one."""
    wanted = {key for mine in keys for key in mine}
    claim = Claim({})
    owners = claim.owners
    with connection.cursor() as cursor:
        emails = sorted(key[1] for key in wanted if key[0] == "email")
        if emails:
            cursor.execute(
                "SELECT e.normal, coalesce(a.living_id, e.contact_id) FROM contact_email e "
                f"{_LIVING.format(owner='e.contact_id')} WHERE e.normal = ANY (%s)",
                [emails],
            )
            owners.update((("email", normal), owner) for normal, owner in cursor.fetchall())
        slugs = sorted(key[1] for key in wanted if key[0] == "linkedin")
        if slugs:
            cursor.execute(
                "SELECT c.linkedin_slug, coalesce(a.living_id, c.id) FROM contact c "
                f"{_LIVING.format(owner='c.id')} WHERE c.linkedin_slug = ANY (%s)",
                [slugs],
            )
            owners.update((("linkedin", slug), owner) for slug, owner in cursor.fetchall())
        sources = sorted({key[1] for key in wanted if key[0] == "id"})
        for source in sources:
            values = sorted(key[2] for key in wanted if key[0] == "id" and key[1] == source)
            cursor.execute(
                "SELECT x.value, coalesce(a.living_id, x.contact_id) FROM contact_external_id x "
                f"{_LIVING.format(owner='x.contact_id')} WHERE x.source = %s AND x.value = ANY (%s)",
                [source, values],
            )
            found = cursor.fetchall()
            owners.update((("id", source, value), owner) for value, owner in found)
            claim.has_id_in.update((owner, source) for _, owner in found)
        if sources:
            _add_sources(claim, sources)
    return claim


def _add_sources(claim: Claim, sources: Sequence[str]) -> None:
    """Note for owners found by address or profile in which of the sources they have an id under another value."""
    unsure = sorted(
        {owner for owner in claim.owners.values() if any((owner, s) not in claim.has_id_in for s in sources)}
    )
    if not unsure:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.living_id, x.source FROM (
                SELECT unnest(%(ids)s) AS id, unnest(%(ids)s) AS living_id UNION ALL
                SELECT old_id, living_id FROM contact_alias WHERE living_id = ANY (%(ids)s) AND ended_by IS NULL
            ) o JOIN contact_external_id x ON x.contact_id = o.id WHERE x.source = ANY (%(sources)s)
            """,
            {"ids": unsure, "sources": list(sources)},
        )
        claim.has_id_in.update(cursor.fetchall())


def erased_rows(rows: Sequence[IncomingRow]) -> dict[int, str]:
    """Return, by place, why rows of people who asked to be erased are left out."""
    erased = SuppressedAddress.objects.filter(reason=SuppressedAddress.Reason.ERASED)
    if not erased.exists():
        return {}
    hashes = [{suppression_hash(normal) for _, normal in row.emails} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hash FROM suppressed_address WHERE reason = 'erased' AND hash = ANY (%s)",
            [[each for mine in hashes for each in mine]],
        )
        gone = {row[0] for row in cursor.fetchall()}
    return {place: _ERASED for place, mine in enumerate(hashes) if mine & gone}
