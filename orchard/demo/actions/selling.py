"""What the demo's Sales does twice a week: accept, call, plan, return, sell; two members with habits of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from orchard.demo.story import words
from orchard.demo.types import Week
from orchard.kit.errors import Refused
from orchard.kit.money import Money
from orchard.leads import actions as leads
from orchard.leads import queries as desks
from orchard.leads.queries import InHands, Which
from orchard.nurture import actions as nurture
from orchard.opportunities import actions as opportunities
from orchard.opportunities import queries as pipeline
from orchard.opportunities.queries import Sale
from orchard.opportunities.types import Fields, Lost, State
from orchard.tasks import actions as tasks
from orchard.tasks import queries as steps
from orchard.tasks.types import Happened, Step, Subject, What

TUESDAY, THURSDAY = 1, 3
_TEN = time(8, 30)
"""When they sit down, in UTC: mid-morning in Vienna, in summer and in winter."""

_LOST, _KEPT_IN_MIND, _COMES_AGAIN = 0.06, 0.95, 0.7
"""Shares: of sales lost at a visit, of sales that are not forgotten, of leads returned that may come again."""

_ALL = 500
_ZONE = "Europe/Vienna"


@dataclass(frozen=True, slots=True)
class Habits:
    """How a member works, each as a share: of offers accepted, of calls reached, of visits planned on, and so on."""

    accepts: float
    reaches: float
    plans: float
    returns: float
    converts: float
    wins: float


MANAGER = "manager@demo.example"

HABITS: Mapping[str, Habits] = {
    "sales@demo.example": Habits(0.93, 0.45, 0.92, 0.16, 0.14, 0.09),
    "sales2@demo.example": Habits(0.82, 0.60, 0.78, 0.10, 0.20, 0.12),
}


def moments(week: Week) -> Iterator[datetime]:
    """Yield when Sales sits down within a week, in order."""
    begin = week.end - timedelta(weeks=1)
    days = (begin.date() + timedelta(days=number) for number in range(8))
    found = (
        datetime.combine(day, _TEN, week.end.tzinfo) for day in days if day.weekday() in (TUESDAY, THURSDAY)
    )
    yield from (at for at in found if begin <= at < week.end)


def sit_down(*, seed: int, ids: Mapping[str, int], now: datetime) -> None:
    """Let time do its part, leads be offered, and each member of Sales work through the own desk."""
    chance = Random(f"{seed} sales {now:%Y-%m-%d}")  # noqa: S311 - a story, not a secret
    leads.expire(now=now)
    leads.tell_late_attempts(now=now)
    leads.rot(now=now)
    leads.wake(now=now)
    leads.route_anew(now=now)
    while nurture.move(now=now):
        pass
    while leads.draw(now=now):
        pass
    for lead in desks.in_hands(Which.ESCALATED, size=_ALL).rows:
        seller = ids[chance.choice(list(HABITS))]
        leads.reassign(lead_id=lead.id, member_id=seller, actor_id=ids[MANAGER], now=now)
    for email, habits in HABITS.items():
        _Seller(chance, habits, ids[email], now).work()
    for email in (MANAGER, *HABITS):
        if told := steps.notices(ids[email]).rows:
            tasks.see_all(member_id=ids[email], upto=told[0].id, now=now)


@dataclass(frozen=True, slots=True)
class _Seller:
    """A member of Sales at the desk."""

    chance: Random
    habits: Habits
    member: int
    now: datetime

    def work(self) -> None:
        """Accept most of what is offered, the rest runs out; then go through leads and sales whose step is due."""
        for lead in desks.in_hands(Which.OFFERED, member_id=self.member, size=_ALL).rows:
            if self.chance.random() < self.habits.accepts:
                leads.accept(lead_id=lead.id, member_id=self.member, now=self._after(20))
        for lead in desks.in_hands(Which.ACCEPTED, member_id=self.member, size=_ALL).rows:
            if self._is_due(lead.step) and self.chance.random() < self.habits.plans:
                self._visit(lead)
        for sale in pipeline.opportunities(State.OPEN, member_id=self.member, size=_ALL).rows:
            if self._is_due(sale.step):
                self._sell(sale)

    def _visit(self, lead: InHands) -> None:
        """Try an accepted lead, then return it, make a sale of it, or plan on."""
        about = ("lead", lead.id)
        if self._log(lead.contact_id, about, lead.step) is not Happened.REACHED:
            if not self._gave_back(lead, "no_answer"):
                self._plan(lead.contact_id, about)
            return
        dice = self.chance.random()
        if dice < self.habits.returns:
            self._give_back(lead)
        elif dice < self.habits.returns + self.habits.converts:
            made = opportunities.convert(
                lead_id=lead.id, member_id=self.member, fields=self._deal(lead), now=self._after(60)
            )
            self._plan(lead.contact_id, ("opportunity", made))
        else:
            self._plan(lead.contact_id, about)

    def _sell(self, sale: Sale) -> None:
        """Win a sale, lose it, or plan on; a few are left without a plan."""
        at, dice = self._after(180), self.chance.random()
        if dice < self.habits.wins and sale.amount is not None:
            share = self.chance.uniform(0.75, 1.05)
            amount = Money(round(sale.amount.minor * share / 100) * 100, sale.amount.currency)
            opportunities.win(
                opportunity_id=sale.id, member_id=self.member, amount=amount, on=at.date(), zone=_ZONE, now=at
            )
        elif dice < self.habits.wins + _LOST:
            opportunities.lose(
                opportunity_id=sale.id,
                member_id=self.member,
                reason=self.chance.choice(list(Lost)),
                note=self.chance.choice(words.LOST_NOTES),
                now=at,
            )
        elif dice < _KEPT_IN_MIND:
            about = ("opportunity", sale.id)
            self._log(sale.contact_id, about, sale.step)
            self._plan(sale.contact_id, about)

    def _give_back(self, lead: InHands) -> None:
        if self.chance.random() < _COMES_AGAIN:
            wake_on = self._after(60).date() + timedelta(days=self.chance.randint(45, 160))
            note = self.chance.choice(words.RETURN_NOTES)
            self._gave_back(lead, "wrong_timing", wake_on=wake_on, note=note)
        else:
            self._gave_back(lead, "not_a_fit", note=self.chance.choice(words.NO_FIT_NOTES))

    def _gave_back(self, lead: InHands, reason: str, *, wake_on: date | None = None, note: str = "") -> bool:
        """Return a lead if the reason can be given by now."""
        try:
            leads.give_back(
                lead_id=lead.id,
                member_id=self.member,
                reason=reason,
                wake_on=wake_on,
                note=note,
                zone=_ZONE,
                now=self._after(60),
            )
        except Refused:
            return False
        return True

    def _deal(self, lead: InHands) -> Fields:
        name = f"{self.chance.choice(words.DEALS)}, {lead.account or lead.name}"
        amount = Money(int(self.chance.lognormvariate(11.2, 0.7)) * 100, "EUR")
        return Fields(name, amount, self.now.date() + timedelta(days=self.chance.randint(30, 120)))

    def _log(self, contact_id: int, about: Subject, does: Step | None) -> Happened:
        reached = self.chance.random() < self.habits.reaches
        in_vain = self.chance.choice([Happened.NO_ANSWER, Happened.NO_ANSWER, Happened.MAIL])
        tasks.log(
            happened=Happened.REACHED if reached else in_vain,
            contact_id=contact_id,
            member_id=self.member,
            key=UUID(int=self.chance.getrandbits(128), version=4),
            words=self.chance.choice(words.CALL_NOTES) if reached else "",
            subject=about,
            does=does.id if does else None,
            now=self._after(30),
        )
        return Happened.REACHED if reached else in_vain

    def _plan(self, contact_id: int, about: Subject) -> None:
        what = self.chance.choice([What.CALL, What.CALL, What.MAIL])
        tasks.plan_step(
            what=what,
            due_on=self._next_day(),
            title=self.chance.choice(words.STEPS[what]),
            member_id=self.member,
            made_by=self.member,
            contact_id=contact_id,
            subject=about,
            now=self._after(60),
        )

    def _next_day(self) -> date:
        """Return a day on which they sit down again, within ten."""
        ahead = (2, 7, 9) if self.now.weekday() == TUESDAY else (5, 7, 12)
        return self.now.date() + timedelta(days=self.chance.choice(ahead))

    def _is_due(self, step: Step | None) -> bool:
        return step is None or step.due_on <= self.now.date()

    def _after(self, minutes: int) -> datetime:
        return self.now + timedelta(minutes=minutes)
