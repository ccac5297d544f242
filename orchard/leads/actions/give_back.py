"""How a lead comes back: with a reason and what the reason asks for, or by itself when nobody was in touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from orchard.interactions import queries as ledger
from orchard.interactions.actions import append, keep_words
from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.leads.actions.accept import how_it_went, locked, refuse_beyond
from orchard.leads.actions.closing import fact_of, part
from orchard.leads.actions.telling import tell_holders
from orchard.leads.models import Lead
from orchard.leads.queries.work import attempts_of, terms_of
from orchard.leads.rules import come_back, reason_of
from orchard.leads.tables import WENT_BACK
from orchard.leads.types import HELD, NOTE_LENGTH, ROTTED, Outcome, State, Taken


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of a lead: from when the contact may come again, None for never."""

    state: State
    eligible_at: datetime | None


@transaction.atomic
def give_back(
    *, lead_id: int, member_id: int, reason: str, wake_on: date | None, note: str, zone: str, now: datetime
) -> Returned:
    """Return or disqualify a lead that the member holds, offered or accepted, by a reason of its agreement.

    `wake_on` is a day by the clock of `zone`. `note` is kept beside the ledger. Raises `Taken` where the lead is not
    the member's any more, and `Refused` where the reason lacks something.
    """
    lead = locked(lead_id)
    if lead.state not in HELD or lead.member_id != member_id:
        raise Taken(how_it_went(lead))
    if len(note) > NOTE_LENGTH:
        raise Refused("Write at most {at_most} characters.", at_most=NOTE_LENGTH).at("note")
    document = terms_of(lead.id, lead.version_id).document
    came = come_back(
        reason_of(document, reason),
        document,
        attempts=attempts_of([lead]).get(lead.id, 0),
        wake_on=wake_on,
        zone=ZoneInfo(zone),
        now=now,
    )
    state = State.DISQUALIFIED if came.reason.disqualifies else State.RETURNED
    _end(lead, state, reason=reason, eligible_at=came.eligible_at, now=now)
    kind = "lead.disqualified" if came.reason.disqualifies else "lead.returned"
    (fact,) = append(
        [fact_of(kind, lead, now, member_id=member_id, cause=_again([lead], kind).get(lead.pk))], now=now
    )
    if fact is not None:
        keep_words([(fact, lead.contact_id, note.strip())])
    part([lead.id], offers=Outcome.RETURNED, now=now)
    journal.record(
        actor_id=member_id, action=kind, subject=("lead", lead.id), details={"reason": reason}, now=now
    )
    return Returned(state, came.eligible_at)


@transaction.atomic
def reinstate(*, lead_id: int, actor_id: int, now: datetime) -> None:
    """Let the contact of a disqualified lead become a lead again after all."""
    lead = locked(lead_id)
    if lead.state != State.DISQUALIFIED or lead.eligible_at is not None:
        raise Taken("This lead does not stand as disqualified any more. Nothing was changed.")
    refuse_beyond(lead)
    Lead.objects.filter(id=lead.id).update(eligible_at=now)
    cause = _again([lead], "lead.reinstated").get(lead.pk)
    append([fact_of("lead.reinstated", lead, now, member_id=actor_id, cause=cause)], now=now)
    journal.record(actor_id=actor_id, action="lead.reinstated", subject=("lead", lead.id), now=now)


def return_rotten(leads: Iterable[Lead], *, now: datetime) -> None:
    """Return accepted leads, held by the caller, that rot: their contacts may come again at once."""
    rotten = list(leads)
    for lead in rotten:
        _end(lead, State.RETURNED, reason=ROTTED, eligible_at=now, now=now)
    again = _again(rotten, "lead.returned")
    facts = [
        fact_of("lead.returned", lead, now, member_id=lead.member_id, cause=again.get(lead.pk))
        for lead in rotten
    ]
    append(facts, now=now)
    part([lead.id for lead in rotten], offers=Outcome.RETURNED, now=now)
    tell_holders(WENT_BACK, [(lead.id, lead.contact_id, lead.member_id) for lead in rotten], now=now)


def _again(leads: Iterable[Lead], kind: str) -> dict[int, int]:
    """Return how often this was told of each lead and taken back; whose first time it is, is absent."""
    told = ledger.all_about("lead", [lead.pk for lead in leads], kinds=(kind,))
    return {lead: len(facts) for lead, facts in told.items()}


def _end(lead: Lead, state: State, *, reason: str, eligible_at: datetime | None, now: datetime) -> None:
    lead.was, lead.state, lead.reason = lead.state, state, reason
    lead.closed_at, lead.eligible_at, lead.wakes_at = now, eligible_at, eligible_at
    lead.attempt_due_at = lead.rots_at = None
    lead.save()
