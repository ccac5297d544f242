"""What pages ask across rooms: lists of contacts, one contact whole, one account whole."""

from orchard.reports.queries.account import AccountList, AccountShown, account_list, account_shown
from orchard.reports.queries.contact import (
    ContactShown,
    MergeShown,
    Traces,
    contact_events,
    contact_shown,
    merge_shown,
    traces_of,
)
from orchard.reports.queries.contacts import ContactList, contact_list
from orchard.reports.queries.health import Health, health
from orchard.reports.queries.matching import Matching, contacts_matching

__all__ = [
    "AccountList",
    "AccountShown",
    "ContactList",
    "ContactShown",
    "Health",
    "Matching",
    "MergeShown",
    "Traces",
    "account_list",
    "account_shown",
    "contact_events",
    "contact_list",
    "contact_shown",
    "contacts_matching",
    "health",
    "merge_shown",
    "traces_of",
]
