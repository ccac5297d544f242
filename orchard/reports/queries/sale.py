"""One opportunity whole, as its page shows it: the sale, its people, and what happened with the first of them."""

from dataclasses import dataclass

from orchard.contacts import queries as contacts
from orchard.contacts.queries import ContactPage
from orchard.contacts.types import Gone, Hidden
from orchard.kit import once
from orchard.opportunities import queries as opportunities
from orchard.opportunities.queries import SaleWhole
from orchard.reports.queries.timeline import timeline
from orchard.reports.types import Told


@dataclass(frozen=True, slots=True)
class SaleShown:
    """An opportunity with what happened; `page` is None where its person is gone or with a colleague."""

    whole: SaleWhole
    page: ContactPage | None
    events: Told


@once.reading()
def sale_shown(opportunity_id: int, *, cursor: str = "", channel: str = "") -> SaleShown:
    """Return an opportunity whole; raises `UnknownOpportunity`.

    `cursor` walks the timeline of all its people, `channel` narrows it.
    """
    whole = opportunities.opportunity(opportunity_id)
    people = [contact for contact, _ in whole.parties]
    try:
        page = contacts.contact(whole.sale.contact_id)
    except (Gone, Hidden):
        page = None
    return SaleShown(whole, page, timeline(people, channel=channel, cursor=cursor, named=len(people) > 1))
