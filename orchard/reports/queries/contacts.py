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
from orchard.leads.queries import Handoff
from orchard.reports import rules
from orchard.reports.queries.order import by_score
from orchard.reports.types import EVERYTHING, ContactRow, Show, Sort, Tells, Touch, Wish
from orchard.segments import queries as segments


@dataclass(frozen=True, slots=True)
class ContactCounts:
    """How many contacts there are and how many a wish leaves, how many are ripe, and how many pairs are in doubt.

    `others` are how many more it leaves whom others hold. Of those, words and conditions tell nothing, or one could ask
    until it is told who they are.
    """

    everybody: Count
    found: Count
    others: int
    ripe: int
    doubts: int
    has_agreement: bool


@dataclass(frozen=True, slots=True)
class ContactList:
    """The contacts that a wish leaves, ready to be walked, and how many they are."""

    wish: Wish
    now: datetime
    ids: frozenset[int] | None
    """Whom choice and condition leave, by score also the words; None where they leave everybody."""
    tells: frozenset[Tells]

    def page(self, cursor: str, size: int) -> paging.Page[ContactRow]:
        """Return one page of them."""
        found = contacts_by(self.wish, self.ids, cursor, size)
        return paging.Page(rows_of(found.rows, now=self.now, tells=self.tells), found.next, found.previous)

    def counts(self) -> ContactCounts:
        """Return how many there are and how many the wish leaves, and what a reader asks first."""
        everybody = contacts.count_contacts()
        return ContactCounts(
            everybody=everybody,
            found=_found(self.wish, self.ids) if self.wish.narrows else everybody,
            others=self._others(),
            ripe=len(self.ids or ()) if self._is_all_ripe else agreement.qualified_count(),
            doubts=contacts.open_doubts(),
            has_agreement=agreement.in_force_terms() is not None,
        )

    @property
    def _is_all_ripe(self) -> bool:
        """Whether the wish leaves those who are ripe, and all of them."""
        wish = self.wish
        return wish.show is Show.RIPE and not (wish.search.strip() or wish.owner_id or wish.condition)

    def _others(self) -> int:
        if self.wish.search.strip() or self.wish.owner_id is not None or self.wish.condition is not None:
            return 0
        hidden = contacts.hidden_ids()
        return len(hidden if self.ids is None else hidden & self.ids)


def contact_list(
    wish: Wish, *, now: datetime, walking: bool = False, tells: frozenset[Tells] = EVERYTHING
) -> ContactList:
    """Return the list of contacts that a wish asks for, each row with what it `tells`.

    `walking` from page to page keeps to whom a condition left at the first one.
    """
    ids = _left_by(wish, now, walking=walking)
    if wish.by.key == Sort.SCORE and (wish.search.strip() or wish.owner_id is not None):
        ids = frozenset(contacts.contact_ids(search=wish.search, owner_id=wish.owner_id, ids=ids))
    return ContactList(wish, now, ids, tells)


def rows_of(
    listed: Sequence[ListedContact],
    *,
    now: datetime,
    tells: frozenset[Tells] = EVERYTHING,
    known: Sequence[Handoff] | None = None,
) -> list[ContactRow]:
    """Return contacts with what the agreement, the basket and the ledger say of them, in the same order.

    What is not among `tells` is not asked for, and stands in no row; `known` are their hand-offs, where read already.
    """
    ids = [row.id for row in listed]
    decided = agreement.decided_of(ids) if Tells.VERDICT in tells else {}
    if known is None:
        known = leads.handoffs_of(ids, now=now) if Tells.LEAD in tells else []
    open_leads = {lead.contact_id: lead for lead in known if lead.is_open}
    touches = ledger.last_touches(ids) if Tells.TOUCH in tells else {}
    stages = agreement.stages_of(ids) if Tells.STAGE in tells else {}
    rows = []
    for row in listed:
        verdict, lead = decided.get(row.id), open_leads.get(row.id)
        touch = touches[row.id].fact if row.id in touches else None
        stage = stages.get(row.id)
        rows.append(
            ContactRow(
                id=row.id,
                name=row.full_name or "",
                title=row.title or "",
                email=row.email or "",
                phone=row.phone or "",
                account_id=row.account_id,
                account=row.account_name or "",
                country=row.country or "",
                owner=row.owner_name or "",
                created_at=row.created_at,
                tenths=verdict.tenths if verdict else None,
                score_at=verdict.score_at if verdict else None,
                ripeness=rules.ripeness(
                    qualified=verdict.qualified,
                    tenths=verdict.tenths,
                    reasons=verdict.reasons,
                    because=verdict.because,
                )
                if verdict
                else None,
                stage=stage.label if stage and stage.since else "",
                lead_since=lead.ripe_at if lead else None,
                waits=bool(lead and lead.waits),
                stale=bool(lead and lead.waits and lead.stale),
                touch=Touch(KINDS[touch.kind].label, KINDS[touch.kind].icon, touch.occurred_at)
                if touch
                else None,
            )
        )
    return rows


def _left_by(wish: Wish, now: datetime, *, walking: bool) -> frozenset[int] | None:
    """Return whom choice and condition leave; None where they leave everybody."""
    left: frozenset[int] | None = None
    if wish.condition is not None:
        left = segments.contacts_matching(wish.condition, now=now, walking=walking).contact_ids
    chosen = {Show.RIPE: agreement.qualified_ids, Show.BASKET: leads.waiting_ids}.get(wish.show)
    if chosen is not None:
        left = frozenset(chosen()) if left is None else left & frozenset(chosen())
    return left


def _found(wish: Wish, ids: frozenset[int] | None) -> Count:
    """Return how many the wish leaves: exactly where it is known who."""
    worded = wish.owner_id is not None or bool(wish.search.strip())
    if ids is not None and (wish.by.key == Sort.SCORE or not worded):
        hidden = contacts.hidden_ids()
        return Count(len(ids - hidden) if hidden else len(ids))
    return contacts.count_contacts(search=wish.search, owner_id=wish.owner_id, ids=ids)


def contacts_by(wish: Wish, ids: frozenset[int] | None, cursor: str, size: int) -> paging.Page[ListedContact]:
    """Return one page of the contacts that a wish leaves, in its order."""
    sort, down = Sort(wish.by.key), wish.by.down
    if sort is not Sort.SCORE:
        return contacts.contacts(
            search=wish.search,
            owner_id=wish.owner_id,
            ids=ids,
            order=Order.NAME if sort is Sort.NAME else Order.NEWEST,
            turned=down == (sort is Sort.NAME),
            cursor=cursor,
            size=size,
        )
    page = by_score(ids=ids, cursor=cursor, size=size, turned=not down)
    known = {row.id: row for row in contacts.contacts(ids=[each for each, _ in page.rows], size=size).rows}
    return paging.Page([known[each] for each, _ in page.rows if each in known], page.next, page.previous)
