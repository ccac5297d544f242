"""How leads come and go: born for who became qualified, withdrawn when the verdict lapses, once per causing fact."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from orchard.agreement import queries as agreement
from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.leads.models import Lead
from orchard.leads.rules import stale_from
from orchard.leads.types import State


@transaction.atomic
def follow_verdicts(*, causes: Mapping[int, int], now: datetime, lane: Lane = Lane.LIVE) -> tuple[int, int]:
    """Bring the basket in line with what was told of these contacts; return how many leads came and how many went.

    `causes` names the `verdict.changed` of each contact. Who is qualified and has no open lead gets one; who is not
    any more loses the waiting one. The same fact never causes a second lead.
    """
    told = agreement.told_of(causes)
    qualified = {contact for contact, word in told.items() if word.qualified}
    gone = _withdraw(set(causes).difference(qualified), now=now, lane=lane)
    held = set(
        Lead.objects.filter(contact__in=qualified, state=State.WAITING).values_list("contact_id", flat=True)
    )
    return _bear(qualified.difference(held), told, causes, now=now, lane=lane), gone


@transaction.atomic
def follow_assessments(*, contact_ids: Collection[int]) -> int:
    """Note the score and freshness of the last assessment in the waiting leads of these contacts; return how many."""
    waiting = list(
        Lead.objects.filter(contact__in=list(contact_ids), state=State.WAITING).select_for_update()
    )
    known = agreement.assessed([lead.contact_id for lead in waiting])
    days = {lead.version_id: agreement.fresh_days_of(lead.version_id) for lead in waiting}
    changed = []
    for lead in waiting:
        word = known.get(lead.contact_id)
        if word is None or (word.total, word.fresh_at) == (lead.score, lead.fresh_at):
            continue
        lead.score, lead.fresh_at = word.total, word.fresh_at
        lead.stale_at = stale_from(
            fresh_at=word.fresh_at, fresh_days=days[lead.version_id], ripe_at=lead.ripe_at
        )
        changed.append(lead)
    return Lead.objects.bulk_update(changed, ["score", "fresh_at", "stale_at"], batch_size=1_000)


@transaction.atomic
def follow_merge(*, old_id: int, living_id: int, now: datetime, lane: Lane = Lane.LIVE) -> None:
    """Let the open lead of a contact that was joined with another go over to it, or end as merged where it has one."""
    waiting = Lead.objects.select_for_update().filter(contact__in=[old_id, living_id], state=State.WAITING)
    leads = {lead.contact_id: lead for lead in waiting}
    old = leads.get(old_id)
    if old is None:
        return
    if living_id not in leads:
        Lead.objects.filter(id=old.id).update(contact=living_id)
        return
    Lead.objects.filter(id=old.id).update(state=State.MERGED, closed_at=now)
    append([_fact("lead.withdrawn", old, living_id, now)], now=now, lane=lane)


def _bear(
    contact_ids: Collection[int],
    told: Mapping[int, agreement.Told],
    causes: Mapping[int, int],
    *,
    now: datetime,
    lane: Lane,
) -> int:
    accounts = agreement.assessed(contact_ids)
    leads = [
        Lead(
            contact_id=contact,
            account_id=accounts[contact].account_id if contact in accounts else None,
            state=State.WAITING,
            version_id=told[contact].version_id,
            total=told[contact].total,
            lines=told[contact].lines,
            met=told[contact].met,
            score=told[contact].total,
            cause_id=causes[contact],
            ripe_at=now,
            fresh_at=told[contact].fresh_at,
            stale_at=stale_from(
                fresh_at=told[contact].fresh_at, fresh_days=told[contact].fresh_days, ripe_at=now
            ),
            bulk=lane == Lane.BULK,
        )
        for contact in sorted(contact_ids)
    ]
    Lead.objects.bulk_create(leads, ignore_conflicts=True, batch_size=1_000)
    born = Lead.objects.filter(cause_id__in=[causes[contact] for contact in contact_ids])
    facts = [_fact("lead.waiting", lead, lead.contact_id, now) for lead in born]
    return sum(fact is not None for fact in append(facts, now=now, lane=lane))


def _withdraw(contact_ids: Collection[int], *, now: datetime, lane: Lane) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lead SET state = %s, closed_at = %s WHERE state = %s AND contact_id = ANY (%s) RETURNING id
            """,
            [State.WITHDRAWN, now, State.WAITING, list(contact_ids)],
        )
        ids = [identity for (identity,) in cursor.fetchall()]
    gone = Lead.objects.filter(id__in=ids)
    append([_fact("lead.withdrawn", lead, lead.contact_id, now) for lead in gone], now=now, lane=lane)
    return len(ids)


def _fact(kind: str, lead: Lead, contact_id: int, now: datetime) -> NewFact:
    return NewFact(
        kind,
        now,
        contact_id=contact_id,
        account_id=lead.account_id,
        subject=("lead", lead.pk),
        key=f"{kind}:{lead.pk}",
    )
