"""Accounts: a list of them with how ripe their people are, and one whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.agreement.queries import AccountRipeness
from orchard.contacts import queries as contacts
from orchard.contacts.queries import AccountPage
from orchard.contacts.types import Entity
from orchard.kit import paging
from orchard.kit.money import Money
from orchard.reports.queries.contacts import rows_of
from orchard.reports.queries.past import in_words, labels_of, past_of
from orchard.reports.queries.timeline import timeline
from orchard.reports.types import ContactRow, Event, Replaced

PEOPLE = 50
_DETAILS = ("industry", "employees", "domain", "city", "region", "country")
_NOBODY = AccountRipeness(0, 0)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of a list of accounts."""

    id: int
    name: str
    industry: str
    place: str
    owner: str
    people: int
    ripe: int
    tenths: int

    @property
    def points(self) -> float:
        """The points of its people together, for a ring."""
        return self.tenths / 10


@dataclass(frozen=True, slots=True)
class AccountList:
    """A page of accounts, and how many there are."""

    page: paging.Page[AccountRow]
    everybody: int


@dataclass(frozen=True, slots=True)
class AccountShown:
    """An account with everything that its page shows."""

    page: AccountPage
    ripeness: AccountRipeness
    people: Sequence[ContactRow]
    events: paging.Page[Event]
    details: Sequence[tuple[str, str]]
    past: Sequence[Replaced]


def account_list(*, search: str = "", cursor: str = "") -> AccountList:
    """Return one page of accounts by name."""
    page = contacts.accounts(search=search, cursor=cursor, size=40)
    ids = [row.id for row in page.rows]
    people, ripe = contacts.people_of(ids), agreement.ripeness_of_accounts(ids)
    rows = [
        AccountRow(
            id=row.id,
            name=row.name,
            industry=row.industry or "",
            place=", ".join(filter(None, (row.city, row.country))),
            owner=row.owner.name if row.owner else "",
            people=people.get(row.id, 0),
            ripe=ripe.get(row.id, _NOBODY).qualified,
            tenths=ripe.get(row.id, _NOBODY).tenths,
        )
        for row in page.rows
    ]
    return AccountList(paging.Page(rows, page.next, page.previous), contacts.count_accounts())


def account_shown(account_id: int, *, now: datetime, cursor: str = "") -> AccountShown:
    """Return an account whole; raises `Gone`. `cursor` walks the timeline of all its people."""
    page = contacts.account(account_id)
    people = rows_of(contacts.contacts(account_id=account_id, size=PEOPLE).rows, now=now)
    return AccountShown(
        page=page,
        ripeness=agreement.ripeness_of_accounts([account_id]).get(account_id, _NOBODY),
        people=sorted(people, key=lambda row: -(row.tenths or 0)),
        events=timeline(contacts.ids_at(account_id), cursor=cursor, named=True),
        details=_details(page),
        past=past_of(Entity.ACCOUNT, account_id),
    )


def _details(page: AccountPage) -> list[tuple[str, str]]:
    account = page.account
    labels = labels_of(Entity.ACCOUNT)
    own = {f"custom.{name}": value for name, value in account.custom.items()}
    said = in_words({**{name: getattr(account, name) for name in _DETAILS}, **own})
    if account.annual_revenue is not None:
        said["annual_revenue"] = str(Money(account.annual_revenue, account.currency or ""))
    if account.employees is not None:
        said["employees"] = f"{account.employees:,}"
    return [
        (label[:1].upper() + label[1:], value)
        for name, value in said.items()
        if value
        for label in [labels.get(name, name.removeprefix("custom."))]
    ]
