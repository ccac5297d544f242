"""Everything that reads contacts and accounts."""

from orchard.contacts.queries.account import AccountPage, account, accounts
from orchard.contacts.queries.contact import ContactPage, contact, history, merge_preview
from orchard.contacts.queries.identity import find_by_email, living_id, living_ids, suppressed
from orchard.contacts.queries.lists import Count, ListedContact, contacts, count_contacts
from orchard.contacts.queries.passing import catalogue_fields, consents, custom_fields, erased_ids
from orchard.contacts.queries.review import ListedDoubt, doubts, open_doubts

__all__ = [
    "AccountPage",
    "ContactPage",
    "Count",
    "ListedContact",
    "ListedDoubt",
    "account",
    "accounts",
    "catalogue_fields",
    "consents",
    "contact",
    "contacts",
    "count_contacts",
    "custom_fields",
    "doubts",
    "erased_ids",
    "find_by_email",
    "history",
    "living_id",
    "living_ids",
    "merge_preview",
    "open_doubts",
    "suppressed",
]
