"""Sales under way and over, as lists and pages show them, each with the next step or the flag that it has none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Lower

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.kit.money import Money
from orchard.kit.paging import By
from orchard.kit.walking import Sort, named, walk
from orchard.leads import queries as leads
from orchard.opportunities.models import Opportunity, Party
from orchard.opportunities.types import Lost, State, UnknownOpportunity
from orchard.tasks import queries as tasks
from orchard.tasks.types import Step
from orchard.team import queries as team

PAGE = 50
ON_A_BOARD = 100
"""Sales in one column of the board, at most; the list shows all of them."""

_FIRST = By("moved", down=True)
# An amount is sorted by its number, whatever its currency.
SORTS = {
    "moved": Sort(Coalesce("closed_at", "opened_at"), datetime),
    "name": Sort(Lower("name"), str),
    "amount": named("amount", int, empty=True),
    "expected": named("expected_on", date, empty=True),
    "member": Sort(Lower("member__name"), str),
}

LATELY = timedelta(days=30)
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sale:
    """An opportunity as lists show it; `step` is the next one, None where nothing is planned."""

    id: int
    name: str
    contact_id: int
    contact: str
    account_id: int | None
    account: str
    member_id: int
    member: str
    state: State
    amount: Money | None
    expected_on: date | None
    opened_at: datetime
    closed_at: datetime | None
    lost_to: Lost | None
    step: Step | None

    @property
    def flagged(self) -> bool:
        """Whether it is open and nothing is planned."""
        return self.state is State.OPEN and self.step is None


@dataclass(frozen=True, slots=True)
class SaleWhole:
    """One opportunity whole: its people, where it came from, and what a change of it must have seen."""

    sale: Sale
    parties: Sequence[tuple[int, str]]
    lead_id: int | None
    words: str
    """What was said when it was lost."""
    seen: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: its name, the first of its sales, and how many there are."""

    name: str
    sales: Sequence[Sale]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.sales)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many sales are open, and what they may be worth together, by currency."""

    open: int
    worth: Sequence[Money]


def opportunities(
    state: State,
    *,
    member_id: int | None = None,
    by: By = _FIRST,
    cursor: str = "",
    size: int = PAGE,
) -> paging.Page[Sale]:
    """Return one page of sales in a state, of a member or of all one may see: what was opened or closed last first."""
    rows = _whole(_of(member_id).filter(state=state))
    page = walk(rows, SORTS, by, cursor=cursor, size=size)
    return paging.Page(_shown(page.rows), page.next, page.previous)


def totals(member_id: int | None = None) -> Totals:
    """Return how many sales are open and what they may be worth, of one member or of all one may see."""
    rows = _of(member_id).filter(state=State.OPEN)
    sums = rows.exclude(amount=None).values_list("currency").annotate(all=Sum("amount")).order_by("currency")
    return Totals(rows.count(), [Money(int(amount), currency) for currency, amount in sums])


def counts(member_id: int | None = None) -> dict[str, int]:
    """Return how many sales there are in each state, of one member or of all one may see."""
    found = dict(_of(member_id).order_by().values_list("state").annotate(n=Count("id")))
    return {state.value: found.get(state.value, 0) for state in State}


def others(state: State) -> int:
    """Return how many sales in a state are with members beyond one's reach."""
    rows = Opportunity.objects.filter(state=state)
    return rows.exclude(_visible()).count() if team.reach().members is not None else 0


def board(*, today: date, now: datetime, member_id: int | None = None) -> list[Column]:
    """Return open sales by what comes next, the most urgent first, then those won and lost lately."""
    ids = list(
        _of(member_id).filter(state=State.OPEN).order_by("expected_on", "id").values_list("id", flat=True)
    )
    steps = tasks.next_steps([("opportunity", each) for each in ids])
    columns: dict[str, list[int]] = {name: [] for name in ("none", "overdue", "soon", "later")}
    for each in ids:
        columns[_column(steps.get(("opportunity", each)), today)].append(each)
    shown = {
        sale.id: sale
        for each in columns.values()
        for sale in _shown(_whole(Opportunity.objects.filter(id__in=each[:ON_A_BOARD])))
    }
    found = [
        Column(name, [shown[sale] for sale in each[:ON_A_BOARD] if sale in shown], len(each))
        for name, each in columns.items()
    ]
    lately = _of(member_id).filter(closed_at__gt=now - LATELY)
    for state in (State.WON, State.LOST):
        closed = lately.filter(state=state)
        newest = _shown(_whole(closed).order_by("-closed_at", "-id")[:ON_A_BOARD])
        found.append(Column(state.value, newest, closed.count()))
    return found


def opportunity(opportunity_id: int) -> SaleWhole:
    """Return one opportunity whole; raises `UnknownOpportunity`."""
    row = _whole(Opportunity.objects.filter(id=opportunity_id)).first()
    if row is None:
        raise UnknownOpportunity("There is no such opportunity.")
    rows = list(Party.objects.filter(opportunity=row).order_by("id").values_list("contact", "lead"))
    came_later = [each for lead in {lead for _, lead in rows if lead} for each in leads.colleagues_of(lead)]
    parties = [*(contact for contact, _ in rows), *came_later]
    living = ledger.living(parties)
    names = contacts.names(living.values())
    told = ledger.words_of([row.closed_fact_id]) if row.closed_fact_id else {}
    return SaleWhole(
        _shown([row])[0],
        [(each, names[each]) for each in dict.fromkeys(living[party] for party in parties) if each in names],
        row.lead_id,
        next(iter(told.values()), ""),
        row.updated_at,
    )


def open_at(account_id: int | None) -> list[Sale]:
    """Return the open sales at an account, which a lead of the same may join.

    Of those one may not see, it is told whose they are and nothing else.
    """
    if account_id is None:
        return []
    rows = Opportunity.objects.filter(account=account_id, state=State.OPEN)
    return [_as_seen(sale) for sale in _shown(_whole(rows).order_by("-id")[:PAGE])]


def of_contacts(contact_ids: Sequence[int]) -> list[Sale]:
    """Return the sales one may see with these contacts under any of their ids, the newest first."""
    ids = list(ledger.all_ids(contact_ids))
    rows = Opportunity.objects.filter(
        _visible(), id__in=Party.objects.filter(contact__in=ids).values("opportunity")
    )
    # A few sales: their accounts are read with them. A long list would read those of all before it is cut.
    return _shown(_whole(rows).select_related("account").order_by("-id")[:PAGE])


def open_by_member() -> dict[int, int]:
    """Return how many open sales each member has."""
    rows = Opportunity.objects.filter(state=State.OPEN).order_by().values_list("member")
    return dict(rows.annotate(n=Count("id")))


def held_by(member_id: int) -> list[Sale]:
    """Return all open sales of a member, for a list by which they are handed over."""
    return _shown(_whole(_of(member_id).filter(state=State.OPEN)).order_by("id"))


def names_of(opportunity_ids: Iterable[int]) -> dict[int, str]:
    """Return what those of these sales are called that one may see."""
    rows = Opportunity.objects.filter(_visible(), id__in=list(opportunity_ids))
    return dict(rows.values_list("id", "name"))


def of_lead(lead_id: int) -> int | None:
    """Return the sale that a lead became part of."""
    return Party.objects.filter(lead=lead_id).values_list("opportunity", flat=True).first()


def is_seen(opportunity_id: int) -> bool:
    """Tell whether whoever asks may see a sale."""
    return Opportunity.objects.filter(_visible(), id=opportunity_id).exists()


def _visible() -> Q:
    """Return which sales one may see: those of members within one's reach, and those that their leads joined later."""
    members = team.reach().members
    if members is None:
        return Q()
    joined = Party.objects.filter(opportunity=OuterRef("pk"), lead__member__in=members)
    joined = joined.exclude(lead=OuterRef("lead"))
    return Q(member__in=members) | Q(Exists(joined))


def _as_seen(sale: Sale) -> Sale:
    if team.reach().covers(sale.member_id):
        return sale
    return replace(sale, name="", contact="", amount=None, step=None)


def _of(member_id: int | None) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.filter(_visible())
    return rows if member_id is None else rows.filter(member=member_id)


def _whole(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    return rows.select_related("member")


def _column(step: Step | None, today: date) -> str:
    if step is None:
        return "none"
    if step.due_on < today:
        return "overdue"
    return "soon" if step.due_on <= today + SOON else "later"


def _has_read_account(sale: Opportunity) -> bool:
    return "account" in sale._state.fields_cache  # noqa: SLF001 - Django's way to tell without asking the database


def _shown(rows: Sequence[Opportunity] | QuerySet[Opportunity]) -> list[Sale]:
    sales = list(rows)
    known = contacts.meant(each.contact_id for each in sales)
    read = {each.account_id: each.account.name for each in sales if _has_read_account(each) and each.account}
    unread = {each.account_id for each in sales if each.account_id} - read.keys()
    accounts = read | (contacts.account_names(unread) if unread else {})
    meant = {each.pk: known.get(each.contact_id, (each.contact_id, "")) for each in sales}
    steps = tasks.next_steps([("opportunity", each.pk) for each in sales])
    return [
        Sale(
            id=each.pk,
            name=each.name,
            contact_id=meant[each.pk][0],
            contact=meant[each.pk][1],
            account_id=each.account_id,
            account=accounts.get(each.account_id or 0, ""),
            member_id=each.member_id,
            member=each.member.name,
            state=State(each.state),
            amount=None if each.amount is None else Money(each.amount, each.currency),
            expected_on=each.expected_on,
            opened_at=each.opened_at,
            closed_at=each.closed_at,
            lost_to=Lost(each.lost_to) if each.lost_to else None,
            step=steps.get(("opportunity", each.pk)),
        )
        for each in sales
    ]
