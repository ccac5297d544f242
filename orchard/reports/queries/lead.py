"""One lead whole, as its page shows it: the hand-off, the person behind it, and what happened with both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.contacts.queries import ContactPage
from orchard.contacts.types import Gone, Hidden
from orchard.kit import once, paging
from orchard.leads import queries as leads
from orchard.leads.queries import Handoff, LeadShown
from orchard.opportunities import queries as opportunities
from orchard.reports.queries.timeline import Known, timeline
from orchard.reports.types import Told
from orchard.tasks import queries as tasks
from orchard.tasks.types import Holder, Step


@dataclass(frozen=True, slots=True)
class LeadWhole:
    """A lead with its contact; `page` is None where the contact is gone or with a colleague, `earlier` its other leads.

    `steps` are the open ones with the contact, `sale_id` the sale that it became part of. `with_another` is set where
    the contact is there, and with a colleague beyond one's reach.
    """

    lead: LeadShown
    page: ContactPage | None
    stage: str
    earlier: Sequence[Handoff]
    events: Told
    steps: Sequence[Step] = ()
    sale_id: int | None = None
    with_another: bool = False


@once.reading()
def lead_shown(lead_id: int, *, now: datetime, cursor: str = "", channel: str = "") -> LeadWhole:
    """Return a lead whole; raises `UnknownLead`. `cursor` walks the timeline of its contact, `channel` narrows it."""
    lead = leads.lead(lead_id, now=now)
    try:
        page = contacts.contact(lead.contact_id)
    except (Gone, Hidden) as error:
        sale, hidden = opportunities.of_lead(lead_id), isinstance(error, Hidden)
        nothing = Told(paging.Page([]), [])
        return LeadWhole(lead, None, "", [], nothing, sale_id=sale, with_another=hidden)
    handoffs = leads.handoffs_of(page.ids, now=now)
    return LeadWhole(
        lead,
        page,
        agreement.stage_of(page.contact.id).label,
        [each for each in handoffs if each.id != lead_id],
        timeline([page.contact.id], channel=channel, cursor=cursor, known=Known(handoffs)),
        tasks.open_of_contacts([lead.contact_id]),
        opportunities.of_lead(lead_id),
    )


def lead_name(lead_id: int) -> str:
    """Return whom a lead is about; raises `UnknownLead`."""
    contact = leads.contact_of(lead_id)
    return contacts.names([contact]).get(contact, "")


def lead_events(lead_id: int, *, cursor: str = "", channel: str = "") -> Told:
    """Return one page of what happened with a lead's contact."""
    return timeline([leads.contact_of(lead_id)], channel=channel, cursor=cursor)


def in_hands_of(member: Holder, *, now: datetime) -> int:
    """Return how many leads, sales and open steps a member has in hands together."""
    tally = leads.tally(member.pk)
    steps = tasks.counts([member], now=now)[member.pk]
    sales = opportunities.counts(member.pk)["open"]
    return tally.offered + tally.accepted + sales + steps.overdue + steps.today + steps.coming
