"""The list of contacts: whom the words, the choice and the condition leave, each with score, verdict and last touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.contacts.queries import Count, ListedContact, Order
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS
from orchard.kit import paging
from orchard.leads import queries as leads
from orchard.reports import rules
from orchard.reports.queries.order import by_score
from orchard.reports.types import ContactRow, Show, Sort, Touch, Wish
from orchard.segments import queries as segments

PAGE = 40


@dataclass(frozen=True, slots=True)
class ContactList:
    """A page of contacts, how many there are and how many the wish leaves, and what a reader asks first."""

    page: paging.Page[ContactRow]
    everybody: Count
    found: Count
    ripe: int
    doubts: int
    has_agreement: bool


def contact_list(wish: Wish, *, now: datetime, size: int = PAGE) -> ContactList:
    """Return what a list of contacts shows."""
    ids = _left_by(wish, now)
    owner = wish.member_id if wish.show is Show.MINE else None
    listed = _listed(wish, ids, owner, size)
    everybody = contacts.count_contacts()
    return ContactList(
        page=paging.Page(rows_of(listed.rows, now=now), listed.next, listed.previous),
        everybody=everybody,
        found=_found(wish, ids, owner) if wish.narrows else everybody,
        ripe=agreement.qualified_count(),
        doubts=contacts.open_doubts(),
        has_agreement=agreement.in_force() is not None,
    )


def rows_of(listed: Sequence[ListedContact], *, now: datetime) -> list[ContactRow]:
    """Return contacts with what the agreement, the basket and the ledger say of them, in the same order."""
    ids = [row.id for row in listed]
    decided = agreement.decided_of(ids)
    open_leads = {lead.contact_id: lead for lead in leads.handoffs_of(ids, now=now) if lead.is_open}
    touches, stages = ledger.last_touches(ids), agreement.stages_of(ids)
    rows = []
    for row in listed:
        verdict, lead, touch = decided.get(row.id), open_leads.get(row.id), touches.get(row.id)
        rows.append(
            ContactRow(
                id=row.id,
                name=row.full_name or "",
                title=row.title or "",
                email=row.email or "",
                phone=row.phone or "",
                account_id=row.account_id,
                account=row.account_name or "",
                owner=row.owner_name or "",
                tenths=verdict.tenths if verdict else None,
                score_at=verdict.score_at if verdict else None,
                ripeness=rules.ripeness(
                    qualified=verdict.qualified, tenths=verdict.tenths, reasons=verdict.reasons
                )
                if verdict
                else None,
                stage="" if stages[row.id].since is None else stages[row.id].label,
                lead_since=lead.ripe_at if lead else None,
                stale=bool(lead and lead.waits and lead.stale),
                touch=Touch(KINDS[touch.kind].label, KINDS[touch.kind].icon, touch.occurred_at)
                if touch
                else None,
            )
        )
    return rows


def _left_by(wish: Wish, now: datetime) -> frozenset[int] | None:
    """Return whom choice and condition leave; None where they leave everybody."""
    left: frozenset[int] | None = None
    if wish.condition is not None:
        left = segments.contacts_matching(wish.condition, now=now, walking=bool(wish.cursor)).contact_ids
    chosen = {Show.RIPE: agreement.qualified_ids, Show.BASKET: leads.waiting_ids}.get(wish.show)
    if chosen is not None:
        left = frozenset(chosen()) if left is None else left & frozenset(chosen())
    return left


def _found(wish: Wish, ids: frozenset[int] | None, owner: int | None) -> Count:
    """Return how many the wish leaves: exactly where choice and condition alone have said who."""
    if ids is not None and owner is None and not wish.search.strip():
        return Count(len(ids))
    return contacts.count_contacts(search=wish.search, owner_id=owner, ids=ids)


def _listed(
    wish: Wish, ids: frozenset[int] | None, owner: int | None, size: int
) -> paging.Page[ListedContact]:
    if wish.sort is not Sort.SCORE:
        order = Order.NAME if wish.sort is Sort.NAME else Order.NEWEST
        return contacts.contacts(
            search=wish.search,
            owner_id=owner,
            ids=ids,
            order=order,
            cursor=wish.cursor,
            size=size,
        )
    if wish.search.strip() or owner is not None:
        ids = frozenset(contacts.contact_ids(search=wish.search, owner_id=owner, ids=ids))
    page = by_score(ids=ids, cursor=wish.cursor, size=size)
    known = {row.id: row for row in contacts.contacts(ids=[each for each, _ in page.rows], size=size).rows}
    return paging.Page([known[each] for each, _ in page.rows if each in known], page.next, page.previous)
