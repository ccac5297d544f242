"""How a member takes a lead: the one offered to him or her, or one that waits; one winner, whoever else tries."""

from datetime import datetime, timedelta

from django.db import transaction

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.interactions import queries as ledger
from orchard.interactions.actions import append
from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused
from orchard.kit.words import Phrase, marked
from orchard.leads.actions.closing import end_offers, fact_of
from orchard.leads.actions.draw import count_turn, hold_turns
from orchard.leads.models import Lead, Offer
from orchard.leads.rules import codes_of, rots_at
from orchard.leads.types import HELD, HOLD, AtCapacity, Outcome, State, Taken, UnknownLead, Why
from orchard.team import queries as team


@transaction.atomic
def accept(*, lead_id: int, member_id: int, now: datetime) -> None:
    """Take the lead that is offered to the member; the clock of the first attempt starts.

    Raises `Taken` where the offer is over or was somebody else's.
    """
    lead = locked(lead_id)
    if lead.state == State.ACCEPTED and lead.member_id == member_id:
        return
    if lead.state != State.OFFERED or lead.member_id != member_id:
        raise Taken(how_it_went(lead))
    offer = Offer.objects.get(lead=lead, outcome="")
    if offer.due_at is not None and offer.due_at <= now:
        raise Taken("This offer ran out. The lead goes to the next member; a manager can give it to you.")
    end_offers([lead.id], outcome=Outcome.TAKEN, now=now)
    _take(lead, offer, now)


@transaction.atomic
def pick(*, lead_id: int, member_id: int, now: datetime) -> None:
    """Take a lead that waits in the basket, offered to nobody, fresh or stale; it counts as the member's turn.

    Raises `Taken` where somebody else was first and `AtCapacity` where the member has as many leads as he or she takes.
    """
    force = agreement.in_force_terms()
    taker = next((each for each in team.takers() if each.id == member_id), None)
    if force is None or taker is None:
        raise Refused("You take no leads. A manager sets how many you have at once.")
    hold_turns()
    lead = locked(lead_id)
    if lead.state == State.ACCEPTED and lead.member_id == member_id:
        return
    if lead.state != State.WAITING:
        raise Taken(how_it_went(lead))
    if Lead.objects.filter(member=member_id, state__in=HELD).count() >= taker.capacity:
        raise AtCapacity(
            "You have {capacity} open leads, as many as you take at once. Finish or return one first.",
            capacity=taker.capacity,
        )
    if lead.pool and lead.stale_at > now and lead.pool not in codes_of(taker):
        raise Refused("By the agreement this lead goes to others. A manager can give it to you.")
    people.refuse_hidden([lead.contact_id])
    if lead.pool:
        count_turn(pool=lead.pool, member_id=member_id)
    offer = Offer.objects.create(
        lead=lead,
        member_id=member_id,
        version_id=force.version_id,
        made_at=now,
        why=Why.PICKED,
        outcome=Outcome.TAKEN,
        ended_at=now,
    )
    contacts.hold([contacts.Held(lead.contact_id, lead.id, member_id)], source_kind=HOLD, now=now)
    _take(lead, offer, now)


def locked(lead_id: int) -> Lead:
    """Return the lead, held against others until the transaction ends."""
    lead = Lead.objects.select_for_update().filter(id=lead_id).first()
    if lead is None:
        raise UnknownLead("There is no such lead.")
    return lead


def refuse_beyond(lead: Lead) -> None:
    """Let a manager act on leads within the own reach alone; whoever had a lead before sees it, and no more."""
    if not team.reach().covers(lead.member_id):
        raise NotAllowed("This lead is with another team. Ask a manager who sees it.")


def how_it_went(lead: Lead) -> str:
    """Return the sentence for whoever came too late for a lead."""
    name = team.names([lead.member_id]).get(lead.member_id, "") if lead.member_id else ""
    words = {
        State.ACCEPTED: Phrase("{name} accepted this lead just before you. Nothing was changed.", name=name),
        State.OFFERED: Phrase("This lead is offered to {name} now. Nothing was changed.", name=name),
        State.ESCALATED: marked(
            "This offer ran out and the lead waits for a manager, who can give it to you."
        ),
        State.WAITING: marked("This lead is offered to nobody at the moment: it waits in the basket."),
        State.CONVERTED: marked("This lead is an opportunity by now. Nothing was changed."),
        State.RETURNED: marked("This lead was returned meanwhile. Nothing was changed."),
        State.DISQUALIFIED: marked("This lead was disqualified meanwhile. Nothing was changed."),
        State.WITHDRAWN: marked(
            "This lead is gone: its contact does not meet the agreement now. Nothing was changed."
        ),
        State.MERGED: marked("This lead went on as another one of the same contact. Nothing was changed."),
    }
    return words[State(lead.state)]


def start_clocks(lead: Lead, member_id: int, version_id: int, now: datetime) -> None:
    """Let the clocks of a lead that is in a member's hands run: the first attempt in working hours, and rot."""
    document = agreement.terms_of_version(version_id).document
    hours = document.promises.sales.first_attempt_within_hours
    lead.attempt_due_at = lead.attempted_at = None
    if hours is not None:
        deadlines = team.deadlines(
            [member_id], now=now, after=timedelta(hours=hours), default=agreement.office_hours()
        )
        lead.attempt_due_at = deadlines[member_id].at
    lead.rots_at = rots_at(document, touched_at=now)


def _take(lead: Lead, offer: Offer, now: datetime) -> None:
    lead.state, lead.member_id = State.ACCEPTED, offer.member_id
    lead.accepted_at = lead.touched_at = now
    start_clocks(lead, offer.member_id, offer.version_id, now)
    lead.save()
    # A lead may be accepted again, by somebody else or after it was taken back.
    before = ledger.all_about("lead", [lead.pk], kinds=("lead.accepted",))
    cause = f"{offer.pk}:{len(before.get(lead.pk, ()))}"
    append([fact_of("lead.accepted", lead, now, member_id=offer.member_id, cause=cause)], now=now)
    journal.record(actor_id=offer.member_id, action="lead.accepted", subject=("lead", lead.id), now=now)
