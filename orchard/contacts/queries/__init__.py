"""Everything that reads contacts and accounts."""

from orchard.contacts.queries.account import (
    AccountPage,
    account,
    accounts,
    accounts_named,
    count_accounts,
    people_of,
)
from orchard.contacts.queries.contact import (
    ContactPage,
    contact,
    history,
    merge_preview,
    owner_of_email,
    owner_of_phone,
)
from orchard.contacts.queries.identity import find_by_email, ids_in, living_id, living_ids, suppressed
from orchard.contacts.queries.lists import (
    Count,
    ListedContact,
    Order,
    contact_ids,
    contacts,
    count_contacts,
    ids_at,
)
from orchard.contacts.queries.passing import (
    account_names,
    catalogue_fields,
    consents,
    custom_fields,
    erased_ids,
    names,
)
from orchard.contacts.queries.review import ListedDoubt, doubts, doubts_of, open_doubts
from orchard.contacts.rules import is_field_name

__all__ = [
    "AccountPage",
    "ContactPage",
    "Count",
    "ListedContact",
    "ListedDoubt",
    "Order",
    "account",
    "account_names",
    "accounts",
    "accounts_named",
    "catalogue_fields",
    "consents",
    "contact",
    "contact_ids",
    "contacts",
    "count_accounts",
    "count_contacts",
    "custom_fields",
    "doubts",
    "doubts_of",
    "erased_ids",
    "find_by_email",
    "history",
    "ids_at",
    "ids_in",
    "is_field_name",
    "living_id",
    "living_ids",
    "merge_preview",
    "names",
    "open_doubts",
    "owner_of_email",
    "owner_of_phone",
    "people_of",
    "suppressed",
]
