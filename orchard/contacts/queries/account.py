"""Accounts: one with everything for its page, and lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchard.contacts.models import Account, AccountExternalId, AccountSite
from orchard.contacts.queries.lists import Count, count_contacts
from orchard.contacts.rules import name_key
from orchard.contacts.types import Gone
from orchard.kit import paging


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A company, with its places, its group and how many people we know there."""

    account: Account
    sites: Sequence[AccountSite]
    external_ids: Sequence[AccountExternalId]
    children: Sequence[Account]
    people: Count


def account(account_id: int) -> AccountPage:
    """Return one account; raises `Gone`."""
    found = (
        Account.objects.select_related("parent", "owner")
        .filter(id=account_id, erased_at__isnull=True)
        .first()
    )
    if found is None:
        raise Gone("There is no such account.")
    return AccountPage(
        account=found,
        sites=list(found.sites.order_by("name")),
        external_ids=list(found.external_ids.order_by("source", "value")),
        children=list(Account.objects.filter(parent=account_id).order_by("name_key", "id")),
        people=count_contacts(account_id=account_id),
    )


def accounts(*, search: str = "", cursor: str = "", size: int = 50) -> paging.Page[Account]:
    """Return one page of accounts by name; a search is for the beginning of the name."""
    rows = Account.objects.select_related("owner").filter(erased_at__isnull=True)
    if key := name_key(search):
        rows = rows.filter(name_key__startswith=key)
    back = False
    if cursor:
        back, (name, number) = paging.decode(cursor)
        rows = rows.extra(  # noqa: S610 - a row comparison, which the ORM cannot say; values are bound
            where=[f'("account"."name_key", "account"."id") {"<" if back else ">"} (%s, %s)'],
            params=[name, number],
        )
    ordered = rows.order_by("-name_key", "-id") if back else rows.order_by("name_key", "id")
    return paging.page(
        list(ordered[: size + 1]), size=size, cursor=cursor, key=lambda row: (row.name_key, row.id)
    )
