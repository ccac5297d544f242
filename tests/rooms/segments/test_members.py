"""Who is in a segment: kept while facts and time go on, the same as everybody asked anew, and rebuilt exactly."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts.models import Merge
from orchard.contacts.types import Entity, FieldType
from orchard.engine import lake
from orchard.engine.conditions import read
from orchard.interactions import actions as ledger
from orchard.interactions import queries as read_ledger
from orchard.interactions.models import Interaction
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.segments import actions, consume, jobs, queries
from orchard.segments.models import SegmentCount, SegmentMember
from tests.make import agreements
from tests.make.agreements import SMALL
from tests.make.segments import IN_AUSTRIA, VISITED, anew, follow, kept, said_anew, saved, writer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUIET = {"did": ["show.visited", "email.clicked"], "at_most": 1, "within_days": 3}
RIPE = {"any": [{"score": "total", "at_least": 20}, {"stage": ["qualified"]}]}
RETURNED = {"did": ["form.submitted"], "since": "last_return"}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(NOW):
        yield


def add(name, **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def happened(kind, *contact_ids, days_ago=0):
    at = clock.now() - timedelta(days=days_ago)
    ids = ledger.append([NewFact(kind, at, contact_id=each) for each in contact_ids], now=clock.now())
    follow()
    return ids


def test_members_follow_what_happens_what_is_changed_and_what_time_does():
    ada, ben = add("Ada", country="AT"), add("Ben")
    visited, austria = saved("Visited", VISITED), saved("Austria", IN_AUSTRIA)
    both = saved("Both", {"all": [{"segment": "visited"}, {"segment": "austria"}]})
    follow()
    assert (kept(visited), kept(austria), kept(both)) == (set(), {ada}, set())
    happened("show.visited", ada, ben)
    assert (kept(visited), kept(both)) == ({ada, ben}, {ada})
    contacts.change_contact(contact_id=ben, values={"country": "AT"}, now=NOW, actor_id=None)
    follow()
    assert kept(both) == {ada, ben}
    with clock.at(NOW + timedelta(days=30, hours=1)):
        jobs.turn_due(clock.now())
        assert (kept(visited), kept(both)) == (set(), set())
    assert queries.standing(austria).members == 2
    assert queries.standing(both).members == 0


def test_nobody_reads_a_fact_while_there_is_no_segment():
    add("Ada")
    ledger.drain(flow.CONSUMERS)
    assert read_ledger.cursor_of(consume.NAME)[0] == read_ledger.head()
    assert flow.consumer(consume.NAME).idle()
    saved("Visited", VISITED)
    assert not flow.consumer(consume.NAME).idle()


def test_a_segment_that_says_something_else_is_counted_anew_and_so_is_who_names_it():
    sam = writer()
    ada, ben = add("Ada", country="AT"), add("Ben")
    inner = saved("Inner", IN_AUSTRIA, by=sam)
    outer = saved("Outer", {"not": {"segment": "inner"}}, by=sam)
    assert not queries.standing(inner).is_counted
    follow()
    assert (kept(inner), kept(outer)) == ({ada}, {ben})
    since = SegmentMember.objects.get(segment_id=outer, contact_id=ben).since
    said_anew(inner, {"field": "contact.country", "empty": False}, by=sam)
    assert not queries.standing(inner).is_counted
    assert not queries.standing(outer).is_counted
    with clock.at(NOW + timedelta(minutes=5)):
        follow()
    assert queries.standing(outer).is_counted
    assert SegmentMember.objects.get(segment_id=outer, contact_id=ben).since == since


def test_what_happens_while_everybody_is_asked_is_not_lost(monkeypatch):
    ada, ben = add("Ada"), add("Ben")
    happened("show.visited", ben)
    segment = saved("Visited", VISITED)
    from orchard.segments.actions import count

    ask = count.ask_everybody

    def ask_and_meanwhile(*given):
        found = ask(*given)
        ledger.append([NewFact("show.visited", NOW, contact_id=ada)], now=NOW)
        ledger.drain(flow.CONSUMERS)
        return found

    monkeypatch.setattr(count, "ask_everybody", ask_and_meanwhile)
    jobs.count(NOW)
    assert kept(segment) == {ada, ben}
    assert queries.standing(segment).members == 2


def test_a_count_gives_up_where_the_segment_says_something_else_meanwhile(monkeypatch):
    sam = writer()
    add("Ada", country="AT")
    inner = saved("Inner", IN_AUSTRIA, by=sam)
    outer = saved("Outer", {"segment": "inner"}, by=sam)
    from orchard.segments.actions import count

    ask = count.ask_everybody

    def ask_and_meanwhile(*given):
        found = ask(*given)
        said_anew(inner, VISITED, by=sam)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(count, "ask_everybody", ask_and_meanwhile)
        jobs.count(NOW)
    assert not queries.standing(outer).is_counted
    jobs.count(NOW)
    assert queries.standing(outer).is_counted
    assert kept(outer) == set()


def test_what_is_erased_or_joined_leaves_and_a_field_put_away_stops_nobody_else():
    ada, ben, cy = add("Ada", country="AT"), add("Ben", country="AT"), add("Cy", country="AT")
    segment = saved("Austria", IN_AUSTRIA)
    field = contacts.declare_custom_field(
        entity=Entity.CONTACT, name="pet", label="Pet", type=FieldType.TEXT, now=NOW, actor_id=writer().pk
    )
    broken = saved("Cats", {"field": "contact.custom.pet", "is": "cat"})
    follow()
    contacts.archive_custom_field(field_id=field, now=NOW, actor_id=writer().pk)
    happy = add("Di")
    SegmentMember.objects.create(segment_id=broken, contact_id=happy, is_member=True, since=NOW)
    SegmentMember.objects.create(segment_id=broken, contact_id=cy, is_member=True, since=NOW)
    contacts.merge(survivor_id=ada, loser_id=ben, now=NOW, actor_id=None)
    contacts.erase_contact(contact_id=cy, now=NOW, actor_id=None)
    follow()
    assert kept(segment) == {ada}
    assert kept(broken) == {happy}
    assert read_ledger.stuck_count() == 0
    assert [str(each) for each in queries.segment(broken).row.problems] == [
        "field: There is no field `contact.custom.pet`. Did you mean `contact.is_competitor`?"
    ]


def test_scores_count_as_of_the_last_assessment_also_where_everybody_is_assessed_anew():
    agreements.in_force(SMALL)
    ada = add("Ada")
    segment = saved("Ripe", {"score": "total", "at_least": 40})
    happened("show.visited", ada)
    happened("show.visited", ada)
    assert kept(segment) == {ada}
    from orchard.agreement.actions import refresh

    later = NOW + timedelta(days=60)
    with clock.at(later):
        refresh(now=later, faded=True)
        follow()
        assert kept(segment) == anew({"score": "total", "at_least": 40}) == set()


def test_the_count_on_demand_knows_the_last_committed_fact_and_reads_contacts_from_the_lake():
    ada, ben, cy = add("Ada", country="AT"), add("Ben", country="AT"), add("Cy")
    saved("Visited", VISITED)
    condition = read({"all": [{"segment": "visited"}, IN_AUSTRIA]})
    happened("show.visited", ada)
    lake.sync(now=NOW)
    assert queries.count(condition, now=NOW).count == 1
    ledger.append([NewFact("show.visited", NOW, contact_id=each) for each in (ben, cy)], now=NOW)
    assert queries.fitting(condition, now=NOW).contact_ids == [ada, ben]
    contacts.change_contact(contact_id=cy, values={"country": "AT"}, now=NOW, actor_id=None)
    contacts.change_contact(contact_id=ada, values={"country": "DE"}, now=NOW, actor_id=None)
    assert queries.fitting(condition, now=NOW).contact_ids == [ben, cy]
    contacts.merge(survivor_id=ben, loser_id=cy, now=NOW, actor_id=None)
    assert queries.fitting(condition, now=NOW).contact_ids == [ben]
    agreements.in_force(SMALL)
    happened("show.visited", ben)
    ripe = read({"all": [{"score": "total", "at_least": 40}, {"stage": ["qualified"]}, IN_AUSTRIA]})
    assert queries.fitting(ripe, now=NOW).contact_ids == [ben]


CONDITIONS = {
    "visited": VISITED,
    "austria": IN_AUSTRIA,
    "quiet": {"all": [QUIET, {"not": {"segment": "visited"}}]},
    "ripe": RIPE,
    "after-a-return": RETURNED,
    "either": {"any": [{"segment": "quiet"}, {"all": [{"segment": "austria"}, {"segment": "ripe"}]}]},
}
ACTS = ("visit", "click", "form", "back", "move", "merge", "part", "erase", "wait", "withdraw", "say")


class House:
    """Four people, six segments that name each other, and what can happen to them."""

    def __init__(self):
        agreements.in_force(SMALL)
        self.sam, self.now = writer(), clock.now()
        self.people = [add(f"Ada {number}", country="AT" if number else "DE") for number in range(4)]
        self.segments = {code: saved(code, condition, by=self.sam) for code, condition in CONDITIONS.items()}
        self.conditions = dict(CONDITIONS)
        follow()

    def do(self, act, who):
        with clock.at(self.now), transaction.atomic():
            getattr(self, act)(self.people[who])

    def tell(self, kind, person):
        ledger.append([NewFact(kind, self.now - timedelta(hours=3), contact_id=person)], now=self.now)

    def visit(self, person):
        self.tell("show.visited", person)

    def click(self, person):
        self.tell("email.clicked", person)

    def form(self, person):
        self.tell("form.submitted", person)

    def back(self, person):
        self.tell("lead.returned", person)

    def move(self, person):
        country = "DE" if self.now.minute % 2 else "AT"
        contacts.change_contact(contact_id=person, values={"country": country}, now=self.now, actor_id=None)

    def merge(self, person):
        other = self.people[(self.people.index(person) + 1) % len(self.people)]
        contacts.merge(survivor_id=person, loser_id=other, now=self.now, actor_id=None)

    def part(self, _person):
        last = Merge.objects.filter(undone_at=None).order_by("id").last()
        if last:
            contacts.unmerge(merge_id=last.id, now=self.now, actor_id=None)

    def erase(self, person):
        contacts.erase_contact(contact_id=person, now=self.now, actor_id=None)

    def wait(self, person):
        self.now += timedelta(days=(1, 2, 9, 31)[self.people.index(person)], minutes=7)

    def withdraw(self, person):
        last = Interaction.objects.filter(contact_id=person, direction="in").order_by("id").last()
        if last:
            ledger.withdraw(interaction_ids=[last.id], now=self.now)

    def say(self, person):
        condition = (
            IN_AUSTRIA if self.people.index(person) % 2 else {"field": "contact.country", "empty": True}
        )
        said_anew(self.segments["austria"], condition, by=self.sam)
        self.conditions["austria"] = condition

    def check(self):
        with clock.at(self.now):
            follow()
            for code, segment in self.segments.items():
                mine = kept(segment)
                assert mine == anew(self.conditions[code]), code
                assert SegmentCount.objects.get(segment=segment).members == len(mine)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), min_size=3, max_size=12))
@pytest.mark.slow
def test_kept_members_are_those_that_asking_everybody_anew_gives(acts):
    with transaction.atomic():
        house = House()
        for act, who in acts:
            try:
                house.do(act, who)
            except Refused:
                continue
        house.check()
        transaction.set_rollback(True)


def test_a_rebuild_gives_the_same_members():
    house = House()
    for act in ("visit", "click", "form", "back", "merge", "wait", "visit"):
        house.do(act, 1)
    house.check()
    with clock.at(house.now):
        before = set(SegmentMember.objects.values_list("segment_id", "contact_id", "is_member", "changes_at"))
        rebuilt = ledger.rebuild(flow.CONSUMERS)
        after = set(SegmentMember.objects.values_list("segment_id", "contact_id", "is_member", "changes_at"))
    assert before
    assert before == after
    assert rebuilt.differences == 0


def test_what_cannot_be_counted_is_left_alone_for_a_while_and_then_asked_again(monkeypatch):
    add("Ada", country="AT")
    austria = saved("Austria", IN_AUSTRIA)
    asked = []

    def fails(*_arguments):
        asked.append(1)
        raise MemoryError

    counting = import_module("orchard.segments.actions.count")
    with monkeypatch.context() as broken:
        broken.setattr(counting, "ask_everybody", fails)
        assert jobs.count(NOW) == 1
        assert jobs.count(NOW + timedelta(minutes=1)) == 0
    assert len(asked) == 1
    assert jobs.count(NOW + timedelta(minutes=11)) == 1
    assert len(kept(austria)) == 1


@given(st.lists(st.tuples(st.integers(0, 4), st.sets(st.integers(0, 4), max_size=3)), max_size=8))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_circle_is_ever_saved(changes):
    with transaction.atomic():
        sam = writer()
        ids = [saved(str(number), IN_AUSTRIA, by=sam) for number in range(5)]
        for number, others in changes:
            naming = {"any": [IN_AUSTRIA, *({"segment": str(each)} for each in sorted(others))]}
            try:
                said_anew(ids[number], naming, by=sam)
            except Refused:
                continue
        saved_now = queries.definitions()
        for each in saved_now.values():
            queries.expanded(each.condition, saved_now)
        transaction.set_rollback(True)


def test_members_that_are_due_are_asked_in_parts(monkeypatch):
    people = [add(f"Ada {number}") for number in range(5)]
    segment = saved("Visited", VISITED)
    happened("show.visited", *people)
    monkeypatch.setattr(import_module("orchard.segments.actions.follow"), "AT_ONCE", 2)
    with clock.at(NOW + timedelta(days=31)):
        assert actions.follow_due(now=clock.now()) == 2
        assert jobs.turn_due(clock.now()) == 3
    assert kept(segment) == set()
