"""Accounts: one with everything for its page, and lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from orchard.contacts.models import Account, AccountExternalId, AccountSite
from orchard.contacts.queries.lists import Count, count_contacts
from orchard.contacts.rules import company_key, name_key
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


def people_of(account_ids: Sequence[int]) -> dict[int, int]:
    """Return how many living contacts each of these accounts has; none where it is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.account_id, count(*) FROM contact c WHERE c.account_id = ANY (%s) AND c.erased_at IS NULL"
            " AND NOT EXISTS (SELECT FROM contact_alias o WHERE o.old_id = c.id AND o.ended_by IS NULL)"
            " GROUP BY c.account_id",
            [list(account_ids)],
        )
        return dict(cursor.fetchall())


def accounts_named(name: str) -> list[Account]:
    """Return the accounts that this name means, in any spelling and with any legal form."""
    key = company_key(name)
    return list(Account.objects.filter(name_key=key, erased_at__isnull=True).order_by("id")) if key else []


def count_accounts() -> int:
    """Return how many accounts there are."""
    return Account.objects.filter(erased_at__isnull=True).count()


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
