"""Everything that writes content."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from orchard.content.models import Content
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused

_REF_LIMIT = 200


@transaction.atomic
def create_content(
    *,
    title: str,
    now: datetime,
    actor_id: int | None,
    type: str = "",  # noqa: A002 - the word of conditions: content.type
    external_ref: str | None = None,
    url: str = "",
) -> int:
    """Add a piece of content and return its id; another system's reference to it belongs to one piece."""
    if not title.strip():
        raise Refused("Give the title.")
    if url and not url.startswith(("https://", "http://")):
        raise Refused("A link begins with https://.")
    try:
        with transaction.atomic():
            content = Content.objects.create(
                title=title.strip(), type=type, external_ref=external_ref or None, url=url, created_at=now
            )
    except IntegrityError as error:
        raise Conflict(
            "Another piece has the reference “{external_ref}”.", external_ref=external_ref
        ) from error
    journal.record(actor_id=actor_id, action="content.created", subject=("content", content.id), now=now)
    return content.id


@transaction.atomic
def ensure_contents(references: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return the piece that each reference of another system means, making those that nobody knows.

    A blank reference, or one of more than 200 characters, is left out.
    """
    refs = sorted({ref for ref in references if ref and ref.strip() and len(ref) <= _REF_LIMIT})
    if not refs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO content (title, type, external_ref, url, created_at)
            SELECT r, '', r, '', %s FROM unnest(%s::text[]) r
             WHERE NOT EXISTS (SELECT FROM content c WHERE c.external_ref = r)
            ON CONFLICT DO NOTHING
            """,
            [now, refs],
        )
    found = Content.objects.filter(external_ref__in=refs).values_list("external_ref", "id")
    return {ref: content_id for ref, content_id in found if ref is not None}
