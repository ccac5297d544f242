"""A member's day: who, why, until when, and what was done already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS
from orchard.leads import queries as leads
from orchard.leads.queries import InHands, Waiting
from orchard.opportunities import queries as opportunities
from orchard.opportunities.queries import Sale
from orchard.opportunities.types import State
from orchard.picking import rules
from orchard.picking.types import MOST, Candidate, Reason
from orchard.tasks import queries as tasks
from orchard.tasks.queries import SetAside
from orchard.tasks.types import Holder, Step, What, When

_LOOKED_AT = 100
"""Of each sort, so many that come first are looked at: more never stand in one day."""


class Picker(Holder, Protocol):
    """What the day needs to know of a member."""

    capacity: int


@dataclass(frozen=True, slots=True)
class Touched:
    """The last real exchange with somebody: in a word, when, and its number among theirs."""

    what: str
    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day: somebody, why, and what it is about; one of lead, waiting, sale and step is there.

    `can_wait` says whether it may be put aside.
    """

    reason: Reason
    contact_id: int | None
    name: str
    title: str
    account: str
    phone: str
    lead: InHands | None
    waiting: Waiting | None
    sale: Sale | None
    step: Step | None
    touched: Touched | None
    can_wait: bool

    @property
    def key(self) -> str:
        """What the line is about, as addresses name it: `lead-7`, `sale-3` or `step-12`."""
        about = {"lead": self.lead or self.waiting, "sale": self.sale, "step": self.step}
        return next(f"{what}-{each.id}" for what, each in about.items() if each)


@dataclass(frozen=True, slots=True)
class Day:
    """A member's day. `more` is how many names did not fit; meetings are those of today that are to come.

    `aside` are those whom the member left out of it, each with the name; `kept` is the line that was wanted, in the day
    or not.
    """

    lines: Sequence[Line]
    more: int
    done: int
    meetings: int
    aside: Sequence[tuple[str, SetAside]] = ()
    kept: Line | None = None

    @property
    def left(self) -> int:
        """How many names are left, those that did not fit included."""
        return len(self.lines) + self.more


def today(member: Picker, *, now: datetime, keeps: str = "") -> Day:
    """Return the day of a member: clocks, steps due, what has no step, and the basket as far as it fits.

    `keeps` is the key of a line that is wanted also where the day has it no more, if it is still in the member's hands.
    """
    offered, accepted = leads.offered_and_accepted(member.pk, size=_LOOKED_AT)
    sales = opportunities.opportunities(State.OPEN, member_id=member.pk, size=_LOOKED_AT).rows
    steps = [
        step
        for when in (When.OVERDUE, When.TODAY)
        for step in tasks.open_of([member], now=now, when=when, size=_LOOKED_AT).rows
    ]
    aside = tasks.aside_of(member, now=now)
    out = {each.contact_id for each in aside}
    fits = min(MOST, max(0, member.capacity - len(offered) - len(accepted)))
    found = leads.basket(now=now, size=fits + len(out), for_member=member.pk).rows if fits else []
    waiting = [each for each in found if each.contact_id not in out][:fits]
    candidates = [
        *(Candidate(Reason.ACCEPT, each.contact_id, each.due_at, lead_id=each.id) for each in offered),
        *(
            Candidate(Reason.ATTEMPT, each.contact_id, each.attempt_due_at, lead_id=each.id)
            for each in accepted
            if each.attempt_due_at is not None
        ),
        *(
            Candidate(Reason.STEP, each.contact_id, each.starts_at or each.due_on, step_id=each.id)
            for each in steps
        ),
        *(
            Candidate(Reason.NO_STEP, each.contact_id, each.rots_at, lead_id=each.id)
            for each in accepted
            if each.flagged
        ),
        *(Candidate(Reason.NO_STEP, each.contact_id, sale_id=each.id) for each in sales if each.flagged),
        *(Candidate(Reason.BASKET, each.contact_id, lead_id=each.id, score=each.score) for each in waiting),
    ]
    chosen, more = rules.day(each for each in candidates if not rules.is_left_out(each, out, now=now))
    names = contacts.names(out) if out else {}
    held = {each.id: each for each in (*offered, *accepted)}
    in_hands = (
        *candidates,
        *(Candidate(Reason.ATTEMPT, each.contact_id, each.rots_at, lead_id=each.id) for each in accepted),
        *(Candidate(Reason.NO_STEP, each.contact_id, sale_id=each.id) for each in sales),
    )
    kept = _kept(keeps, chosen, in_hands)
    wanted = [*chosen, kept] if kept and kept not in chosen else chosen
    lines = _lines(
        wanted,
        held,
        {each.id: each for each in waiting},
        {each.id: each for each in sales},
        {each.id: each for each in steps},
        now=now,
    )
    return Day(
        lines=lines[: len(chosen)],
        more=more,
        done=tasks.done_on(member, now=now),
        meetings=sum(
            each.what is What.MEETING and each.ends_at is not None and each.ends_at > now for each in steps
        ),
        aside=[(names[each.contact_id], each) for each in aside if each.contact_id in names],
        kept=lines[wanted.index(kept)] if kept else None,
    )


def _kept(key: str, chosen: Sequence[Candidate], others: Iterable[Candidate]) -> Candidate | None:
    """Return what a key names; where another line is about the same person, that one."""
    about = next((each for each in (*chosen, *others) if each.key == key), None) if key else None
    if about is None or about.contact_id is None:
        return about
    return next((each for each in chosen if each.contact_id == about.contact_id), about)


def _lines(
    chosen: Sequence[Candidate],
    held: dict[int, InHands],
    waiting: dict[int, Waiting],
    sales: dict[int, Sale],
    steps: dict[int, Step],
    *,
    now: datetime,
) -> list[Line]:
    ids = [each.contact_id for each in chosen if each.contact_id is not None]
    known = {row.id: row for row in contacts.contacts(ids=ids, size=len(ids)).rows} if ids else {}
    touches = ledger.last_touches(ids)
    found = []
    for each in chosen:
        person, touch = known.get(each.contact_id or 0), touches.get(each.contact_id or 0)
        found.append(
            Line(
                reason=each.reason,
                contact_id=each.contact_id,
                name=(person.full_name if person else "") or "",
                title=(person.title if person else "") or "",
                account=(person.account_name if person else "") or "",
                phone=(person.phone if person else "") or "",
                lead=held.get(each.lead_id or 0),
                waiting=waiting.get(each.lead_id or 0),
                sale=sales.get(each.sale_id or 0),
                step=steps.get(each.step_id or 0),
                touched=Touched(KINDS[touch.fact.kind].label, touch.fact.occurred_at, touch.touch or 0)
                if touch
                else None,
                can_wait=rules.can_wait(each, now=now),
            )
        )
    return found
