"""How two contact ids come to mean one living contact, and are separated again; no fact moves."""

from datetime import datetime

from django.db import transaction

from orchard.interactions.actions.append import append_new
from orchard.interactions.models import Alias
from orchard.interactions.types import NewFact
from orchard.kit.errors import Conflict


@transaction.atomic
def join(*, old_id: int, living_id: int, now: datetime, member_id: int | None = None) -> int:
    """Let `old_id`, and all that already meant it, mean `living_id`; return the id of the fact `contact.merged`."""
    if old_id == living_id or _means(living_id) != living_id or _means(old_id) != old_id:
        raise Conflict("One of these records was joined with another in the meantime. Look at them again.")
    (fact_id,) = append_new(
        [
            NewFact(
                "contact.merged", now, contact_id=living_id, subject=("contact", old_id), member_id=member_id
            )
        ],
        now=now,
    )
    followers = list(Alias.objects.select_for_update().filter(living_id=old_id, ended_by__isnull=True))
    Alias.objects.filter(id__in=[alias.id for alias in followers]).update(ended_by=fact_id)
    Alias.objects.bulk_create(
        [
            Alias(old_id=old, living_id=living_id, made_by=fact_id)
            for old in (old_id, *(alias.old_id for alias in followers))
        ]
    )
    return fact_id


@transaction.atomic
def separate(
    *, merge_fact_id: int, old_id: int, living_id: int, now: datetime, member_id: int | None = None
) -> int:
    """Undo the joining that `merge_fact_id` told; return the id of the fact `contact.unmerged` of the old contact."""
    made = Alias.objects.select_for_update().filter(made_by=merge_fact_id, ended_by__isnull=True)
    olds = [alias.old_id for alias in made]
    if old_id not in olds:
        raise Conflict("These records were joined with a third one since. Separate that one first.")
    ids = append_new(
        [
            NewFact(
                "contact.unmerged", now, contact_id=contact, subject=("contact", other), member_id=member_id
            )
            for contact, other in ((old_id, living_id), (living_id, old_id))
        ],
        now=now,
    )
    fact_id = ids[0]
    made.update(ended_by=fact_id)
    Alias.objects.bulk_create(
        [Alias(old_id=old, living_id=old_id, made_by=fact_id) for old in olds if old != old_id]
    )
    return fact_id


def _means(contact_id: int) -> int:
    row = (
        Alias.objects.filter(old_id=contact_id, ended_by__isnull=True)
        .values_list("living_id", flat=True)
        .first()
    )
    return row or contact_id
