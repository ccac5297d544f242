"""In whatever order people enter, are held and let go, merge, part and go: one next step each, or a recorded end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts import queries as known
from orchard.contacts.models import Merge
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.models import Interaction
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads.models import Lead
from orchard.nurture import actions
from orchard.nurture.models import Enrolment
from orchard.nurture.types import OPEN
from orchard.tasks.models import Task
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe, tick
from tests.make.programs import CALL, WAIT, enrolment_of, later, live, marketer, next_version, returns, said

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ACTS = ("let_in", "offer", "lift", "wait", "merge", "part", "erase", "pause", "resume", "take_out", "version")
READER = [flow.consumer("nurture.enrolments")]


class Loop:
    """A program with a loop, four people, and what can happen to them."""

    def __init__(self):
        self.sam = marketer()
        steps = [{**WAIT, "days": 2, "name": "again"}, CALL, {"type": "go", "to": "again"}]
        self.values = said(*steps)
        self.program = live(self.values, by=self.sam, sweeps=False)
        self.people = [contact(f"Ada {number}") for number in range(4)]
        self.now = clock.now()
        self.begun = {}

    def do(self, act, who):
        person = self.people[who]
        with clock.at(self.now), transaction.atomic():
            getattr(self, act)(person)
        with clock.at(self.now):
            ledger.drain(READER)
            actions.move(now=self.now)

    def let_in(self, person):
        actions.let_in(program_id=self.program.pk, contact_id=person, actor_id=self.sam.pk, now=self.now)

    def offer(self, person):
        contacts.hold([contacts.Held(person, person, None)], source_kind="lead", now=self.now)
        happened(person, "lead.offered")

    def lift(self, person):
        contacts.lift([person], source_kind="lead", now=self.now)
        happened(person, "lead.expired")

    def wait(self, _person):
        self.now += timedelta(days=1, hours=5)

    def merge(self, person):
        other = self.people[(self.people.index(person) + 1) % len(self.people)]
        contacts.merge(survivor_id=person, loser_id=other, now=self.now, actor_id=None)

    def part(self, _person):
        last = Merge.objects.filter(undone_at=None).order_by("id").last()
        if last:
            contacts.unmerge(merge_id=last.id, now=self.now, actor_id=None)

    def erase(self, person):
        contacts.erase_contact(contact_id=person, now=self.now, actor_id=None)

    def pause(self, _person):
        actions.pause(program_id=self.program.pk, actor_id=self.sam.pk, now=self.now)

    def resume(self, _person):
        actions.resume(program_id=self.program.pk, actor_id=self.sam.pk, now=self.now)

    def take_out(self, person):
        found = Enrolment.objects.filter(contact=person, state__in=OPEN).first()
        if found:
            actions.take_out(enrolment_id=found.pk, actor_id=self.sam.pk, now=self.now)

    def version(self, _person):
        with clock.at(self.now):
            next_version(self.program, self.values, by=self.sam)

    def check(self):
        """See that every row has a next step or an end, that what stands still is held, and that versions are kept."""
        self.program.refresh_from_db()
        held = contacts_held(self.people)
        living = {}
        for row in Enrolment.objects.all():
            assert self.begun.setdefault(row.pk, row.version_id) == row.version_id
            if row.state in OPEN:
                assert (row.due_at is None) == (row.state == "held")
                assert (row.remaining is None) == (row.state == "active")
                assert (row.state == "held") == (self.program.paused_at is not None or row.contact_id in held)
                assert row.contact_id not in living, "two of one contact"
                living[row.contact_id] = row
                if row.state == "active":
                    assert row.due_at > self.now or row.steps_done
            else:
                assert (row.ended_at is None, row.outcome == "", row.due_at) == (False, False, None)


def contacts_held(people):
    return set(known.held(set(facts.living(people).values())))


ORDERS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), min_size=4, max_size=24)


@pytest.mark.parametrize("orders", [20, pytest.param(120, marks=pytest.mark.slow)])
def test_each_has_exactly_one_next_step_or_a_recorded_end(orders):
    @settings(max_examples=orders, suppress_health_check=[HealthCheck.too_slow])
    @given(ORDERS)
    def whatever_happens(acts):
        with clock.at(MONDAY), transaction.atomic():
            loop = Loop()
            for act, who in acts:
                try:
                    loop.do(act, who)
                except Refused:
                    with clock.at(loop.now):
                        ledger.drain(READER)
                loop.check()
            transaction.set_rollback(True)

    whatever_happens()


@pytest.mark.parametrize("turns", [25, pytest.param(1_000, marks=pytest.mark.slow)])
def test_each_turn_of_a_ring_adds_the_same_few_facts_and_each_return_enters_once(turns):
    """The program's task leads to a return, which enrols into the same program, and so on."""
    with clock.at(MONDAY):
        version = agreements.in_force(AGREEMENT)
        lars = rep()
        live(said(CALL), sweeps=False)
        ada, counts = contact("Ada"), []
        for turn in range(turns):
            before = Interaction.objects.count()
            lead = returned_once_more(ada, lars, version.id)
            ledger.drain(READER)
            while actions.move(now=clock.now()):
                ledger.drain(READER)
            Task.objects.filter(contact_id=ada, dropped_at=None).update(dropped_at=clock.now())
            counts.append(Interaction.objects.count() - before)
            assert enrolment_of(ada).outcome == "finished", turn
            assert lead.reason == "too_early"
    assert set(counts) == {4}  # the return, entered, the task planned, left
    causes = list(Enrolment.objects.values_list("cause_id", flat=True))
    assert len(causes) == len(set(causes)) == turns


def returned_once_more(contact_id, member, version_id):
    """Make a lead that came back, with its fact."""
    now = clock.now()
    lead = Lead.objects.create(
        contact_id=contact_id,
        state="returned",
        version_id=version_id,
        total=0,
        lines=[0],
        met=[True, False],
        score=0,
        cause_id=-Lead.objects.count() - 1,
        ripe_at=now,
        stale_at=now,
        member=member,
        reason="too_early",
        closed_at=now,
        eligible_at=now,
    )
    with transaction.atomic():
        ledger.append(
            [NewFact("lead.returned", now, contact_id=contact_id, subject=("lead", lead.pk))], now=now
        )
    return lead


def test_the_whole_way_round_thrice_enters_once_for_each_return():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        rep()
        live(said({"type": "end", "outcome": "seen"}, goal={"becomes_lead": True}))
        ada = ripe("Ada")
        tick()
        for turn in range(1, 4):
            returns(ada)
            tick()
            assert Enrolment.objects.count() == turn
            with later(days=21 * turn):
                happened(ada, "quote.requested")
                drain()
                tick()
                assert lead_of(ada).state == "offered"
