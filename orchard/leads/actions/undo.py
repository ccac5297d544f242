"""What a member takes back a moment after doing it: that a lead was accepted, taken or returned."""

from datetime import datetime

from django.db import IntegrityError, transaction

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.interactions import queries as ledger
from orchard.interactions.actions import append, withdraw
from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.kit.words import marked
from orchard.leads.actions.accept import how_it_went, locked, start_clocks
from orchard.leads.actions.clocks import follow_touches
from orchard.leads.actions.closing import fact_of
from orchard.leads.actions.draw import give_turn_back, hold_turns
from orchard.leads.models import Colleague, Lead, Offer
from orchard.leads.queries.work import last_attempts_of
from orchard.leads.types import HELD, HOLD, OPEN, ROTTED, TAKEN_BACK_WITHIN, Outcome, State, Taken, Why
from orchard.tasks import actions as tasks
from orchard.tasks import queries as steps

_TOO_LATE = marked("It is too late to take this back. Return the lead with a reason instead.")
_MOVED_ON = marked("Something happened with this contact since. Return the lead with a reason instead.")
_STAYS = marked(
    "It is too late to take this back: the lead is over. Its contact can become a lead again, as agreed."
)
_ELSEWHERE = marked("Something happened with this contact since, so the return stands. Nothing was changed.")


@transaction.atomic
def take_back(*, lead_id: int, member_id: int, now: datetime) -> None:
    """Take back that the member accepted a lead a moment ago, or took it from the basket.

    What was offered is offered again, with the clock it had; what waited waits again, and the member's turn was none.
    Raises `Taken` where it is not the member's any more, and `Refused` where it is too late, or did not come so.
    """
    hold_turns()
    lead = locked(lead_id)
    if lead.state != State.ACCEPTED or lead.member_id != member_id or lead.accepted_at is None:
        raise Taken(how_it_went(lead))
    offer = Offer.objects.filter(lead=lead).order_by("-id").first()
    if offer is None or offer.ended_at != lead.accepted_at:
        raise Refused("This lead was given to you. Return it with a reason instead.")
    if now - lead.accepted_at > TAKEN_BACK_WITHIN or _ran_out(offer, now):
        raise Refused(_TOO_LATE)
    if not _is_qualified(lead) or _is_worked_on(lead, lead.accepted_at):
        raise Refused(_MOVED_ON)
    withdraw(
        interaction_ids=[ledger.about("lead", [lead.id], kinds=("lead.accepted",))[lead.id]],
        now=now,
        member_id=member_id,
    )
    if offer.why == Why.PICKED:
        offer.delete()
        if lead.pool:
            give_turn_back(pool=lead.pool, member_id=member_id)
        contacts.lift([lead.id], source_kind=HOLD, now=now)
        lead.state, lead.member_id = State.WAITING, None
    else:
        Offer.objects.filter(id=offer.pk).update(outcome="", ended_at=None)
        lead.state = State.OFFERED
    lead.accepted_at = lead.touched_at = lead.attempt_due_at = lead.attempted_at = lead.rots_at = None
    lead.save()
    journal.record(actor_id=member_id, action="lead.acceptance_undone", subject=("lead", lead.id), now=now)


@transaction.atomic
def take_return_back(*, lead_id: int, member_id: int, now: datetime) -> None:
    """Take back that the member returned or disqualified a lead a moment ago: it is in his or her hands as before.

    Its clocks run on, its steps are open again, and colleagues who have no lead of their own meanwhile join it again.
    What was offered to the member in its place stays: for once he or she may have one more than the capacity.
    Raises `Taken` where it was not the member who returned it, and `Refused` where it is too late, or the contact is
    somewhere else by now.
    """
    lead = locked(lead_id)
    if lead.state in HELD and lead.member_id == member_id:
        return
    closed_at = lead.closed_at
    if lead.state not in (State.RETURNED, State.DISQUALIFIED) or lead.member_id != member_id or not closed_at:
        raise Taken(how_it_went(lead))
    if lead.reason == ROTTED or now - closed_at > TAKEN_BACK_WITHIN:
        raise Refused(_STAYS)
    if _is_elsewhere(lead):
        raise Refused(_ELSEWHERE)
    accepted = lead.was == State.ACCEPTED
    if not accepted:
        _offer_again(lead, now)
    kind = "lead.disqualified" if lead.state == State.DISQUALIFIED else "lead.returned"
    withdraw(
        interaction_ids=[ledger.about("lead", [lead.id], kinds=(kind,))[lead.id]],
        now=now,
        member_id=member_id,
    )
    lead.state, lead.was, lead.reason = State(lead.was), "", ""
    lead.closed_at = lead.eligible_at = lead.wakes_at = None
    if accepted:
        _let_clocks_run_on(lead, member_id, closed_at)
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError:  # the contact became a lead anew in this very moment
        raise Refused(_ELSEWHERE) from None
    contacts.hold([contacts.Held(lead.contact_id, lead.id, lead.member_id)], source_kind=HOLD, now=now)
    tasks.pick_steps_up(subjects=[("lead", lead.id)], dropped_at=closed_at, by=member_id, now=now)
    _join_again(lead, closed_at, now)
    if accepted:
        follow_touches(contact_ids=[lead.contact_id])
    journal.record(actor_id=member_id, action="lead.return_undone", subject=("lead", lead.id), now=now)


def _is_qualified(lead: Lead) -> bool:
    told = agreement.told_of([lead.contact_id]).get(lead.contact_id)
    return told is not None and told.qualified


def _is_worked_on(lead: Lead, since: datetime) -> bool:
    """Tell whether somebody tried to reach the contact of a lead, or planned to, since a moment."""
    planned = steps.open_of_subjects([("lead", lead.pk)])
    tried = last_attempts_of([lead]).get(lead.pk)
    return (tried is not None and tried >= since) or any(each.created_at >= since for each in planned)


def _ran_out(offer: Offer, now: datetime) -> bool:
    return offer.due_at is not None and offer.due_at <= now


def _is_elsewhere(lead: Lead) -> bool:
    """Tell whether the contact of a lead that is over is gone, another's, a lead anew, or may come again after all."""
    contact = lead.contact_id
    return (
        (lead.state == State.DISQUALIFIED and lead.eligible_at is not None)
        or ledger.living([contact])[contact] != contact
        or bool(contacts.gone([contact]))
        or bool(people.held([contact]))
        or Lead.objects.filter(contact=contact, state__in=OPEN).exists()
        or Colleague.objects.filter(contact=contact, left_at__isnull=True).exists()
    )


def _offer_again(lead: Lead, now: datetime) -> None:
    """Let the offer stand again that ended with the lead; refuse where it would be over by now."""
    offer = Offer.objects.filter(lead=lead).order_by("-id").first()
    if offer is None or offer.ended_at != lead.closed_at or offer.outcome != Outcome.RETURNED:
        raise Refused(_ELSEWHERE)
    if _ran_out(offer, now):
        raise Refused(_STAYS)
    if not _is_qualified(lead):
        raise Refused(_ELSEWHERE)
    Offer.objects.filter(id=offer.pk).update(outcome="", ended_at=None)


def _let_clocks_run_on(lead: Lead, member_id: int, closed_at: datetime) -> None:
    """Set the clocks as they would stand, had the lead not been over: what passed before it was, was told then."""
    offer = Offer.objects.filter(lead=lead).order_by("-id").first()
    if offer is None or lead.accepted_at is None:
        return
    start_clocks(lead, member_id, offer.version_id, max(lead.accepted_at, offer.made_at))
    if lead.attempt_due_at is not None and lead.attempt_due_at <= closed_at:
        lead.attempt_due_at = None


def _join_again(lead: Lead, left_at: datetime, now: datetime) -> None:
    """Let those join again who left with the lead, but for who is somewhere else by now."""
    rows = list(Colleague.objects.select_for_update().filter(lead=lead, left_at=left_at).order_by("id"))
    ids = [row.contact_id for row in rows]
    elsewhere = {
        *Lead.objects.filter(contact__in=ids, state__in=OPEN).values_list("contact_id", flat=True),
        *Colleague.objects.filter(contact__in=ids, left_at__isnull=True).values_list("contact_id", flat=True),
        *(each for each, living in ledger.living(ids).items() if each != living),
        *people.held(ids),
        *contacts.gone(ids),
    }
    back = [row for row in rows if row.contact_id not in elsewhere]
    Colleague.objects.filter(id__in=[row.pk for row in back]).update(left_at=None)
    append(
        [
            fact_of("lead.joined", lead, now, contact_id=row.contact_id, cause=f"{row.pk}:{now.isoformat()}")
            for row in back
        ],
        now=now,
    )
