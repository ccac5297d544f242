"""One account with everything for its page, and accounts by their name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from orchard.contacts.models import Account, AccountExternalId, AccountSite, Contact
from orchard.contacts.rules import company_key
from orchard.contacts.types import Gone


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A company, with its places and its group."""

    account: Account
    sites: Sequence[AccountSite]
    external_ids: Sequence[AccountExternalId]
    children: Sequence[Account]


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


def account_of_site(site_id: int) -> int:
    """Return the account that works there; raises `Gone`."""
    return _owner(AccountSite.objects.filter(id=site_id).values_list("account_id", flat=True).first())


def account_of_id(external_id: int) -> int:
    """Return the account that is called so elsewhere; raises `Gone`."""
    return _owner(
        AccountExternalId.objects.filter(id=external_id).values_list("account_id", flat=True).first()
    )


def held_by(account_id: int) -> tuple[int, int]:
    """Return how many contacts (those joined with others included) and accounts belong to an account."""
    return (
        Contact.objects.filter(account=account_id).count(),
        Account.objects.filter(parent=account_id).count(),
    )


def _owner(account_id: int | None) -> int:
    if account_id is None:
        raise Gone("This is not there any more. Open the account anew.")
    return account_id
