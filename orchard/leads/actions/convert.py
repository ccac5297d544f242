"""How a lead becomes a sale, and what follows when the sale is over. The opportunity itself is kept by a room above."""

from datetime import datetime

from django.db import transaction

from orchard.contacts import actions as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.actions import append
from orchard.leads.actions.accept import how_it_went, locked
from orchard.leads.actions.basket import make_way
from orchard.leads.actions.closing import HOLD, fact_of, part
from orchard.leads.models import Lead
from orchard.leads.types import Outcome, State, Taken


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
def sale_goes_on(*, lead_id: int, now: datetime) -> None:
    """Hold the contact of a lead again whose sale was not over after all; a new lead that nobody took goes."""
    lead = locked(lead_id)
    if lead.state != State.CONVERTED or lead.eligible_at is None:
        return
    Lead.objects.filter(id=lead_id).update(eligible_at=None)
    contacts.hold([contacts.Held(lead.contact_id, lead_id, lead.member_id)], source_kind=HOLD, now=now)
    living = ledger.living([lead.contact_id])[lead.contact_id]
    make_way(contact_id=living, cause=f"sale of {lead_id} at {now.isoformat()}", now=now)
