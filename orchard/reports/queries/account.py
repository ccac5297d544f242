"""Accounts: a list of them with how ripe their people are, and one whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.agreement.queries import AccountRipeness
from orchard.contacts import queries as contacts
from orchard.contacts.queries import AccountOrder, AccountPage, AccountWish, Count, ListedAccount
from orchard.contacts.types import NEEDED_ROLES, Entity, FileShown
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS
from orchard.kit import once, paging
from orchard.kit.languages import figure
from orchard.kit.money import Money
from orchard.kit.paging import By
from orchard.leads import queries as leads
from orchard.leads.queries import Handoff
from orchard.reports.queries.contacts import rows_of
from orchard.reports.queries.order import by_score
from orchard.reports.queries.order_accounts import by_ripe_people
from orchard.reports.queries.past import in_words, known_of, past_of
from orchard.reports.queries.timeline import Known, timeline
from orchard.reports.types import AccountSort, ContactRow, Replaced, Told, Touch

PEOPLE = 25
_FIRST = By(AccountSort.NAME)
# Of a larger company the list does not look for the last touch: that is one step away, on its page.
_MANY = 200
# The touches of so many people are numbered for one page of the timeline.
_TOLD = 2_000
_DETAILS = ("industry", "employees", "domain", "city", "region", "country")
_NOBODY = AccountRipeness(0, 0)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of a list of accounts; `best` is the ripest of its people, None before the first assessment.

    `touch` is the newest real exchange with any of them; with `too_many` of them it was not looked for.
    """

    id: int
    name: str
    industry: str
    city: str
    country: str
    domain: str
    owner: str
    created_at: datetime
    people: int
    ripe: int
    best: ContactRow | None
    touch: Touch | None
    too_many: bool

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return ", ".join(filter(None, (self.city, self.country)))


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """How many accounts there are and how many a wish leaves, and by what they can be narrowed."""

    everybody: Count
    found: Count
    industries: Sequence[str]
    countries: Sequence[str]
    has_agreement: bool


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts that a wish leaves, ready to be walked, and how many they are."""

    wish: AccountWish
    by: By
    now: datetime

    def page(self, cursor: str, size: int) -> paging.Page[AccountRow]:
        """Return one page of them."""
        found = _listed(self.wish, self.by, cursor, size)
        return paging.Page(_rows(found.rows, now=self.now), found.next, found.previous)

    def counts(self) -> AccountCounts:
        """Return how many there are, and by what they can be narrowed."""
        everybody = contacts.count_accounts()
        return AccountCounts(
            everybody=everybody,
            found=contacts.count_accounts(self.wish) if self.wish.narrows else everybody,
            industries=contacts.industries(),
            countries=contacts.countries(),
            has_agreement=agreement.in_force_terms() is not None,
        )


@dataclass(frozen=True, slots=True)
class LeadAt:
    """A hand-off of somebody at an account."""

    handoff: Handoff
    name: str


@dataclass(frozen=True, slots=True)
class AccountShown:
    """An account with everything that its page shows."""

    page: AccountPage
    ripeness: AccountRipeness
    people: paging.Page[ContactRow]
    number: int
    """How many people one may see there."""
    others: int
    """How many more others hold."""
    leads: Sequence[LeadAt]
    """Who waits in the basket, the newest first."""
    handed_over: int
    """How often somebody there was handed over, those who wait included."""
    events: Told
    details: Sequence[tuple[str, str]]
    past: Sequence[Replaced]
    has_agreement: bool
    roles_missing: Sequence[str]
    """The parts without which nobody buys, and that nobody known here has."""
    files: Sequence[FileShown]
    """The files on the company itself, the newest first."""


def account_list(
    wish: AccountWish = AccountWish(),  # noqa: B008 - a tuple, which nobody can change
    *,
    now: datetime,
    by: By = _FIRST,
    only_ripe: bool = False,
) -> AccountList:
    """Return the list of accounts that a wish asks for; `only_ripe` keeps those that have somebody qualified."""
    if only_ripe:
        wish = wish._replace(ids=agreement.ripe_account_ids())
    return AccountList(wish, by, now)


@once.reading()
def account_shown(
    account_id: int, *, now: datetime, cursor: str = "", channel: str = "", people_cursor: str = ""
) -> AccountShown:
    """Return an account whole; raises `Gone`.

    The cursors walk its timeline, which `channel` narrows, and its people.
    """
    page = contacts.account(account_id)
    ids = contacts.ids_at(account_id)
    everybody = frozenset(ids)
    scored = by_score(ids=everybody, cursor=people_cursor, size=PEOPLE)
    known = {
        row.id: row for row in contacts.contacts(ids=[each for each, _ in scored.rows], size=PEOPLE).rows
    }
    listed = [known[each] for each, _ in scored.rows if each in known]
    roles = contacts.roles_at(account_id)
    handoffs = leads.handoffs_of(ids, now=now)
    people = [replace(row, role=roles.get(row.id, "")) for row in rows_of(listed, now=now, known=handoffs)]
    events = _events(account_id, everybody, cursor=cursor, channel=channel, known=Known(handoffs))
    still_open = [each for each in handoffs if each.is_open]
    names = contacts.names(each.contact_id for each in still_open)
    return AccountShown(
        page=page,
        ripeness=agreement.ripeness_of_accounts([account_id]).get(account_id, _NOBODY),
        people=paging.Page(people, scored.next, scored.previous),
        number=len(ids),
        others=contacts.hidden_at(account_id),
        roles_missing=[each.label for each in NEEDED_ROLES if each not in roles.values()],
        leads=[LeadAt(each, names.get(each.contact_id, "")) for each in still_open],
        handed_over=len(handoffs),
        events=events,
        details=_details(page),
        past=past_of(Entity.ACCOUNT, account_id),
        has_agreement=agreement.in_force_terms() is not None,
        files=contacts.files_of_account(account_id),
    )


def account_events(account_id: int, *, cursor: str = "", channel: str = "") -> Told:
    """Return one page of what happened with a company and all its people; raises `Gone`."""
    page = contacts.account(account_id)
    return _events(page.account.id, frozenset(contacts.ids_at(account_id)), cursor=cursor, channel=channel)


def _events(
    account_id: int,
    ids: frozenset[int],
    *,
    cursor: str,
    channel: str,
    known: Known | None = None,
) -> Told:
    """Return what happened with everybody there, or in a very large company with those who have the most points."""
    told = list(ids)
    if len(ids) > _TOLD:
        told = [each for each, _ in by_score(ids=ids, cursor="", size=_TOLD).rows]
    found = timeline(told, account_id=account_id, channel=channel, cursor=cursor, named=True, known=known)
    return replace(found, people=len(told) if len(told) < len(ids) else None)


def _listed(wish: AccountWish, by: By, cursor: str, size: int) -> paging.Page[ListedAccount]:
    sort = AccountSort(by.key)
    if sort is not AccountSort.RIPE:
        by_name = sort is AccountSort.NAME
        order = AccountOrder.NAME if by_name else AccountOrder.NEWEST
        return contacts.accounts(wish, order=order, turned=by.down == by_name, cursor=cursor, size=size)
    ids = contacts.account_ids(wish) if wish.narrows else None
    page = by_ripe_people(ids=ids, cursor=cursor, size=size, turned=not by.down)
    found = contacts.accounts(AccountWish(ids=[each for each, _ in page.rows]), size=size).rows
    known = {row.id: row for row in found}
    return paging.Page([known[each] for each, _ in page.rows if each in known], page.next, page.previous)


def _rows(listed: Sequence[ListedAccount], *, now: datetime) -> list[AccountRow]:
    ids = [row.id for row in listed]
    people, ripe = contacts.people_of(ids), agreement.ripeness_of_accounts(ids)
    best_ids = agreement.best_of_accounts(ids)
    found = contacts.contacts(ids=list(best_ids.values()), size=len(ids) + 1).rows if best_ids else []
    best = {row.id: row for row in rows_of(found, now=now)}
    few = [each for each in ids if people.get(each, 0) <= _MANY]
    touches = _touches(few)
    return [
        AccountRow(
            id=row.id,
            name=row.name,
            industry=row.industry or "",
            city=row.city or "",
            country=row.country or "",
            domain=row.domain or "",
            owner=row.owner_name or "",
            created_at=row.created_at,
            people=people.get(row.id, 0),
            ripe=ripe.get(row.id, _NOBODY).qualified,
            best=best.get(best_ids.get(row.id, 0)),
            touch=touches.get(row.id),
            too_many=people.get(row.id, 0) > _MANY,
        )
        for row in listed
    ]


def _touches(account_ids: Sequence[int]) -> Mapping[int, Touch]:
    """Return the newest real exchange with anybody at each of these accounts."""
    people = contacts.people_at(account_ids, each=_MANY)
    newest = ledger.last_touches(each for ids in people.values() for each in ids)
    touches = {}
    for account_id, ids in people.items():
        facts = [newest[each].fact for each in ids if each in newest]
        if facts:
            last = max(facts, key=lambda fact: (fact.occurred_at, fact.pos))
            touches[account_id] = Touch(KINDS[last.kind].label, KINDS[last.kind].icon, last.occurred_at)
    return touches


def _details(page: AccountPage) -> list[tuple[str, str]]:
    account = page.account
    own = {f"custom.{name}": value for name, value in account.custom.items()}
    said = in_words({**{name: getattr(account, name) for name in _DETAILS}, **own})
    if account.annual_revenue is not None:
        said["annual_revenue"] = str(Money(account.annual_revenue, account.currency or ""))
    if account.employees is not None:
        said["employees"] = figure(account.employees)
    return known_of(Entity.ACCOUNT, said)
