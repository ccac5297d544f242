"""Whom a condition holds for: the same whether facts lie in the lake or not, merges and corrections counted at once."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.engine import jobs, lake
from orchard.engine.conditions import read
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.segments import queries
from orchard.segments.queries import matching

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VISITED = {"did": ["show.visited"], "within_days": 30}
CLICKED = {"did": ["email.clicked"], "at_least": 2}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    matching._kept.clear()


def add(name, **values):
    return contacts.create_contact(full_name=name, now=NOW, **values)


def happened(kind, *contact_ids, days_ago=1):
    made = ledger.append(
        [NewFact(kind, NOW - timedelta(days=days_ago), contact_id=each) for each in contact_ids], now=NOW
    )
    ledger.drain(flow.CONSUMERS)
    return made


def fit(condition, **values):
    return queries.contacts_matching(read(condition), now=NOW, **values).contact_ids


def test_facts_in_the_lake_and_facts_beyond_it_count_alike():
    ada, ben, cy = add("Ada"), add("Ben"), add("Cy")
    happened("show.visited", ada)
    happened("show.visited", cy, days_ago=60)
    assert fit(VISITED) == {ada}
    lake.sync(now=NOW)
    assert lake.files_of().settled > 0
    matching._kept.clear()
    assert fit(VISITED) == {ada}
    happened("show.visited", ben)
    assert fit(VISITED) == {ada, ben}


def test_what_lies_in_the_lake_is_read_with_the_merges_and_corrections_of_now():
    ada, double, cy = add("Ada"), add("A."), add("Cy")
    happened("email.clicked", ada, double)
    (moved,) = happened("show.visited", ada)
    (gone,) = happened("show.visited", cy)
    lake.sync(now=NOW)
    assert fit(CLICKED) == set()
    assert fit(VISITED) == {ada, cy}
    merged = contacts.merge(survivor_id=ada, loser_id=double, now=NOW, actor_id=None)
    ledger.withdraw(interaction_ids=[gone], now=NOW)
    ledger.reassign(interaction_id=moved, contact_id=cy, now=NOW)
    ledger.drain(flow.CONSUMERS)
    assert fit(CLICKED) == {ada}
    assert fit(VISITED) == {cy}
    contacts.unmerge(merge_id=merged, now=NOW, actor_id=None)
    ledger.drain(flow.CONSUMERS)
    assert fit(CLICKED) == set()


def test_what_is_decided_about_a_fact_after_the_lake_took_it_counts():
    ada = add("Ada")
    ledger.append([NewFact("email.clicked", NOW, contact_id=ada)] * 2, now=NOW)
    ledger.place()
    lake.sync(now=NOW)
    from orchard.interactions.models import Interaction, InteractionClass

    ledger.drain(flow.CONSUMERS)
    InteractionClass.objects.all().delete()
    InteractionClass.objects.create(
        interaction_id=Interaction.objects.filter(kind="email.clicked").first().id,
        made_by="machine",
        version=1,
    )
    assert fit({"did": ["email.clicked"], "at_least": 2}) == set()
    assert fit({"did": ["email.clicked"], "at_least": 1}) == {ada}


def test_who_walks_from_page_to_page_walks_the_same_list_and_a_new_look_is_new():
    ada, ben = add("Ada"), add("Ben")
    happened("show.visited", ada)
    assert fit(VISITED) == {ada}
    happened("show.visited", ben)
    assert fit(VISITED, walking=True) == {ada}
    assert fit(VISITED) == {ada, ben}


def test_the_lake_is_brought_up_once_it_lacks_more_than_a_short_tail(monkeypatch):
    happened("show.visited", add("Ada"))
    assert jobs.follow(NOW) == 0
    assert lake.files_of().settled == 0
    monkeypatch.setattr(jobs, "TAIL", 1)
    assert jobs.follow(NOW) == 2
    assert jobs.follow(NOW) == 0
