"""How leads come and go by what is told of contacts: born for who is qualified, withdrawn when the verdict lapses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.kit.ids import as_array
from orchard.leads.actions.accept import start_clocks
from orchard.leads.actions.closing import fact_of, part
from orchard.leads.actions.telling import tell_holders
from orchard.leads.models import Colleague, Lead
from orchard.leads.queries.coming import at_work_among, worked
from orchard.leads.queries.work import version_of
from orchard.leads.rules import stale_from
from orchard.leads.tables import JOINED
from orchard.leads.types import HELD, HOLD, OPEN, UNTAKEN, Outcome, State
from orchard.tasks import actions as tasks


@transaction.atomic
def follow_verdicts(*, causes: Mapping[int, int], now: datetime, lane: Lane = Lane.LIVE) -> tuple[int, int]:
    """Bring the basket in line with what was told of these contacts; return how many leads came and how many went.

    `causes` names the last fact that asks to look at each contact: a verdict that turned, a colleague whose lead is
    over, a rest that ended. Who is qualified has a lead, joins one of the same account, or rests after an earlier one;
    who is not any more loses the one that nobody accepted. The same fact never causes a second lead.
    """
    told = agreement.told_of(causes)
    qualified = {contact for contact, word in told.items() if word.qualified}
    lapsed = {contact: cause for contact, cause in causes.items() if contact not in qualified}
    gone = _withdraw(lapsed, now=now, lane=lane)
    return _let_in(qualified, told, causes, now=now, lane=lane), gone


@transaction.atomic
def let_go(*, causes: Mapping[int, int], now: datetime, lane: Lane = Lane.LIVE) -> int:
    """End the open lead of contacts who are not there any more, accepted or not; return how many there were."""
    return _withdraw(causes, now=now, lane=lane, states=OPEN)


@transaction.atomic
def make_way(*, contact_id: int, cause: str, now: datetime) -> int:
    """Withdraw the lead of a contact that nobody accepted: something else goes on, which `cause` names."""
    return _withdraw({contact_id: cause}, now=now, lane=Lane.LIVE)


@transaction.atomic
def follow_assessments(*, contact_ids: Collection[int]) -> int:
    """Note the score and freshness of the last assessment in the waiting leads of these contacts; return how many.

    Something happened with each: who it goes to is decided anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, contact_id, version_id, ripe_at, score, fresh_at, released_at FROM lead
             WHERE state = %s AND contact_id = ANY (%s::bigint[]) ORDER BY id FOR UPDATE
            """,
            [State.WAITING, as_array(contact_ids)],
        )
        waiting = cursor.fetchall()
        if not waiting:
            return 0
        cursor.execute(
            "UPDATE lead SET routed_by = NULL WHERE id = ANY (%s::bigint[]) AND routed_by IS NOT NULL",
            [as_array(row[0] for row in waiting)],
        )
        known = agreement.assessed([row[1] for row in waiting])
        days = {version: agreement.fresh_days_of(version) for version in {row[2] for row in waiting}}
        changed = [
            (
                lead,
                word.total,
                word.fresh_at,
                stale_from(
                    fresh_at=word.fresh_at, fresh_days=days[version], ripe_at=ripe, released_at=released
                ),
            )
            for lead, contact, version, ripe, score, fresh_at, released in waiting
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


def follow_accounts(*, account_ids: Collection[int]) -> int:
    """Let it be decided anew to whom the waiting leads of these accounts go; return how many there are."""
    return Lead.objects.filter(state=State.WAITING, account__in=list(account_ids)).update(routed_by=None)


@transaction.atomic
def follow_joins(*, contact_ids: Collection[int], cause: int, now: datetime, lane: Lane = Lane.LIVE) -> None:
    """Let each open lead of these contacts, who were joined or parted, be of the contact whose verdict it is.

    What counts is who means whom now, whatever the fact `cause` told. Of two open leads of one contact the one that is
    further goes on, and the other ends as merged. Of those who are contacts of their own, whoever is told to be
    qualified and does not rest has a lead, nobody else.
    """
    living = ledger.living(contact_ids)
    open_leads = Lead.objects.select_for_update().filter(
        contact__in={*living, *living.values()}, state__in=OPEN
    )
    leads = sorted(open_leads.order_by("id"), key=_furthest)
    meant = ledger.contacts_of(lead.cause_id for lead in leads)
    goes_on: dict[int, Lead] = {}
    for lead in leads:
        contact = meant.get(lead.cause_id, living.get(lead.contact_id, lead.contact_id))
        further = goes_on.setdefault(contact, lead)
        if further is not lead:
            tasks.move_subject(was=("lead", lead.id), to=("lead", further.id), by=None, now=now)
            _end_as_merged(lead, contact, cause=cause, now=now, lane=lane)
    _move({lead: contact for contact, lead in goes_on.items() if lead.contact_id != contact}, now=now)
    _one_place_each(living, now=now)
    _settle({each for each in living if living[each] == each}, cause=cause, now=now, lane=lane)


def _move(leads: Mapping[Lead, int], *, now: datetime) -> None:
    """Let leads, and what they hold, be of other contacts."""
    for lead, contact in leads.items():
        Lead.objects.filter(id=lead.id).update(contact=contact)
    held = [
        contacts.Held(contact, lead.id, lead.member_id)
        for lead, contact in leads.items()
        if lead.state in HELD
    ]
    contacts.lift([each.source_id for each in held], source_kind=HOLD, now=now)
    contacts.hold(held, source_kind=HOLD, now=now)


def _furthest(lead: Lead) -> tuple[int, int]:
    return -[State.WAITING, State.ESCALATED, State.OFFERED, State.ACCEPTED].index(State(lead.state)), lead.pk


def _end_as_merged(lead: Lead, contact_id: int, *, cause: int, now: datetime, lane: Lane) -> None:
    Lead.objects.filter(id=lead.id).update(
        state=State.MERGED, was=lead.state, closed_at=now, attempt_due_at=None, rots_at=None
    )
    append([fact_of("lead.withdrawn", lead, now, contact_id=contact_id, cause=cause)], now=now, lane=lane)
    part([lead.id], offers=Outcome.WITHDRAWN, now=now, lane=lane)


def _one_place_each(living: Mapping[int, int], *, now: datetime) -> None:
    """Let whoever joined a lead be one living contact, and no longer where that has a lead of its own."""
    rows = list(
        Colleague.objects.select_for_update()
        .filter(contact__in={*living, *living.values()}, left_at__isnull=True)
        .order_by("id")
    )
    theirs = {row.id: living.get(row.contact_id, row.contact_id) for row in rows}
    taken = set(
        Lead.objects.filter(contact__in=theirs.values(), state__in=OPEN).values_list("contact_id", flat=True)
    )
    taken |= {row.contact_id for row in rows if theirs[row.id] == row.contact_id}
    for row in rows:
        contact = theirs[row.id]
        if contact == row.contact_id and not Lead.objects.filter(contact=contact, state__in=OPEN).exists():
            continue
        if contact in taken:
            Colleague.objects.filter(id=row.id).update(left_at=now)
        else:
            Colleague.objects.filter(id=row.id).update(contact=contact)
            taken.add(contact)


def _settle(contact_ids: Collection[int], *, cause: int, now: datetime, lane: Lane) -> None:
    """Let those of these contacts who are told to be qualified and do not rest have a lead, and nobody else of them.

    What somebody has accepted stays.
    """
    told, rounds = agreement.told_of(contact_ids), _rounds(contact_ids, now)
    causes = {
        contact: word.fact_id or cause
        for contact, word in told.items()
        if word.qualified and rounds.get(contact, 0) is not None
    }
    _withdraw(dict.fromkeys(set(contact_ids).difference(causes), cause), now=now, lane=lane)
    held = Lead.objects.filter(contact__in=causes, state__in=OPEN).values_list("contact_id", flat=True)
    lacking = set(causes).difference(held)
    before = _before(lacking, causes)
    for contact in sorted(lacking):
        lead = before.get(contact)
        if lead is None:
            continue
        if lead.state in (State.MERGED, State.WITHDRAWN):
            _go_on(lead, contact, cause=cause, now=now, lane=lane)
            lacking.discard(contact)
        elif lead.cause_id == causes[contact]:
            # What the last word brought is over in Sales' hands: what tells of this brings the next.
            causes[contact] = cause
    _let_in(lacking, told, causes, now=now, lane=lane)


def _before(contact_ids: Collection[int], causes: Mapping[int, int]) -> dict[int, Lead]:
    """Return the lead of each of these contacts that its cause brought, or a later one that ended as merged."""
    rows = Lead.objects.select_for_update().filter(
        Q(contact__in=contact_ids, state=State.MERGED)
        | Q(cause_id__in=[causes[contact] for contact in contact_ids])
    )
    brought = {causes[contact]: contact for contact in contact_ids}
    return {brought.get(lead.cause_id, lead.contact_id): lead for lead in rows.order_by("id")}


def _go_on(lead: Lead, contact_id: int, *, cause: int, now: datetime, lane: Lane) -> None:
    """Let a lead that was over go on: with the member who had accepted it, else in the basket."""
    accepted = lead.state == State.MERGED and lead.was == State.ACCEPTED
    lead.contact_id, lead.was, lead.closed_at, lead.routed_by = contact_id, "", None, None
    if accepted and lead.member_id is not None:
        lead.state, lead.touched_at = State.ACCEPTED, now
        start_clocks(lead, lead.member_id, version_of(lead.id, lead.version_id), now)
        contacts.hold([contacts.Held(contact_id, lead.id, lead.member_id)], source_kind=HOLD, now=now)
    else:
        lead.state, lead.member_id, lead.touched_at = State.WAITING, None, None
    lead.save()
    kind = "lead.reassigned" if accepted else "lead.waiting"
    append([fact_of(kind, lead, now, contact_id=contact_id, cause=cause)], now=now, lane=lane)


@dataclass(frozen=True, slots=True)
class _Ripe:
    """Somebody who is to have a lead: the account, and where it lets its people join one lead."""

    contact_id: int
    account_id: int | None
    joins: bool


def _let_in(
    contact_ids: Collection[int],
    told: Mapping[int, agreement.Told],
    causes: Mapping[int, int],
    *,
    now: datetime,
    lane: Lane,
) -> int:
    """Let a lead be born for each of these contacts who has none, joins none and does not rest; return how many."""
    asked = set(contact_ids)
    if not asked:
        return 0
    asked -= at_work_among(asked)
    rounds = _rounds(asked, now)
    accounts = agreement.assessed(asked)
    joining = {told[each].version_id for each in asked}
    joins = {version: agreement.joins_at_account(version) for version in joining}
    ripe = [
        _Ripe(each, accounts[each].account_id if each in accounts else None, joins[told[each].version_id])
        for each in sorted(asked, key=lambda each: (-told[each].total, each))
        if rounds.get(each, 0) is not None
    ]
    alone, others = _apart(ripe)
    born = _bear(alone, told, causes, rounds, now=now, lane=lane)
    _join(others, causes, now=now, lane=lane)
    return born


def _rounds(contact_ids: Collection[int], now: datetime) -> dict[int, int | None]:
    """Return how many leads of each contact came to an end in Sales' hands; None for who rests after one."""
    return {
        contact: None if any(each is None or each > now for each in ends) else len(ends)
        for contact, ends in worked(contact_ids).items()
    }


def _apart(ripe: Iterable[_Ripe]) -> tuple[list[_Ripe], list[_Ripe]]:
    """Part those who get a lead of their own from those who join one, open or about to be, of their account."""
    ripe = list(ripe)
    accounts = {each.account_id for each in ripe if each.joins and each.account_id is not None}
    at_work = Q(state__in=OPEN) | Q(state=State.CONVERTED, eligible_at__isnull=True)
    busy = set(Lead.objects.filter(at_work, account__in=accounts).values_list("account_id", flat=True))
    alone, others = [], []
    for each in ripe:
        if each.joins and each.account_id in busy:
            others.append(each)
            continue
        alone.append(each)
        if each.account_id is not None:
            busy.add(each.account_id)
    return alone, others


def _bear(
    ripe: Iterable[_Ripe],
    told: Mapping[int, agreement.Told],
    causes: Mapping[int, int],
    rounds: Mapping[int, int | None],
    *,
    now: datetime,
    lane: Lane,
) -> int:
    leads = [
        Lead(
            contact_id=contact,
            account_id=each.account_id,
            state=State.WAITING,
            version_id=told[contact].version_id,
            total=told[contact].total,
            lines=told[contact].lines,
            met=told[contact].met,
            score=told[contact].total,
            cause_id=causes[contact],
            round=(rounds.get(contact) or 0) + 1,
            ripe_at=now,
            fresh_at=told[contact].fresh_at,
            stale_at=stale_from(
                fresh_at=told[contact].fresh_at, fresh_days=told[contact].fresh_days, ripe_at=now
            ),
            bulk=lane == Lane.BULK,
        )
        for each in sorted(ripe, key=lambda each: each.contact_id)
        for contact in [each.contact_id]
    ]
    Lead.objects.bulk_create(leads, ignore_conflicts=True, batch_size=1_000)
    born = Lead.objects.filter(cause_id__in=[lead.cause_id for lead in leads]).order_by("id")
    facts = [fact_of("lead.waiting", lead, now, contact_id=lead.contact_id) for lead in born]
    return sum(fact is not None for fact in append(facts, now=now, lane=lane))


def _join(ripe: Collection[_Ripe], causes: Mapping[int, int], *, now: datetime, lane: Lane) -> None:
    """Let each join the lead or the sale at work with the account that is the furthest."""
    if not ripe:
        return
    at_work = Q(state__in=OPEN) | Q(state=State.CONVERTED, eligible_at__isnull=True)
    leads: dict[int | None, Lead] = {}
    for lead in Lead.objects.filter(at_work, account__in={each.account_id for each in ripe}).order_by("id"):
        leads.setdefault(lead.account_id, lead)
    rows = [
        Colleague(lead=leads[each.account_id], contact_id=each.contact_id, joined_at=now)
        for each in ripe
        if each.account_id in leads
    ]
    Colleague.objects.bulk_create(rows, ignore_conflicts=True)
    facts = [
        NewFact(
            "lead.joined",
            now,
            contact_id=row.contact_id,
            account_id=row.lead.account_id,
            subject=("lead", row.lead_id),
            key=f"lead.joined:{row.lead_id}:{causes[row.contact_id]}",
        )
        for row in rows
    ]
    append(facts, now=now, lane=lane)
    if lane is Lane.LIVE:
        tell_holders(JOINED, [(row.lead_id, row.contact_id, row.lead.member_id) for row in rows], now=now)


def _withdraw(
    causes: Mapping[int, int | str], *, now: datetime, lane: Lane, states: Collection[State] = UNTAKEN
) -> int:
    """End the open leads of these contacts that are in one of the states; who joined a lead leaves it."""
    if not causes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH mine AS (
                SELECT id FROM lead WHERE state = ANY (%s) AND contact_id = ANY (%s) ORDER BY id FOR UPDATE
            )
            UPDATE lead SET state = %s, was = state, closed_at = %s, attempt_due_at = NULL, rots_at = NULL
             WHERE id IN (SELECT id FROM mine) RETURNING id
            """,
            [[str(state) for state in states], list(causes), State.WITHDRAWN, now],
        )
        ids = [identity for (identity,) in cursor.fetchall()]
    gone = list(Lead.objects.filter(id__in=ids).order_by("id"))
    facts = [
        fact_of("lead.withdrawn", lead, now, contact_id=lead.contact_id, cause=causes[lead.contact_id])
        for lead in gone
    ]
    append(facts, now=now, lane=lane)
    part(ids, offers=Outcome.WITHDRAWN, now=now, lane=lane)
    Colleague.objects.filter(contact__in=list(causes), left_at__isnull=True).update(left_at=now)
    return len(ids)
