"""What managers do with leads: give them to somebody, hand over a desk, release stale ones."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.interactions.actions import append
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.leads.actions.accept import how_it_went, locked, refuse_beyond, start_clocks
from orchard.leads.actions.closing import end_offers
from orchard.leads.actions.telling import tell_holders
from orchard.leads.models import Lead, Offer
from orchard.leads.queries.work import version_of
from orchard.leads.rules import stale_from
from orchard.leads.tables import GIVEN, OFFERED
from orchard.leads.types import HELD, HOLD, OPEN, RELEASED_AT_ONCE, Outcome, State, Taken, Why
from orchard.tasks import actions as tasks
from orchard.team import queries as team


@transaction.atomic
def reassign(*, lead_id: int, member_id: int, actor_id: int, now: datetime) -> None:
    """Give an open lead to a member, whatever the capacity: an accepted one moves, any other is offered anew."""
    lead = locked(lead_id)
    if lead.state not in OPEN:
        raise Taken(how_it_went(lead))
    refuse_beyond(lead)
    if lead.member_id == member_id:
        return
    _give(lead, _active(member_id), actor_id=actor_id, now=now)


@transaction.atomic
def hand_over(*, from_id: int, leads: Mapping[int, int], actor_id: int, now: datetime) -> int:
    """Give leads of one member to others, as `leads` says (lead id: member id); return how many moved.

    What is not in that member's hands any more is left alone.
    """
    for each in sorted(set(leads.values())):
        _active(each)
    held = Lead.objects.select_for_update().filter(id__in=list(leads), member=from_id, state__in=HELD)
    moved = 0
    for lead in held.order_by("id"):
        if leads[lead.id] != from_id:
            _give(lead, leads[lead.id], actor_id=actor_id, now=now)
            moved += 1
    return moved


@transaction.atomic
def release(*, count: int, actor_id: int, now: datetime) -> int:
    """Let stale leads be offered like fresh ones, the highest scores first; return how many, at most `count`."""
    if not 1 <= count <= RELEASED_AT_ONCE:
        raise Refused("Release from 1 to {at_most} leads at once.", at_most=RELEASED_AT_ONCE).at("count")
    stale = Lead.objects.select_for_update(skip_locked=True).filter(state=State.WAITING, stale_at__lte=now)
    leads = list(stale.order_by("-score", "-id")[:count])
    for lead in leads:
        lead.released_at = now
        lead.stale_at = stale_from(
            fresh_at=lead.fresh_at,
            fresh_days=agreement.fresh_days_of(lead.version_id),
            ripe_at=lead.ripe_at,
            released_at=now,
        )
    Lead.objects.bulk_update(leads, ["released_at", "stale_at"], batch_size=1_000)
    facts = [
        NewFact(
            "lead.released",
            now,
            contact_id=lead.contact_id,
            account_id=lead.account_id,
            subject=("lead", lead.id),
            member_id=actor_id,
        )
        for lead in leads
    ]
    append(facts, now=now)
    journal.record(actor_id=actor_id, action="leads.released", details={"leads": len(leads)}, now=now)
    return len(leads)


def _active(member_id: int) -> int:
    member = team.member(member_id)
    if not member.is_active:
        raise Refused("{name} is switched off and cannot take leads.", name=member.name).at("member")
    return member_id


def _give(lead: Lead, member_id: int, *, actor_id: int, now: datetime) -> None:
    before, accepted = lead.member_id, lead.state == State.ACCEPTED
    force = agreement.in_force_terms()
    version_id = version_of(lead.id, lead.version_id) if accepted or force is None else force.version_id
    end_offers([lead.id], outcome=Outcome.REASSIGNED, now=now)
    offer = Offer(
        lead=lead, member_id=member_id, version_id=version_id, made_at=now, why=Why.REASSIGNED, by_id=actor_id
    )
    lead.member_id = member_id
    if accepted:
        offer.outcome, offer.ended_at = Outcome.TAKEN, now
        lead.touched_at = now
        start_clocks(lead, member_id, version_id, now)
    else:
        hours = agreement.terms_of_version(version_id).document.promises.sales.accept_within_hours
        deadlines = team.deadlines(
            [member_id], now=now, after=timedelta(hours=hours), default=agreement.office_hours()
        )
        offer.due_at = deadlines[member_id].at
        lead.state = State.OFFERED
    lead.save()
    offer.save()
    contacts.hold([contacts.Held(lead.contact_id, lead.id, lead.member_id)], source_kind=HOLD, now=now)
    kinds = ["lead.reassigned"] if before is not None else []
    kinds += [] if accepted else ["lead.offered"]
    facts = [
        NewFact(
            kind,
            now,
            contact_id=lead.contact_id,
            account_id=lead.account_id,
            subject=("lead", lead.id),
            member_id=member_id,
        )
        for kind in kinds
    ]
    append(facts, now=now)
    if member_id != actor_id:
        tell_holders(GIVEN if accepted else OFFERED, [(lead.id, lead.contact_id, member_id)], now=now)
    if before is not None:
        tasks.reassign(of=before, to=member_id, by=actor_id, now=now, subjects=[("lead", lead.id)])
    journal.record(
        actor_id=actor_id,
        action="lead.reassigned",
        subject=("lead", lead.id),
        details={"from": before, "to": member_id},
        now=now,
    )
