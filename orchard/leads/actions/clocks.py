"""What time does to leads: offers run out, attempts come late, leads rot, contacts may come again.

Each looks for rows whose moment has come by an index over those alone, claims them, and appends what happened.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.kit.ids import as_array
from orchard.leads.actions.give_back import return_rotten
from orchard.leads.actions.telling import tell_holders, tell_managers
from orchard.leads.models import Lead, Offer
from orchard.leads.queries.work import begun_of, first_attempts_of, planned_of, touches_of, versions_of
from orchard.leads.rules import rots_at
from orchard.leads.tables import EXPIRED, UNATTEMPTED
from orchard.leads.types import HELD, HOLD, Outcome, State
from orchard.team import queries as team

AT_ONCE = 1_000

_AT_WORK = """
SELECT id FROM lead WHERE state = %s AND contact_id = ANY (%s::bigint[]) ORDER BY id FOR UPDATE
"""

_RUN_OUT = """
SELECT o.id, l.id, l.contact_id, l.account_id, o.member_id, l.bulk FROM offer o JOIN lead l ON l.id = o.lead_id
 WHERE o.outcome = '' AND o.due_at <= %(now)s
 ORDER BY o.due_at, o.id LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""

_TO_BASKET = """
UPDATE lead SET state = 'waiting', member_id = NULL, routed_by = NULL,
       asked = CASE WHEN %(in_vain)s THEN asked || member_id ELSE asked END
 WHERE id = ANY (%(leads)s)
"""


@transaction.atomic
def expire(*, now: datetime) -> int:
    """End the offers that ran out, and let their leads wait for the next member; return how many, at most `AT_ONCE`."""
    with connection.cursor() as cursor:
        cursor.execute(_RUN_OUT, {"now": now, "most": AT_ONCE})
        rows = cursor.fetchall()
    tell_holders(
        EXPIRED, [(lead, contact, member) for _, lead, contact, _, member, bulk in rows if not bulk], now=now
    )
    ended = [row[:-1] for row in rows]
    return _back_to_basket(ended, outcome=Outcome.EXPIRED, kind="lead.expired", now=now)


@transaction.atomic
def take_back_from_the_absent(*, now: datetime) -> int:
    """Take leads out of the hands of who is not there; return how many.

    What is offered to somebody away or switched off waits for others, unless a manager gave it to somebody away; what
    somebody accepted who is switched off now waits for a manager.
    """
    held = Lead.objects.filter(state__in=HELD).order_by().values_list("member_id", flat=True).distinct()
    gone, away = team.absent([each for each in held if each], now=now, default=agreement.office_hours())
    escalated = _escalate(gone, now=now)
    absent = gone | away
    if not absent:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, l.id, l.contact_id, l.account_id, o.member_id FROM lead l JOIN offer o ON o.lead_id = l.id
             WHERE l.state = 'offered' AND l.member_id = ANY (%(absent)s) AND o.outcome = ''
               AND (o.why <> 'reassigned' OR l.member_id = ANY (%(gone)s))
             ORDER BY l.id LIMIT %(most)s FOR UPDATE SKIP LOCKED
            """,
            {"absent": sorted(absent), "gone": sorted(gone), "most": AT_ONCE},
        )
        rows = cursor.fetchall()
    return escalated + _back_to_basket(rows, outcome=Outcome.REASSIGNED, kind="lead.taken_back", now=now)


@transaction.atomic
def tell_late_attempts(*, now: datetime) -> int:
    """Tell of accepted leads whose first attempt is late; return how many. Who was tried in time is passed over."""
    leads = list(
        Lead.objects.select_for_update(skip_locked=True)
        .filter(attempt_due_at__lte=now)
        .order_by("attempt_due_at", "id")[:AT_ONCE]
    )
    tried = first_attempts_of(leads)
    late = [lead for lead in leads if _is_late(lead, tried.get(lead.id))]
    Lead.objects.filter(id__in=[lead.id for lead in leads]).update(attempt_due_at=None)
    facts = [
        NewFact(
            "lead.unattempted",
            now,
            contact_id=lead.contact_id,
            account_id=lead.account_id,
            subject=("lead", lead.id),
            member_id=lead.member_id,
        )
        for lead in late
    ]
    append(facts, now=now)
    tell_holders(UNATTEMPTED, [(lead.id, lead.contact_id, lead.member_id) for lead in late], now=now)
    return len(leads)


@transaction.atomic
def rot(*, now: datetime) -> int:
    """Return accepted leads that nobody was in touch with for too long; return how many rows were looked at."""
    leads = list(
        Lead.objects.select_for_update(skip_locked=True)
        .filter(rots_at__lte=now)
        .order_by("rots_at", "id")[:AT_ONCE]
    )
    rotten = [lead for lead in _told_touches(leads) if lead.rots_at is not None and lead.rots_at <= now]
    return_rotten(rotten, now=now)
    gone = {lead.id for lead in rotten}
    Lead.objects.bulk_update([lead for lead in leads if lead.id not in gone], ["touched_at", "rots_at"])
    return len(leads)


@transaction.atomic
def wake(*, now: datetime) -> int:
    """Tell of contacts that may become leads again; return how many, at most `AT_ONCE`."""
    leads = list(
        Lead.objects.select_for_update(skip_locked=True)
        .filter(wakes_at__lte=now)
        .order_by("wakes_at", "id")[:AT_ONCE]
    )
    Lead.objects.filter(id__in=[lead.id for lead in leads]).update(wakes_at=None)
    facts = [
        NewFact(
            "lead.eligible",
            now,
            contact_id=lead.contact_id,
            account_id=lead.account_id,
            subject=("lead", lead.id),
            key=f"lead.eligible:{lead.id}:{lead.wakes_at:%Y%m%d%H%M%S%f}",
        )
        for lead in leads
    ]
    append(facts, now=now, lane=Lane.LIVE if len(leads) < AT_ONCE else Lane.BULK)
    return len(leads)


@transaction.atomic
def follow_touches(*, contact_ids: Sequence[int]) -> int:
    """Let exchanges, attempts and plans move the clocks of these contacts' accepted leads; return how many moved."""
    # Few are at work with whoever is in an import of a million: a parameter for each would cost more than the look.
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [State.ACCEPTED, as_array(contact_ids)])
        ids = [identity for (identity,) in cursor.fetchall()]
    leads = list(Lead.objects.filter(id__in=ids).order_by("id")) if ids else []
    if not leads:
        return 0
    tried = first_attempts_of(leads)
    for lead in _told_touches(leads):
        lead.attempted_at = tried.get(lead.id)
    return Lead.objects.bulk_update(leads, ["attempted_at", "touched_at", "rots_at"])


def _is_late(lead: Lead, tried_at: datetime | None) -> bool:
    """Tell whether the first attempt did not come in time, whenever anybody looks."""
    return tried_at is None or lead.attempt_due_at is None or tried_at > lead.attempt_due_at


def _told_touches(leads: list[Lead]) -> list[Lead]:
    """Set when each lead was touched last and when it rots, as the ledger tells now."""
    touched, versions = touches_of(leads), versions_of(leads)
    planned, begun = planned_of(leads), begun_of(leads)
    for lead in leads:
        # An exchange that was logged by mistake and taken back counts no more.
        moments = [
            at for at in (lead.accepted_at, begun.get(lead.id), touched.get(lead.id)) if at is not None
        ]
        lead.touched_at = max(moments) if moments else lead.touched_at
        if lead.touched_at is not None:
            document = agreement.terms_of_version(versions[lead.id]).document
            lead.rots_at = rots_at(document, touched_at=lead.touched_at, planned_for=planned.get(lead.id))
    return leads


def _escalate(member_ids: Collection[int], *, now: datetime) -> int:
    """Let accepted leads of members who were switched off wait for a manager; return how many."""
    leads = list(
        Lead.objects.select_for_update(skip_locked=True)
        .filter(member__in=list(member_ids), state=State.ACCEPTED)
        .order_by("id")[:AT_ONCE]
    )
    Lead.objects.filter(id__in=[lead.id for lead in leads]).update(
        state=State.ESCALATED, member=None, attempt_due_at=None, rots_at=None
    )
    contacts.lift([lead.id for lead in leads], source_kind=HOLD, now=now)
    facts = [
        NewFact(
            "lead.escalated",
            now,
            contact_id=lead.contact_id,
            account_id=lead.account_id,
            subject=("lead", lead.id),
            member_id=lead.member_id,
        )
        for lead in leads
    ]
    append(facts, now=now)
    tell_managers([lead.id for lead in leads], now=now)
    return len(leads)


def _back_to_basket(
    rows: Sequence[tuple[int, int, int, int | None, int]], *, outcome: Outcome, kind: str, now: datetime
) -> int:
    if not rows:
        return 0
    offers, leads = [row[0] for row in rows], [row[1] for row in rows]
    Offer.objects.filter(id__in=offers).update(outcome=outcome, ended_at=now)
    with connection.cursor() as cursor:
        cursor.execute(_TO_BASKET, {"leads": leads, "in_vain": outcome is Outcome.EXPIRED})
    contacts.lift(leads, source_kind=HOLD, now=now)
    facts = [
        NewFact(kind, now, contact_id=contact, account_id=account, subject=("lead", lead), member_id=member)
        for _, lead, contact, account, member in rows
    ]
    append(facts, now=now)
    return len(rows)
