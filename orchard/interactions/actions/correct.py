"""How a mistake is corrected: by a later fact that withdraws or moves an earlier one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from orchard.interactions.actions.append import append, append_new
from orchard.interactions.actions.words import give_words
from orchard.interactions.kinds import MOVABLE
from orchard.interactions.models import Correction, Interaction
from orchard.interactions.types import Lane, NewFact, UnknownFact
from orchard.kit.errors import Refused


@transaction.atomic
def withdraw(
    *,
    interaction_ids: Sequence[int],
    now: datetime,
    member_id: int | None = None,
    lane: Lane = Lane.LIVE,
    import_id: int | None = None,
) -> int:
    """Take facts back; those already withdrawn are left out. Return how many were withdrawn now."""
    known = _standing(interaction_ids)
    facts = append(
        [
            NewFact(
                "fact.withdrawn",
                now,
                contact_id=contact_id,
                subject=("interaction", identity),
                member_id=member_id,
            )
            for identity, contact_id in known
        ],
        now=now,
        lane=lane,
        import_id=import_id,
    )
    _correct(
        [(identity, None, fact) for (identity, _), fact in zip(known, facts, strict=True) if fact is not None]
    )
    return len(known)


@transaction.atomic
def reassign(*, interaction_id: int, contact_id: int, now: datetime, member_id: int | None = None) -> None:
    """Move one fact to another living contact, and the words around it; both contacts learn of it.

    Raises `UnknownFact` where it is withdrawn, `Refused` where it is none of what contacts do.
    """
    standing = _standing([interaction_id])
    if not standing:
        raise UnknownFact("This entry is not there any more: it was withdrawn.")
    if not Interaction.objects.filter(id=interaction_id, kind__in=MOVABLE).exists():
        raise Refused("Only what a contact did can be moved to another, not what was done with the record.")
    ((_, before),) = standing
    concerned = [contact for contact in (contact_id, before) if contact is not None]
    facts = append_new(
        [
            NewFact(
                "fact.reassigned",
                now,
                contact_id=each,
                subject=("interaction", interaction_id),
                member_id=member_id,
            )
            for each in concerned
        ],
        now=now,
    )
    _correct([(interaction_id, contact_id, facts[0])])
    give_words(interaction_id=interaction_id, contact_id=contact_id)


def _standing(interaction_ids: Sequence[int]) -> list[tuple[int, int | None]]:
    """Return (id, contact as of now) of those in the ledger that are not withdrawn; nobody else corrects them now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM interaction WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE",
            [list(interaction_ids)],
        )
        cursor.execute(
            """
            SELECT i.id, coalesce(c.contact_id, i.contact_id) FROM interaction i
              LEFT JOIN ledger_correction c ON c.interaction_id = i.id AND c.ended_by IS NULL
             WHERE i.id = ANY (%s) AND (c.id IS NULL OR c.contact_id IS NOT NULL) ORDER BY i.id
            """,
            [list(interaction_ids)],
        )
        return list(cursor.fetchall())


def _correct(rows: Sequence[tuple[int, int | None, int]]) -> None:
    for_ids = [identity for identity, _, _ in rows]
    made_by = {identity: fact for identity, _, fact in rows}
    for earlier in Correction.objects.filter(interaction_id__in=for_ids, ended_by__isnull=True):
        Correction.objects.filter(id=earlier.id).update(ended_by=made_by[earlier.interaction_id])
    Correction.objects.bulk_create(
        [
            Correction(interaction_id=identity, contact_id=contact, made_by=fact)
            for identity, contact, fact in rows
        ],
        batch_size=5_000,
    )
