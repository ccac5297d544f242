"""How leads come and go: born for who became qualified, withdrawn when the verdict lapses, once per causing fact."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from orchard.agreement import queries as agreement
from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.kit.ids import as_array
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
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, contact_id, version_id, ripe_at, score, fresh_at FROM lead
             WHERE state = %s AND contact_id = ANY (%s::bigint[]) ORDER BY id FOR UPDATE
            """,
            [State.WAITING, as_array(contact_ids)],
        )
        waiting = cursor.fetchall()
        known = agreement.assessed([row[1] for row in waiting])
        days = {version: agreement.fresh_days_of(version) for version in {row[2] for row in waiting}}
        changed = [
            (
                lead,
                word.total,
                word.fresh_at,
                stale_from(fresh_at=word.fresh_at, fresh_days=days[version], ripe_at=ripe),
            )
            for lead, contact, version, ripe, score, fresh_at in waiting
            if (word := known.get(contact)) and (word.total, word.fresh_at) != (score, fresh_at)
        ]
        if not changed:
            return 0
        cursor.execute(
            """
            UPDATE lead l SET score = g.score, fresh_at = g.fresh_at, stale_at = g.stale_at
              FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
                AS g (id, score, fresh_at, stale_at) WHERE l.id = g.id
            """,
            [list(column) for column in zip(*changed, strict=True)],
        )
    return len(changed)


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
