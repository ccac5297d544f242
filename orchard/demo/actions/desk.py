"""What a member of the demo's Sales does at the desk: accept, call, plan, return, sell, each by the own habits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from orchard.demo.actions import papers
from orchard.demo.story import words
from orchard.demo.types import Habits
from orchard.interactions import queries as facts
from orchard.interactions.types import TOUCHES, TRIES, Fact
from orchard.kit.errors import Refused
from orchard.kit.money import Money
from orchard.leads import actions as leads
from orchard.leads import queries as desks
from orchard.leads.queries import InHands, Which
from orchard.opportunities import actions as opportunities
from orchard.opportunities import queries as pipeline
from orchard.opportunities.queries import Sale
from orchard.opportunities.types import Fields, Lost, State
from orchard.tasks import actions as tasks
from orchard.tasks import queries as steps
from orchard.tasks.types import Happened, Holder, NewStep, Step, Subject, What, When

_ZONE = "Europe/Vienna"
_ALL = 500
_TUESDAY = 1

_TRIES_ENOUGH = 6
"""So many tries in vain since a lead was accepted, and it goes back as not reached."""

_CHOSE_OTHER, _LOSES, _FORGETS, _MEETS = 0.25, 0.14, 0.03, 0.3
"""Shares: of those for whom now is not the time who chose somebody else; of sales lost at a visit, or forgotten; of
talks with who is ready that are meetings."""

_HARD_TO_REACH = 0.09
"""The share of people who hardly ever answer a call."""


class _Sort(NamedTuple):
    """How leads go of whom can decide, and of whom cannot, when they are reached.

    How many exchanges they need before they are ready to hear an offer; and how often a talk shows that they do not
    fit, that now is not the time, that they lose patience while not ready (against the seller's), that they want a
    sale when ready, and when not.
    """

    needs: tuple[int, int]
    no_fit: float
    not_now: float
    hurry: float
    converts: float
    converts_early: float


_DECIDES = _Sort(needs=(2, 6), no_fit=0.02, not_now=0.045, hurry=0.35, converts=0.45, converts_early=0.03)
_ASKS_OTHERS = _Sort(needs=(3, 8), no_fit=0.2, not_now=0.18, hurry=1.0, converts=0.25, converts_early=0.01)

_LATER = 4
"""By how many weeks more the next step of a sale may lie ahead: companies take their time."""


class Times(NamedTuple):
    """How the times are for converting, winning, losing and returning, against usual ones."""

    converts: float
    wins: float
    loses: float
    returns: float


class Desk:
    """A member of Sales at the desk on one day."""

    def __init__(
        self,
        chance: Random,
        habits: Habits,
        member: Holder,
        times: Times,
        now: datetime,
        *,
        keeps_papers: bool = False,
    ) -> None:
        self.chance, self.habits, self.times = chance, habits, times
        self.member, self.holder, self.now = member.pk, member, now
        self._keeps_papers = keeps_papers
        self._minutes = 0.0
        self._past: dict[int, list[Fact]] = {}

    def work(self, callers: Iterable[int]) -> None:
        """Accept what is offered, the rest runs out; then go through leads, sales and other steps that are due."""
        held = desks.in_hands(Which.ACCEPTED, member_id=self.member, size=_ALL).rows
        offered = desks.in_hands(Which.OFFERED, member_id=self.member, size=_ALL).rows
        due = [each for each in held if self._is_due(each.step) and self._happens(self.habits.keeps)]
        sales = pipeline.opportunities(State.OPEN, member_id=self.member, size=_ALL).rows
        self._recall([each.contact_id for each in (*due, *offered)])
        for lead in offered:
            if self._happens(self.habits.accepts):
                self._accept(lead)
        for lead in due:
            self._visit(lead)
        for sale in sales:
            if self._is_due(sale.step) and self._happens(self.habits.keeps):
                self._sell(sale)
        for contact_id in callers:
            self._take_call(contact_id)
        self._keep_promises()

    def _recall(self, contact_ids: Sequence[int]) -> None:
        """Look up what happened with these people so far."""
        for fact in facts.facts_of_kinds(contact_ids, TOUCHES | TRIES):
            if fact.contact_id is not None:
                self._past.setdefault(fact.contact_id, []).append(fact)

    def _accept(self, lead: InHands) -> None:
        low, high = self.habits.minutes
        at = self.now + timedelta(minutes=self.chance.uniform(low, high))
        if lead.due_at is not None:
            at = min(at, lead.due_at - timedelta(minutes=3))
        leads.accept(lead_id=lead.id, member_id=self.member, now=at)
        if self._happens(self.habits.tries_at_once):
            self._visit(lead, after=at)

    def _visit(self, lead: InHands, after: datetime | None = None) -> None:
        """Try a lead, then return it, make a sale of it, or plan on."""
        at = self._next_moment(after)
        about = ("lead", lead.id)
        sort = _DECIDES if lead.title in words.DECIDES else _ASKS_OTHERS
        answers, needs = self._nature(lead.name, sort)
        if not answers or not self._happens(self.habits.reaches):
            self._log(lead.contact_id, about, lead.step, self._in_vain(), at=at, plans=True)
            if self._tries_in_vain(lead) >= _TRIES_ENOUGH:
                self._give_back(lead, "no_answer", at=at)
            return
        ready = sum(each.kind in TOUCHES for each in self._past.get(lead.contact_id, ())) >= needs
        dice = self.chance.random()
        hurry = 0 if ready else sort.hurry * (1 - self.habits.patience)
        returned = sort.no_fit + (sort.not_now + hurry) * self.times.returns
        converts = (sort.converts if ready else sort.converts_early) * self.times.converts
        goes_on = dice >= returned + converts
        happened = Happened.HELD if ready and self._happens(_MEETS) else Happened.REACHED
        self._log(lead.contact_id, about, lead.step, happened, at=at, plans=goes_on)
        if happened is Happened.HELD and self._keeps_papers:
            papers.keep_card(lead, by=self.holder, now=at)
        if dice < sort.no_fit:
            self._give_back(lead, "not_a_fit", at=at, note=self.chance.choice(words.NO_FIT_NOTES))
        elif dice < returned:
            self._put_off(lead, at)
        elif not goes_on:
            deal = self._deal(lead)
            made = opportunities.convert(lead_id=lead.id, member_id=self.member, fields=deal, now=at)
            if self._keeps_papers:
                papers.keep_offer(lead, deal, by=self.holder, now=at)
            self._plan(lead.contact_id, ("opportunity", made), at)

    def _nature(self, name: str, sort: _Sort) -> tuple[bool, int]:
        """Return whether somebody answers calls, and how many exchanges he or she needs.

        It is one's own and always the same: by the name, as ids begin elsewhere in another database.
        """
        nature = Random(name)  # noqa: S311
        return nature.random() >= _HARD_TO_REACH, nature.randint(*sort.needs)

    def _tries_in_vain(self, lead: InHands) -> int:
        """Return how often somebody was tried since the lead was accepted, 0 once reached; this time included."""
        since = [each for each in self._past.get(lead.contact_id, ()) if each.occurred_at >= lead.since]
        return 0 if any(each.kind in TOUCHES for each in since) else 1 + len(since)

    def _put_off(self, lead: InHands, at: datetime) -> None:
        """Give a lead back whose time is not now, or who chose somebody else."""
        if self._happens(_CHOSE_OTHER) and self._give_back(lead, "chose_other", at=at):
            return
        wake_on = at.date() + timedelta(days=self.chance.randint(40, 130))
        self._give_back(
            lead, "wrong_timing", at=at, wake_on=wake_on, note=self.chance.choice(words.RETURN_NOTES)
        )

    def _give_back(
        self, lead: InHands, reason: str, *, at: datetime, wake_on: date | None = None, note: str = ""
    ) -> bool:
        """Return a lead if its agreement knows the reason and what it needs is there."""
        try:
            leads.give_back(
                lead_id=lead.id,
                member_id=self.member,
                reason=reason,
                wake_on=wake_on,
                note=note,
                zone=_ZONE,
                now=at,
            )
        except Refused:
            return False
        return True

    def _sell(self, sale: Sale) -> None:
        """Win a sale, lose it, or plan on; a few are left without a plan."""
        at, dice = self._next_moment(), self.chance.random()
        wins = self.habits.wins * self.times.wins
        loses = wins + _LOSES * self.times.loses
        about = ("opportunity", sale.id)
        if dice < wins and sale.amount is not None:
            self._log(sale.contact_id, about, sale.step, Happened.REACHED, at=at)
            share = self.chance.uniform(0.75, 1.05)
            amount = Money(round(sale.amount.minor * share / 100) * 100, sale.amount.currency)
            opportunities.win(
                opportunity_id=sale.id, member_id=self.member, amount=amount, on=at.date(), zone=_ZONE, now=at
            )
        elif dice < loses:
            opportunities.lose(
                opportunity_id=sale.id,
                member_id=self.member,
                reason=self.chance.choice(list(Lost)),
                note=self.chance.choice(words.LOST_NOTES),
                now=at,
            )
        elif dice < 1 - _FORGETS:
            happened = Happened.REACHED if self._happens(self.habits.reaches) else self._in_vain()
            self._log(sale.contact_id, about, sale.step, happened, at=at, plans=True, later=_LATER)
            if self._keeps_papers:
                papers.keep_sites(sale, by=self.holder, now=at)

    def _take_call(self, contact_id: int) -> None:
        """Open a sale with somebody who calls and wants to buy, unless there is a lead or a sale already."""
        at = self._next_moment()
        if pipeline.of_contacts([contact_id]):
            return
        try:
            made = opportunities.open_by_hand(
                contact_id=contact_id,
                member_id=self.member,
                fields=self._offer(self.chance.choice(words.DEALS)),
                now=at,
            )
        except Refused:
            return
        self._plan(contact_id, ("opportunity", made), at)

    def _keep_promises(self) -> None:
        """Do what programs ask for: write to those who came back, or call them."""
        for when in (When.OVERDUE, When.TODAY):
            for step in steps.open_of([self.holder], now=self.now, when=when, size=_ALL).rows:
                is_other = step.subject is None or step.subject[0] not in ("lead", "opportunity")
                if is_other and step.contact_id is not None and self._happens(self.habits.keeps):
                    reached = step.what is What.CALL and self._happens(self.habits.reaches)
                    in_vain = Happened.MAIL if step.what is What.MAIL else Happened.NO_ANSWER
                    happened = Happened.REACHED if reached else in_vain
                    self._log(step.contact_id, None, step, happened, at=self._next_moment())

    def _deal(self, lead: InHands) -> Fields:
        return self._offer(f"{self.chance.choice(words.DEALS)}, {lead.account or lead.name}")

    def _offer(self, name: str) -> Fields:
        amount = Money(int(self.chance.lognormvariate(11.2, 0.5)) * 100, "EUR")
        return Fields(name, amount, self.now.date() + timedelta(days=self.chance.randint(30, 120)))

    def _log(
        self,
        contact_id: int,
        about: Subject | None,
        does: Step | None,
        happened: Happened,
        *,
        at: datetime,
        plans: bool = False,
        later: int = 0,
    ) -> None:
        """Log what happened, with what was said; the next step is planned with it, unless that is forgotten."""
        talked = happened in (Happened.REACHED, Happened.HELD)
        tasks.log(
            happened=happened,
            contact_id=contact_id,
            member_id=self.member,
            key=UUID(int=self.chance.getrandbits(128), version=4),
            words=self.chance.choice(words.CALL_NOTES) if talked else "",
            subject=about,
            does=does.id if does else None,
            next_step=self._step(later) if plans and self._happens(self.habits.plans) else None,
            now=at,
        )

    def _plan(self, contact_id: int, about: Subject, at: datetime) -> None:
        step = self._step(_LATER)
        tasks.plan_step(
            what=step.what,
            due_on=step.due_on,
            title=step.title,
            member_id=self.member,
            made_by=self.member,
            contact_id=contact_id,
            subject=about,
            now=at,
        )

    def _step(self, later: int = 0) -> NewStep:
        what = self.chance.choice([What.CALL, What.CALL, What.MAIL])
        return NewStep(what, self._next_day(later), self.chance.choice(words.STEPS[what]))

    def _next_day(self, later: int) -> date:
        """Return a day on which they sit down again, within a fortnight, or up to `later` weeks after that."""
        ahead = (2, 7, 9) if self.now.weekday() == _TUESDAY else (5, 7, 12)
        return self.now.date() + timedelta(
            days=self.chance.choice(ahead), weeks=self.chance.randint(0, later)
        )

    def _next_moment(self, after: datetime | None = None) -> datetime:
        """Return the next free moment of the day, a while after `after` where it is given."""
        self._minutes = min(self._minutes + self.chance.uniform(3, 12), 430.0)
        at = self.now + timedelta(minutes=self._minutes)
        return at if after is None else max(at, after + timedelta(minutes=self.chance.uniform(5, 60)))

    def _in_vain(self) -> Happened:
        return self.chance.choice([Happened.NO_ANSWER, Happened.NO_ANSWER, Happened.MAIL])

    def _is_due(self, step: Step | None) -> bool:
        return step is None or step.due_on <= self.now.date()

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share
