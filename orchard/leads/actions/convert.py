"""How a lead becomes a sale, and what follows when the sale is over. The opportunity itself is kept by a room above."""

from datetime import datetime

from django.db import transaction

from orchard.contacts import actions as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.actions import append
from orchard.leads.actions.accept import how_it_went, locked
from orchard.leads.actions.basket import make_way
from orchard.leads.actions.closing import fact_of, part
from orchard.leads.models import Lead
from orchard.leads.types import HOLD, Outcome, State, Taken


@transaction.atomic
def convert(*, lead_id: int, member_id: int, now: datetime) -> None:
    """Let an accepted lead of the member be a sale from now on; the contact stays held until that is over."""
    lead = locked(lead_id)
    if lead.state != State.ACCEPTED or lead.member_id != member_id:
        raise Taken(how_it_went(lead))
    lead.was, lead.state, lead.closed_at = lead.state, State.CONVERTED, now
    lead.attempt_due_at = lead.rots_at = None
    lead.save()
    append([fact_of("lead.converted", lead, now, member_id=member_id)], now=now)


@transaction.atomic
def end_sale(*, lead_id: int, now: datetime) -> None:
    """Let go of the contact of a lead whose sale is over, won or lost: it may become a lead again."""
    lead = locked(lead_id)
    if lead.state != State.CONVERTED or lead.eligible_at is not None:
        return
    Lead.objects.filter(id=lead_id).update(eligible_at=now)
    part([lead_id], offers=Outcome.TAKEN, now=now)


@transaction.atomic
def sale_passes_on(*, lead_id: int, member_id: int, now: datetime) -> None:
    """Let the contact of a lead that is a sale be held for the member who has the sale from now on."""
    lead = locked(lead_id)
    if lead.state == State.CONVERTED and lead.eligible_at is None:
        contacts.hold([contacts.Held(lead.contact_id, lead_id, member_id)], source_kind=HOLD, now=now)


@transaction.atomic
def sale_goes_on(*, lead_id: int, member_id: int | None = None, now: datetime) -> None:
    """Hold the contact of a lead again whose sale was not over after all; a new lead that nobody took goes.

    It is held for `member_id`, who has the sale now, else for whoever had the lead.
    """
    lead = locked(lead_id)
    if lead.state != State.CONVERTED or lead.eligible_at is None:
        return
    Lead.objects.filter(id=lead_id).update(eligible_at=None)
    held = contacts.Held(lead.contact_id, lead_id, member_id or lead.member_id)
    contacts.hold([held], source_kind=HOLD, now=now)
    living = ledger.living([lead.contact_id])[lead.contact_id]
    make_way(contact_id=living, cause=f"sale of {lead_id} at {now.isoformat()}", now=now)
