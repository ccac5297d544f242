"""How a lead becomes a sale, and what follows when the sale is over. The opportunity itself is kept by a room above."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from orchard.interactions.actions import append
from orchard.interactions.types import Lane
from orchard.leads.actions.accept import how_it_went, locked
from orchard.leads.actions.closing import fact_of, part
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
def follow_sales(*, causes: Mapping[int, int], now: datetime, lane: Lane = Lane.LIVE) -> int:
    """Let go of contacts whose sale is over, won or lost: they may become leads again; return how many it ends."""
    over = list(
        Lead.objects.select_for_update()
        .filter(contact__in=list(causes), state=State.CONVERTED, eligible_at__isnull=True)
        .order_by("id")
        .values_list("id", flat=True)
    )
    Lead.objects.filter(id__in=over).update(eligible_at=now)
    part(over, offers=Outcome.TAKEN, now=now, lane=lane)
    return len(over)
