"""What ends with a lead: its open offer, the hold on its contact, its steps, and the company of who joined it."""

from collections.abc import Collection
from datetime import datetime

from orchard.contacts import actions as contacts
from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.leads.models import Colleague, Lead, Offer
from orchard.leads.types import HOLD, Outcome
from orchard.tasks import actions as tasks


def part(lead_ids: Collection[int], *, offers: Outcome, now: datetime, lane: Lane = Lane.LIVE) -> None:
    """End what hangs on these leads, which are over: open offers, holds, steps, and the company of who joined.

    Each who joined gets a `lead.left`, by which the basket looks at the contact again.
    """
    ids = list(lead_ids)
    if not ids:
        return
    end_offers(ids, outcome=offers, now=now)
    contacts.lift(ids, source_kind=HOLD, now=now)
    tasks.drop_steps(subjects=[("lead", each) for each in ids], by=None, now=now)
    left = list(
        Colleague.objects.select_for_update().filter(lead__in=ids, left_at__isnull=True).order_by("id")
    )
    Colleague.objects.filter(id__in=[row.id for row in left]).update(left_at=now)
    facts = [
        NewFact("lead.left", now, contact_id=row.contact_id, subject=("lead", row.lead_id)) for row in left
    ]
    append(facts, now=now, lane=lane)


def end_offers(lead_ids: Collection[int], *, outcome: Outcome, now: datetime) -> None:
    """End the open offers of these leads."""
    Offer.objects.filter(lead__in=list(lead_ids), outcome="").update(outcome=outcome, ended_at=now)


def fact_of(
    kind: str,
    lead: Lead,
    now: datetime,
    *,
    contact_id: int | None = None,
    member_id: int | None = None,
    cause: int | str | None = None,
) -> NewFact:
    """Return what is told of a lead: once, or once for each `cause` that turned it."""
    return NewFact(
        kind,
        now,
        contact_id=contact_id or lead.contact_id,
        account_id=lead.account_id,
        subject=("lead", lead.pk),
        member_id=member_id,
        key=f"{kind}:{lead.pk}:{cause}" if cause else f"{kind}:{lead.pk}",
    )
