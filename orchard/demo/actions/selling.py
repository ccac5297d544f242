"""What the demo's Sales does on two mornings a week: time does its part, leads are offered, each works at the desk."""

from datetime import datetime
from random import Random

from django.db import transaction

from orchard.demo import story
from orchard.demo.actions.desk import Desk, Times
from orchard.demo.actions.living import UNKNOWN, Crowd
from orchard.demo.types import Part, Size
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.leads import actions as leads
from orchard.leads import queries as desks
from orchard.leads.queries import Which
from orchard.nurture import actions as nurture
from orchard.tasks import actions as tasks
from orchard.tasks import queries as steps
from orchard.team import queries as members

_ALL = 500

_COME_AGAIN = 0.5
"""The share of those who may be leads again who ask for something within days: they were told when we would call."""

_ASKS = (("quote.requested", "question.asked"), ("sample.requested",), ("quote.requested",))

_PAPERS_FROM = 60
"""From this week on Sales keeps papers: a few, of those who are on the desks today."""

_HARD, _USUAL = Times(0.5, 0.25, 1.3, 1.4), Times(1.0, 1.0, 1.0, 1.0)
"""How the bad quarter is, and all others: for converting, winning, losing and returning."""


class Sales:
    """Those who sell, and where they have read on to."""

    def __init__(self, *, seed: int, size: Size) -> None:
        self._seed, self._read = seed, facts.head()
        self._manager = members.member_by_email(story.team.MANAGER).id
        self._sellers = [(each, members.member_by_email(each.email)) for each in story.team.sellers(size)]

    def sit_down(self, part: Part, crowd: Crowd, *, now: datetime) -> None:
        """Let time do its part, leads be offered, and each seller work through the own desk."""
        chance = Random(f"{self._seed} sales {now:%Y-%m-%d}")  # noqa: S311 - a story, not a secret
        _let_time_pass(now)
        self._come_again(chance, now)
        _offer(now)
        self._give_what_nobody_took(chance, now)
        times = _times(part.week, now)
        callers = [crowd[place] for place in part.callers if crowd[place] != UNKNOWN]
        for place, (seller, member) in enumerate(self._sellers):
            calls = callers[place :: len(self._sellers)]
            desk = Desk(chance, seller.habits, member, times, now, keeps_papers=part.week >= _PAPERS_FROM)
            desk.work(calls)
        self._see(now)

    def _come_again(self, chance: Random, now: datetime) -> None:
        """Let some of those who may be leads again since the last time ask for something."""
        head = facts.head()
        eligible = facts.facts_between(after=self._read, upto=head, kinds=["lead.eligible"])
        self._read = head
        asked = [each.contact_id for each in eligible if each.contact_id and chance.random() < _COME_AGAIN]
        news = [NewFact(kind, now, contact_id=contact) for contact in asked for kind in chance.choice(_ASKS)]
        with transaction.atomic():
            ledger.append(news, now=now)

    def _give_what_nobody_took(self, chance: Random, now: datetime) -> None:
        """Let the manager give what is on her list to somebody, most of it."""
        for lead in desks.in_hands(Which.ESCALATED, size=_ALL).rows:
            if chance.random() < 0.85:  # noqa: PLR2004 - some waits until she is back
                _, member = chance.choice(self._sellers)
                leads.reassign(lead_id=lead.id, member_id=member.id, actor_id=self._manager, now=now)

    def _see(self, now: datetime) -> None:
        """Let everybody see the notices."""
        for member in (self._manager, *(member.id for _, member in self._sellers)):
            if told := steps.notices(member).rows:
                tasks.see_all(member_id=member, upto=told[0].id, now=now)


def _let_time_pass(now: datetime) -> None:
    for each in (leads.expire, leads.tell_late_attempts, leads.rot, leads.wake, leads.route_anew):
        each(now=now)
    while nurture.move(now=now):
        pass


def _offer(now: datetime) -> None:
    while leads.draw(now=now):
        pass


def _times(week: int, now: datetime) -> Times:
    """Return how the times are: hard in the bad quarter; and at the end of the year budgets are spent."""
    times = _HARD if week in story.calendar.BAD_WEEKS else _USUAL
    return times._replace(wins=times.wins * story.calendar.deciding(now.date()))
