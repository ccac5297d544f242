"""How leads come and go: born for who became qualified, withdrawn when the verdict lapses, once per causing fact."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from orchard.agreement import queries as agreement
from orchard.interactions import queries as ledger
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
    lapsed = {contact: cause for contact, cause in causes.items() if contact not in qualified}
    gone = _withdraw(lapsed, now=now, lane=lane)
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
def follow_joins(*, contact_ids: Collection[int], cause: int, now: datetime, lane: Lane = Lane.LIVE) -> None:
    """Let each open lead of these contacts, who were joined or parted, wait with the contact whose verdict it is.

    What counts is who means whom now, whatever the fact `cause` told. A lead whose contact already has one ends as
    merged. Of those who are contacts of their own, whoever is told to be qualified has a lead, nobody else.
    """
    living = ledger.living(contact_ids)
    waiting = list(
        Lead.objects.select_for_update()
        .filter(contact__in={*living, *living.values()}, state=State.WAITING)
        .order_by("id")
    )
    meant = ledger.contacts_of(lead.cause_id for lead in waiting)
    theirs = {
        lead: meant.get(lead.cause_id, living.get(lead.contact_id, lead.contact_id)) for lead in waiting
    }
    holders = {lead.contact_id for lead, contact in theirs.items() if lead.contact_id == contact}
    for lead, contact in theirs.items():
        if lead.contact_id == contact:
            continue
        if contact in holders:
            _end_as_merged(lead, contact, cause=cause, now=now, lane=lane)
        else:
            Lead.objects.filter(id=lead.id).update(contact=contact)
            holders.add(contact)
    _settle({each for each in living if living[each] == each}, cause=cause, now=now, lane=lane)


def _end_as_merged(lead: Lead, contact_id: int, *, cause: int, now: datetime, lane: Lane) -> None:
    Lead.objects.filter(id=lead.id).update(state=State.MERGED, closed_at=now)
    append([_fact("lead.withdrawn", lead, contact_id, now, cause=cause)], now=now, lane=lane)


def _settle(contact_ids: Collection[int], *, cause: int, now: datetime, lane: Lane) -> None:
    """Let those of these contacts who are told to be qualified have a lead, and nobody else of them."""
    told = agreement.told_of(contact_ids)
    causes = {contact: word.fact_id or cause for contact, word in told.items() if word.qualified}
    _withdraw(dict.fromkeys(set(contact_ids).difference(causes), cause), now=now, lane=lane)
    held = Lead.objects.filter(contact__in=causes, state=State.WAITING).values_list("contact_id", flat=True)
    lacking = causes.keys() - set(held)
    # What the last word brought before waits again: the same fact never causes a second lead.
    over = Lead.objects.select_for_update().filter(
        cause_id__in=[causes[contact] for contact in lacking], state__in=[State.MERGED, State.WITHDRAWN]
    )
    of_cause = {causes[contact]: contact for contact in lacking}
    for lead in over:
        contact = of_cause[lead.cause_id]
        Lead.objects.filter(id=lead.id).update(contact=contact, state=State.WAITING, closed_at=None)
        append([_fact("lead.waiting", lead, contact, now, cause=cause)], now=now, lane=lane)
        lacking = lacking - {contact}
    _bear(lacking, told, causes, now=now, lane=lane)


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


def _withdraw(causes: Mapping[int, int], *, now: datetime, lane: Lane) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lead SET state = %s, closed_at = %s WHERE state = %s AND contact_id = ANY (%s) RETURNING id
            """,
            [State.WITHDRAWN, now, State.WAITING, list(causes)],
        )
        ids = [identity for (identity,) in cursor.fetchall()]
    gone = Lead.objects.filter(id__in=ids)
    facts = [
        _fact("lead.withdrawn", lead, lead.contact_id, now, cause=causes[lead.contact_id]) for lead in gone
    ]
    append(facts, now=now, lane=lane)
    return len(ids)


def _fact(kind: str, lead: Lead, contact_id: int, now: datetime, *, cause: int | None = None) -> NewFact:
    """Return what is told of a lead: once, or once for each `cause` that turned it."""
    return NewFact(
        kind,
        now,
        contact_id=contact_id,
        account_id=lead.account_id,
        subject=("lead", lead.pk),
        key=f"{kind}:{lead.pk}:{cause}" if cause else f"{kind}:{lead.pk}",
    )
