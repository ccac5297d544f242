"""How a mistake is corrected: by a later fact that withdraws or moves an earlier one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from orchard.interactions.actions.append import append, append_new
from orchard.interactions.actions.words import give_words
from orchard.interactions.kinds import MOVABLE
from orchard.interactions.models import Correction, Interaction
from orchard.interactions.types import Lane, NewFact, UnknownFact
from orchard.kit.errors import Conflict, Refused
from orchard.kit.words import Phrase

_AT_ONCE = Phrase("Somebody else corrected this at the same moment. Look at it again.")


@transaction.atomic
def withdraw(
    *,
    interaction_ids: Sequence[int],
    now: datetime,
    member_id: int | None = None,
    lane: Lane = Lane.LIVE,
    import_id: int | None = None,
) -> int:
    """Take facts back; those already withdrawn are left out. Return how many were withdrawn now.

    Raises `Conflict` where somebody else corrects one of them at the same moment.
    """
    known = _standing(interaction_ids)
    facts = append(
        [
            NewFact(
                "fact.withdrawn",
                now,
                contact_id=each.contact_id,
                subject=("interaction", each.id),
                member_id=member_id,
            )
            for each in known
        ],
        now=now,
        lane=lane,
        import_id=import_id,
    )
    _correct([(each, None, fact) for each, fact in zip(known, facts, strict=True) if fact is not None])
    return len(known)


@transaction.atomic
def reassign(*, interaction_id: int, contact_id: int, now: datetime, member_id: int | None = None) -> None:
    """Move one fact to another living contact, and the words around it; both contacts learn of it.

    Raises `UnknownFact` where it is withdrawn, `Refused` where it is none of what contacts do, and `Conflict` where
    somebody else corrects it at the same moment.
    """
    standing = _standing([interaction_id])
    if not standing:
        raise UnknownFact("This entry is not there any more: it was withdrawn.")
    if not Interaction.objects.filter(id=interaction_id, kind__in=MOVABLE).exists():
        raise Refused("Only what a contact did can be moved to another, not what was done with the record.")
    (stood,) = standing
    concerned = [contact for contact in (contact_id, stood.contact_id) if contact is not None]
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
    _correct([(stood, contact_id, facts[0])])
    give_words(interaction_id=interaction_id, contact_id=contact_id)


class _Standing(NamedTuple):
    """A fact as it stands: with whom, and by which correction, if one says so."""

    id: int
    contact_id: int | None
    correction_id: int | None


def _standing(interaction_ids: Sequence[int]) -> list[_Standing]:
    """Return those that are in the ledger and not withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.id, coalesce(c.contact_id, i.contact_id), c.id FROM interaction i
              LEFT JOIN ledger_correction c ON c.interaction_id = i.id AND c.ended_by IS NULL
             WHERE i.id = ANY (%s) AND (c.id IS NULL OR c.contact_id IS NOT NULL) ORDER BY i.id
            """,
            [list(interaction_ids)],
        )
        return [_Standing(*row) for row in cursor.fetchall()]


def _correct(rows: Sequence[tuple[_Standing, int | None, int]]) -> None:
    """Let each stand with another contact, or with none, from this fact on, if it stands yet as it was found."""
    for stood, _, fact in rows:
        if stood.correction_id is not None and not Correction.objects.filter(
            id=stood.correction_id, ended_by__isnull=True
        ).update(ended_by=fact):
            raise Conflict(_AT_ONCE)
    made = [
        Correction(interaction_id=stood.id, contact_id=contact, made_by=fact) for stood, contact, fact in rows
    ]
    try:
        with transaction.atomic():
            Correction.objects.bulk_create(made, batch_size=5_000)
    except IntegrityError as error:
        raise Conflict(_AT_ONCE) from error
