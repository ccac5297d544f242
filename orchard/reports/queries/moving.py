"""Something a contact is said to have done, and whom it may belong to instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchard.contacts import queries as contacts
from orchard.contacts.models import Contact
from orchard.contacts.queries import ListedContact
from orchard.interactions import queries as ledger
from orchard.interactions.types import MOVABLE, UnknownFact
from orchard.reports.queries.timeline import events_of
from orchard.reports.types import Event

OFFERED = 12


@dataclass(frozen=True, slots=True)
class Moving:
    """A fact in words, and at most `OFFERED` other people; without words to look for, colleagues at the company."""

    contact: Contact
    event: Event
    others: Sequence[ListedContact]


def moving(contact_id: int, fact_id: int, *, words: str) -> Moving:
    """Return what may be moved and to whom; raises `Gone`, `Hidden`, and `UnknownFact` where there is no such fact."""
    contact = contacts.contact(contact_id).contact
    fact = ledger.facts_by_id([fact_id]).get(fact_id)
    if fact is None or fact.contact_id != contact.id or fact.kind not in MOVABLE:
        raise UnknownFact("This entry is not there any more: it was withdrawn, or moved to somebody else.")
    found: Sequence[ListedContact] = ()
    if words or contact.account_id:
        among = None if words else contact.account_id
        found = contacts.contacts(search=words, account_id=among, size=OFFERED + 1).rows
    others = [row for row in found if row.id != contact.id][:OFFERED]
    return Moving(contact, events_of([fact], human=True)[0], others)
