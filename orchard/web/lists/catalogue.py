"""Every list that keeps views, by its name."""

from orchard.web.lists.listing import Listing
from orchard.web.manage.columns import AUDIT, MEMBERS
from orchard.web.marketing.accounts.columns import ACCOUNTS
from orchard.web.marketing.contacts.columns import CONTACTS
from orchard.web.marketing.imports.columns import IMPORTS
from orchard.web.sales.columns import BASKET, CAME_BACK, IN_HANDS, OPPORTUNITIES

LISTS: dict[str, Listing] = {
    listing.name: listing
    for listing in (CONTACTS, ACCOUNTS, BASKET, IN_HANDS, CAME_BACK, OPPORTUNITIES, MEMBERS, IMPORTS, AUDIT)
}
