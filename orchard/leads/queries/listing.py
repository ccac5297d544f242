"""Leads as other systems walk them: of all states, by whose and of whom they are, as far as somebody sees them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Least

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.leads.models import Lead, Offer
from orchard.leads.queries.desk import visible
from orchard.leads.queries.reasons import labels_of
from orchard.leads.types import State
from orchard.scoring.types import TENTH

PAGE = 50


class Order(StrEnum):
    """How leads are listed: the newest first, or those whose clock runs, the one that runs out next first."""

    NEWEST = "newest"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which leads: in one of these states, in a member's hands, of an account, of a contact under any of its ids."""

    states: Collection[State] = ()
    member_id: int | None = None
    account_id: int | None = None
    contact_id: int | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class Listed:
    """A lead in a list. `contact_id` is the living contact, `score` in tenths of a point, `due_at` when its offer ends.

    `reason` is the code by which it ended, `label` what the agreement of its time calls that.
    """

    id: int
    contact_id: int
    contact: str
    account_id: int | None
    account: str
    state: State
    stale: bool
    member_id: int | None
    member: str
    round: int
    score: int
    ripe_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    attempt_due_at: datetime | None
    rots_at: datetime | None
    closed_at: datetime | None
    reason: str
    label: str
    eligible_at: datetime | None


def listing(wish: Wish, *, now: datetime, cursor: str = "", size: int = PAGE) -> paging.Page[Listed]:
    """Return one page of the leads of a wish, as far as one may see them."""
    rows = _wished(wish).select_related("account", "member").annotate(offer_due_at=_due())
    if wish.order is Order.DUE:
        attempt = Case(When(attempted_at__isnull=True, then=F("attempt_due_at")))
        rows = rows.annotate(clock=Least(F("offer_due_at"), attempt, F("rots_at")))
        rows = rows.filter(clock__isnull=False)
    found = list(_from(rows, wish.order, cursor)[: size + 1])
    page = paging.page(found, size=size, cursor=cursor, key=lambda lead: _key(lead, wish.order))
    return paging.Page(_shown(page.rows, now), page.next, page.previous)


def _wished(wish: Wish) -> QuerySet[Lead]:
    rows = Lead.objects.filter(visible())
    if wish.states:
        rows = rows.filter(state__in=[str(state) for state in wish.states])
    if wish.member_id is not None:
        rows = rows.filter(member=wish.member_id)
    if wish.account_id is not None:
        rows = rows.filter(account=wish.account_id)
    if wish.contact_id is not None:
        living = ledger.living([wish.contact_id])[wish.contact_id]
        rows = rows.filter(contact__in=list(ledger.all_ids([living])))
    return rows


def _due() -> Subquery:
    """Return when the open offer of a lead ends; none has two."""
    running = Offer.objects.filter(lead=OuterRef("pk"), outcome="").values("lead")
    return Subquery(running.annotate(at=Max("due_at")).values("at"))


def _from(rows: QuerySet[Lead], order: Order, cursor: str) -> QuerySet[Lead]:
    """Return the rows of an order behind a cursor, or before it, in the direction of the cursor."""
    if order is Order.NEWEST:
        back, key = paging.decode(cursor, int)
        if key:
            rows = rows.filter(id__gt=key[0]) if back else rows.filter(id__lt=key[0])
        return rows.order_by("id" if back else "-id")
    back, key = paging.decode(cursor, datetime, int)
    if key:
        rows = rows.filter(_beyond(*key, back=back))
    by = ("-clock", "-id") if back else ("clock", "id")
    return rows.order_by(*by)


def _beyond(at: datetime, identity: int, *, back: bool) -> Q:
    if back:
        return Q(clock__lt=at) | Q(clock=at, id__lt=identity)
    return Q(clock__gt=at) | Q(clock=at, id__gt=identity)


def _key(lead: Lead, order: Order) -> Sequence[str | int | None]:
    if order is Order.NEWEST:
        return (lead.pk,)
    return (_annotated(lead, "clock").isoformat(), lead.pk)


def _annotated(lead: Lead, name: str) -> Any:
    return vars(lead)[name]


def _shown(rows: Sequence[Lead], now: datetime) -> list[Listed]:
    living = ledger.living(row.contact_id for row in rows)
    names, labels = contacts.names(set(living.values())), labels_of(rows)
    return [
        Listed(
            id=row.pk,
            contact_id=living[row.contact_id],
            contact=names.get(living[row.contact_id], ""),
            account_id=row.account_id,
            account=str(row.account) if row.account else "",
            state=State(row.state),
            stale=row.stale_at <= now,
            member_id=row.member_id,
            member=row.member.name if row.member else "",
            round=row.round,
            score=row.score // TENTH,
            ripe_at=row.ripe_at,
            accepted_at=row.accepted_at,
            due_at=_annotated(row, "offer_due_at"),
            attempt_due_at=None if row.attempted_at else row.attempt_due_at,
            rots_at=row.rots_at,
            closed_at=row.closed_at,
            reason=row.reason,
            label=labels.get(row.pk, ""),
            eligible_at=row.eligible_at,
        )
        for row in rows
    ]
