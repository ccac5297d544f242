"""What readers share: whoever comes by, in whatever steps, is handed each fact once and in order."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.interactions import actions
from orchard.interactions.actions import Shared, shared
from orchard.interactions.types import Lane, NewFact

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
READERS = ("first", "second", "third")
MANY = 60

steps = st.lists(
    st.tuples(st.sampled_from(READERS), st.integers(1, MANY), st.integers(1, MANY)), min_size=20, max_size=60
)


@pytest.fixture
def told():
    """Facts of both lanes in turn, and the ids of those in bulk."""
    ids = [
        number
        for step in range(MANY // 2)
        for lane in (Lane.BULK, Lane.LIVE)
        for number in actions.append(
            [NewFact("form.submitted", NOW, contact_id=step + 1)], now=NOW, lane=lane
        )
    ]
    actions.place()
    return ids[::2]


@pytest.fixture
def fetched(monkeypatch):
    """How many facts were read from the database, each time."""
    counts = []

    def fetch(*asked):
        facts = original(*asked)
        counts.append(len(facts))
        return facts

    original = shared.fetch
    monkeypatch.setattr(shared, "fetch", fetch)
    return counts


@given(steps=steps, window=st.one_of(st.none(), st.integers(1, MANY)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_reader_is_handed_each_fact_once_and_in_order(told, steps, window):
    facts, places = Shared(window), dict.fromkeys(READERS, 0)
    handed = {name: [] for name in READERS}
    for name, further, limit in [*steps, *((name, MANY, MANY) for _ in range(MANY) for name in READERS)]:
        before = places[name]
        facts.stands(name, Lane.BULK, before)
        places[name], more = facts.next(Lane.BULK, before, min(before + further, MANY), limit)
        assert len(more) <= limit
        assert all(before < fact.pos <= places[name] for fact in more)
        handed[name] += [fact.id for fact in more]
    assert all(ids == told for ids in handed.values())


def test_those_who_read_side_by_side_read_each_fact_from_the_database_once(told, fetched):
    facts, places = Shared(window=10), dict.fromkeys(READERS, 0)
    while min(places.values()) < MANY:
        for name in READERS:
            places[name] = read(facts, name, places[name], 7)
    assert sum(fetched) == len(told)


def test_who_is_ahead_waits_for_the_last_and_then_goes_on(told):
    facts = Shared(window=10)
    last = read(facts, "last", 0, 5)
    ahead = last
    for _ in range(MANY):
        ahead = read(facts, "ahead", ahead, 5)
    assert ahead < MANY
    assert read(facts, "ahead", ahead, 5) == ahead
    while last < ahead:
        last = read(facts, "last", last, 5)
    facts.stands("last", Lane.BULK, last)
    assert read(facts, "ahead", ahead, 5) > ahead


def read(facts, name, place, limit):
    """Let a reader go on from where it stands, and return where it comes to."""
    facts.stands(name, Lane.BULK, place)
    reached, _ = facts.next(Lane.BULK, place, MANY, limit)
    return reached
