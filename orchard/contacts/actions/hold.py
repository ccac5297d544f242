"""How contacts are held while somebody is at work with them, and let go: in the transaction of what holds them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from orchard.contacts.models import Hold
from orchard.kit.ids import as_array


class Held(NamedTuple):
    """A contact, what holds it, and which member is at work with it."""

    contact_id: int
    source_id: int
    member_id: int | None


def hold(holds: Iterable[Held], *, source_kind: str, now: datetime) -> None:
    """Hold each contact but who was erased; whom that source holds already is that member's from now on."""
    contacts, sources, members = [list(column) for column in zip(*holds, strict=True)] or ([], [], [])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contact_hold AS h (contact_id, source_kind, source_id, member_id, since)
            SELECT given.contact_id, %(kind)s, given.source_id, given.member_id, %(now)s
              FROM unnest(%(contacts)s::bigint[], %(sources)s::bigint[], %(members)s::bigint[])
                   AS given (contact_id, source_id, member_id)
              JOIN contact ON contact.id = given.contact_id AND contact.erased_at IS NULL
            ON CONFLICT (source_kind, source_id, contact_id) WHERE lifted_at IS NULL
            DO UPDATE SET member_id = excluded.member_id WHERE h.member_id IS DISTINCT FROM excluded.member_id
            """,
            {
                "kind": source_kind,
                "now": now,
                "contacts": as_array(contacts),
                "sources": as_array(sources),
                "members": as_array(members),
            },
        )


def lift(source_ids: Collection[int], *, source_kind: str, now: datetime) -> None:
    """Let go whom these sources hold."""
    Hold.objects.filter(
        source_kind=source_kind, source_id__in=list(source_ids), lifted_at__isnull=True
    ).update(lifted_at=now)
