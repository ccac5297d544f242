"""Who gets a lead, as the page of routing tells it: rows in words, pools with their turns, where one lead would go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.contacts.queries import ListedContact, Order
from orchard.leads import queries as leads
from orchard.leads.queries import PoolShown, Way

_OFFERED = 8


@dataclass(frozen=True, slots=True)
class Trial:
    """Where the lead of one contact would go now; `row` is the row that says so in words, empty for no row."""

    contact_id: int
    name: str
    way: Way | None
    row: str
    waits_in: str
    """The pool that the way leads to by its name; empty for everybody and for one member."""


@dataclass(frozen=True, slots=True)
class RoutingShown:
    """The page of routing. `version` is None before the first agreement; `found` are whom the words of a search fit."""

    version: int | None
    rows: Sequence[str]
    pools: Sequence[PoolShown]
    trial: Trial | None
    found: Sequence[ListedContact]


def routing_shown(*, now: datetime, contact_id: int | None = None, words: str = "") -> RoutingShown:
    """Return how leads are given as things stand; raises `Gone` or `Hidden` for a contact that cannot be tried."""
    shown = agreement.in_force()
    clauses = agreement.contract_of(shown.document) if shown and shown.document else []
    rows = [each.text for clause in clauses if clause.key == "routing" for each in clause.sentences]
    pools = leads.pools(now=now)
    trial = _trial(contact_id, rows, pools, now) if contact_id is not None else None
    found = contacts.contacts(search=words, order=Order.NAME, size=_OFFERED).rows if words.strip() else []
    return RoutingShown(shown.number if shown else None, rows, pools, trial, found)


def _trial(contact_id: int, rows: Sequence[str], pools: Sequence[PoolShown], now: datetime) -> Trial:
    contact = contacts.contact(contact_id).contact
    way = leads.way_of(contact.id, now=now)
    row = rows[way.row] if way and way.row is not None and way.row < len(rows) else ""
    name = next((pool.name for pool in pools if way and pool.code == way.pool), "")
    return Trial(contact.id, str(contact), way, row, name)
