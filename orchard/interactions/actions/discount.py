"""How a member says that something which happened speaks for no lead, and how it counts again: facts, both of them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from orchard.interactions.actions.append import append_new
from orchard.interactions.actions.classes import keep_classes
from orchard.interactions.kinds import MACHINE_PRONE, SCORING
from orchard.interactions.models import Discount
from orchard.interactions.queries import discounted, facts_by_id, facts_of_kinds
from orchard.interactions.types import Fact, NewFact, NotUseful, UnknownDiscount, UnknownFact
from orchard.journal import actions as journal
from orchard.kit.errors import Refused


@transaction.atomic
def discount(
    *,
    interaction_ids: Sequence[int],
    contact_id: int,
    why: NotUseful | str,
    member_id: int,
    now: datetime,
) -> list[int]:
    """Let facts of a living contact count for nothing, in no score and no condition; they stand as they happened.

    Return the ids of what was said, in the order of the facts; a fact of which it was said before is left out. Raises
    `UnknownFact` where the contact has no such fact, `Refused` where one of them cannot speak for a lead anyhow.
    """
    reason = NotUseful(why)
    _hold(contact_id)
    known = facts_by_id(interaction_ids)
    for each in interaction_ids:
        if each not in known or known[each].contact_id != contact_id:
            raise UnknownFact(
                "This entry is not there any more: it was withdrawn, or moved to somebody else."
            )
        if known[each].kind not in SCORING:
            raise Refused("This cannot speak for a lead; there is nothing to take out of the score.")
    said = discounted(interaction_ids)
    fresh = [known[each] for each in dict.fromkeys(interaction_ids) if each not in said]
    told = _tell("fact.discounted", fresh, member_id=member_id, now=now)
    rows = Discount.objects.bulk_create(
        Discount(interaction_id=fact.id, why=reason, member_id=member_id, said_at=now, made_by=made_by)
        for fact, made_by in zip(fresh, told, strict=True)
    )
    _decide_anew(contact_id, fresh)
    if rows:
        journal.record(
            actor_id=member_id,
            action="contact.judged",
            subject=("contact", contact_id),
            details={"reason": reason.value, "entries": len(rows)},
            now=now,
        )
    return [row.pk for row in rows]


@transaction.atomic
def count_again(
    *, discount_id: int, contact_id: int, member_id: int, now: datetime, alone: bool = False
) -> int:
    """Let facts of a living contact count again, all judged in one breath or one `alone`; return how many.

    Raises `UnknownDiscount` where nothing of the kind is said any more.
    """
    first = Discount.objects.filter(id=discount_id).first()
    if first is None:
        raise UnknownDiscount("There is nothing to take back here.")
    stands = facts_by_id([first.interaction_id]).get(first.interaction_id)
    if stands is None or stands.contact_id != contact_id:
        raise UnknownFact("This entry is not there any more: it was withdrawn, or moved to somebody else.")
    _hold(contact_id)
    rows = list(
        Discount.objects.filter(
            member_id=first.member_id, said_at=first.said_at, why=first.why, ended_by__isnull=True
        ).order_by("id")
    )
    if first.pk not in {row.pk for row in rows}:
        raise UnknownDiscount("It counts again already.")
    rows = [row for row in rows if row.pk == first.pk] if alone else rows
    known = facts_by_id(row.interaction_id for row in rows)
    facts = [fact for fact in known.values() if fact.contact_id == contact_id]
    told = dict(
        zip(
            [fact.id for fact in facts],
            _tell("fact.counted", facts, member_id=member_id, now=now),
            strict=True,
        )
    )
    for row in rows:
        if row.interaction_id in told:
            row.ended_by = told[row.interaction_id]
    Discount.objects.bulk_update(rows, ["ended_by"])
    _decide_anew(contact_id, facts)
    journal.record(
        actor_id=member_id,
        action="contact.counted_again",
        subject=("contact", contact_id),
        details={"entries": len(facts)},
        now=now,
    )
    return len(facts)


def _tell(kind: str, facts: Sequence[Fact], *, member_id: int, now: datetime) -> list[int]:
    return append_new(
        [
            NewFact(
                kind,
                now,
                contact_id=fact.contact_id,
                account_id=fact.account_id,
                subject=("interaction", fact.id),
                member_id=member_id,
            )
            for fact in facts
        ],
        now=now,
    )


def _decide_anew(contact_id: int, facts: Sequence[Fact]) -> None:
    """Bring the classes up to date at once, as the reader of the ledger will do it again: whoever said it looks."""
    prone = any(fact.kind in MACHINE_PRONE for fact in facts)
    keep_classes(
        facts_of_kinds([contact_id], MACHINE_PRONE) if prone else [], said=[fact.id for fact in facts]
    )


def _hold(contact_id: int) -> None:
    """Let one of several who judge the same contact go after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('orchard.interactions.discount', %s))",
            [contact_id],
        )
