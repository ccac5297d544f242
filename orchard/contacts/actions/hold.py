"""How contacts are held while somebody is at work with them, and let go: in the transaction of what holds them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from orchard.contacts.models import Hold
from orchard.kit.ids import as_array


def hold(holds: Iterable[tuple[int, int]], *, source_kind: str, now: datetime) -> None:
    """Hold each (contact id, source id); who is held by that source already stays so, who was erased is not."""
    contacts, sources = [list(column) for column in zip(*holds, strict=True)] or ([], [])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contact_hold (contact_id, source_kind, source_id, since)
            SELECT given.contact_id, %(kind)s, given.source_id, %(now)s
              FROM unnest(%(contacts)s::bigint[], %(sources)s::bigint[]) AS given (contact_id, source_id)
              JOIN contact ON contact.id = given.contact_id AND contact.erased_at IS NULL
            ON CONFLICT DO NOTHING
            """,
            {"kind": source_kind, "now": now, "contacts": as_array(contacts), "sources": as_array(sources)},
        )


def lift(source_ids: Collection[int], *, source_kind: str, now: datetime) -> None:
    """Let go whom these sources hold."""
    Hold.objects.filter(
        source_kind=source_kind, source_id__in=list(source_ids), lifted_at__isnull=True
    ).update(lifted_at=now)
