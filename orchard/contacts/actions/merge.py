"""How two contacts are declared one and parted again: an alias, filled fields remembered, no row moved."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from orchard.contacts.actions.change import living_contact, write_changes
from orchard.contacts.models import Contact, Doubt, Merge
from orchard.contacts.rules import merging
from orchard.contacts.types import Clash, Gone, Invalid, Unmerged
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.journal import actions as journal


@transaction.atomic
def merge(*, survivor_id: int, loser_id: int, now: datetime, actor_id: int | None) -> int:
    """Let the loser mean the survivor, fill the survivor's empty fields, and return the id of the merge."""
    living = facts.living([survivor_id, loser_id])
    if living[survivor_id] == living[loser_id]:
        raise Invalid("These two are one contact already.")
    if set(living.values()) != {survivor_id, loser_id}:
        raise Clash("One of these records was merged with another in the meantime. Look at them again.")
    records = {contact: living_contact(contact) for contact in sorted((survivor_id, loser_id))}
    survivor, loser = records[survivor_id], records[loser_id]
    filled = merging.fills(field_values(survivor), field_values(loser))
    fact_id = ledger.join(old_id=loser.id, living_id=survivor.id, now=now, member_id=actor_id)
    write_changes(survivor, filled, now=now, member_id=actor_id, fact_id=fact_id, derive=False)
    merged = Merge.objects.create(
        survivor=survivor, loser=loser, filled=filled, fact_id=fact_id, at=now, member_id=actor_id
    )
    _settle_doubts(survivor.id, now, actor_id)
    journal.record(
        actor_id=actor_id,
        action="contact.merged",
        subject=("contact", survivor.id),
        details={"merge": merged.id, "loser": loser.id, "filled": sorted(filled)},
        now=now,
    )
    return merged.id


@transaction.atomic
def unmerge(*, merge_id: int, now: datetime, actor_id: int | None) -> Unmerged:
    """Part two contacts again: both as before, but for fields that were changed since, which are named.

    Raises `Clash` where the survivor was itself merged into a third one since.
    """
    merged = Merge.objects.select_for_update().filter(id=merge_id, undone_at__isnull=True).first()
    if merged is None:
        raise Gone("This merge is not there any more: it was undone, or the contact was erased.")
    _refuse_entangled(merged)
    survivor = living_contact(merged.survivor_id)
    back, changed = merging.gives_back(merged.filled, field_values(survivor))
    parting = ledger.separate(
        merge_fact_id=merged.fact_id,
        old_id=merged.loser_id,
        living_id=merged.survivor_id,
        now=now,
        member_id=actor_id,
    )
    # What had been merged into the loser before means the loser again, by the word of this fact.
    Merge.objects.filter(survivor=merged.loser_id, undone_at__isnull=True).update(fact_id=parting)
    write_changes(survivor, dict.fromkeys(back), now=now, member_id=actor_id, fact_id=parting, derive=False)
    Merge.objects.filter(id=merged.id).update(undone_at=now)
    journal.record(
        actor_id=actor_id,
        action="contact.unmerged",
        subject=("contact", survivor.id),
        details={"merge": merged.id, "loser": merged.loser_id, "changed_since": changed},
        now=now,
    )
    return Unmerged(merged.survivor_id, merged.loser_id, changed)


@transaction.atomic
def decide_doubt(
    *, doubt_id: int, same: bool, now: datetime, actor_id: int | None, survivor_id: int | None = None
) -> int | None:
    """Decide about a pair of the review list: merge it (the older record survives, or the one named) or keep it apart.

    Returns the id of the merge, or None. Raises `Clash` where somebody decided first.
    """
    doubt = Doubt.objects.select_for_update().filter(id=doubt_id, state=Doubt.State.OPEN).first()
    if doubt is None:
        raise Clash("Somebody else decided about this pair already.")
    if not same:
        Doubt.objects.filter(id=doubt.id).update(
            state=Doubt.State.KEPT_APART, decided_by=actor_id, decided_at=now
        )
        journal.record(actor_id=actor_id, action="doubt.kept_apart", subject=("doubt", doubt.id), now=now)
        return None
    living = facts.living([doubt.first_id, doubt.second_id])
    first, second = living[doubt.first_id], living[doubt.second_id]
    if survivor_id in {second, doubt.second_id}:
        first, second = second, first
    return merge(survivor_id=first, loser_id=second, now=now, actor_id=actor_id)


@transaction.atomic
def reopen_doubt(*, doubt_id: int, now: datetime, actor_id: int | None) -> None:
    """Let a pair that was kept apart wait for a member's word again."""
    apart = Doubt.objects.filter(id=doubt_id, state=Doubt.State.KEPT_APART)
    if not apart.update(state=Doubt.State.OPEN, decided_by=None, decided_at=None):
        raise Gone("Nobody kept this pair apart; there is nothing to undo.")
    journal.record(actor_id=actor_id, action="doubt.reopened", subject=("doubt", doubt_id), now=now)


def field_values(contact: Contact) -> dict[str, Any]:
    """Return the fields of a contact that a merge may fill, own fields as `custom.NAME`."""
    values = {name: getattr(contact, name) for name in merging.FILLED}
    return values | {f"custom.{name}": value for name, value in contact.custom.items()}


def _settle_doubts(survivor_id: int, now: datetime, actor_id: int | None) -> None:
    groups = facts.all_ids([survivor_id])
    Doubt.objects.filter(state=Doubt.State.OPEN, first__in=list(groups), second__in=list(groups)).update(
        state=Doubt.State.MERGED, decided_by=actor_id, decided_at=now
    )


def _refuse_entangled(merged: Merge) -> None:
    """Part only what this merge alone joined, or others would be torn from their contact with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT old_id FROM contact_alias WHERE made_by = %s AND ended_by IS NULL", [merged.fact_id]
        )
        joined = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            """
            WITH RECURSIVE below (id) AS (
                SELECT %s::bigint UNION
                SELECT m.loser_id FROM contact_merge m JOIN below ON m.survivor_id = below.id WHERE m.undone_at IS NULL
            )
            SELECT id FROM below
            """,
            [merged.loser_id],
        )
        own = {row[0] for row in cursor.fetchall()}
    if joined != own:
        raise Clash("These records were joined with a third one since. Separate that one first.")
