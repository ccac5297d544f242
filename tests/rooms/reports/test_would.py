"""The live count of a draft: the number that a refresh would give after signing, found while nothing is written."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from orchard import flow
from orchard.agreement import actions as agreement
from orchard.agreement import queries
from orchard.agreement.types import Document
from orchard.contacts import actions as contacts
from orchard.engine import duck, lake
from orchard.engine.types import Query
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.reports.queries import would
from orchard.reports.queries.would import Would, would_qualify
from tests.make import agreements
from tests.make.database import undone

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
KINDS = ("show.visited", "quote.requested", "form.submitted", "email.sent", "lead.returned")


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    would._kept.clear()
    with clock.at(NOW):
        yield


def company(draw, people=40):
    accounts = [
        contacts.create_account(name=f"Company {number}", industry=draw.choice(("food", "printing")), now=NOW)
        for number in range(5)
    ]
    ids = [
        contacts.create_contact(
            full_name=f"Person {number}",
            seniority=draw.choice(("director", "vp", None)),
            country=draw.choice(("DE", "FR", None)),
            is_competitor=draw.random() < 0.1,
            account_id=draw.choice([*accounts, None]),
            now=NOW,
        )
        for number in range(people)
    ]
    happened(draw, ids)
    return ids


def happened(draw, ids):
    with transaction.atomic():
        facts = [
            NewFact(draw.choice(KINDS), NOW - timedelta(hours=draw.randrange(1, 2_000)), contact_id=contact)
            for contact in ids
            for _ in range(draw.randrange(5))
        ]
        ledger.append(facts, now=NOW)
    ledger.drain(flow.CONSUMERS)


def drawn(draw):
    """Return a small agreement that somebody might write."""
    ways = [
        f"{{score: total, at_least: {draw.randrange(5, 60)}}}",
        f"{{score: {draw.choice(('engagement', 'account'))}, at_least: {draw.randrange(5, 60)}}}",
        f"{{did: [quote.requested], within_days: {draw.randrange(1, 60)}}}",
        "{did: [form.submitted], since: last_return}",
        "{field: contact.country, is: DE}",
        "{stage: [engaged, nurturing]}",
        "{not: {did: [show.visited], within_days: 30, at_least: 2}}",
    ]
    some = draw.sample(ways, draw.randrange(1, 4))
    never = "\n  never: {field: contact.is_competitor, is: true}" if draw.random() < 0.5 else ""
    return f"""\
name: Drawn {draw.random()}
score:
  fit:
    - {{name: Can decide, when: {{field: contact.seniority, in: [director, vp]}}, points: {draw.randrange(1, 30)}}}
  engagement:
    - {{name: Visited, kinds: [show.visited], points: {draw.randrange(1, 40)}, half_life_days: 30, cap: 60}}
handoff:
  {draw.choice(("any", "all"))}: [{", ".join(some)}]{never}
promises:
  sales: {{accept_within_hours: 4}}
  marketing: {{ripe_per_month: 120}}
returns:
  - {{reason: wrong_timing, label: Not now, eligible_after_days: 60}}
"""


def document(text):
    found = queries.check_text(text)
    assert isinstance(found, Document), found
    return found


def counted(text, **values):
    return would_qualify(document(text), now=NOW, turn="a window", **values)


@pytest.mark.parametrize("seed", range(8))
def test_it_counts_whom_a_refresh_would_hand_over_after_signing(seed):
    draw = random.Random(seed)
    ids = company(draw)
    if draw.random() < 0.7:  # part of the facts stand in the lake, part beyond it
        lake.sync(now=NOW)
        happened(draw, ids)
        contacts.change_contact(contact_id=ids[0], values={"country": "DE"}, now=NOW, actor_id=None)
        contacts.merge(survivor_id=ids[1], loser_id=ids[2], now=NOW, actor_id=None)
        ledger.drain(flow.CONSUMERS)
    text = drawn(draw)
    found = counted(text)
    assert (found.ripe, found.version, found.more) == (None, None, None)
    agreements.in_force(text, now=NOW)
    agreement.refresh(now=NOW)
    assert found.qualified == queries.qualified_count()
    again = counted(text)
    assert (again.qualified, again.ripe, again.more) == (found.qualified, found.qualified, 0)


def test_it_says_how_many_more_or_fewer_than_by_the_version_in_force():
    draw = random.Random(3)
    ids = company(draw)
    strict = drawn(draw).replace("handoff:\n", "handoff:\n  fresh_days: 14\n")
    agreements.in_force(agreements.SMALL, now=NOW)
    agreement.refresh(now=NOW)
    ripe = queries.qualified_count()
    nobody = counted(agreements.SMALL.replace("within_days: 7", "within_days: 7, at_least: 9"))
    found = counted(strict)
    assert (found.ripe, found.version, found.more) == (ripe, 1, found.qualified - ripe)
    assert nobody.fewer == ripe - nobody.qualified
    everybody = agreements.SMALL.replace("{score: total, at_least: 40}", "{score: total, at_least: 0}")
    assert counted(everybody).qualified == len(ids)


def test_nothing_is_written_and_the_same_is_found_again(monkeypatch):
    company(random.Random(1))
    with undone(read_only=True):
        first = counted(agreements.SMALL)
    monkeypatch.setattr(would, "_count", lambda *_: pytest.fail("it was asked anew"))
    renamed = agreements.SMALL.replace("name: Small", "name: Other").replace(
        "ripe_per_month: 120", "ripe_per_month: 7"
    )
    assert counted(renamed) == first


def test_a_fact_that_came_meanwhile_counts():
    company(random.Random(1), people=3)
    before = counted(agreements.SMALL).qualified
    person = contacts.create_contact(full_name="Late", now=NOW)
    with transaction.atomic():
        ledger.append([NewFact("quote.requested", NOW, contact_id=person)], now=NOW)
    ledger.drain(flow.CONSUMERS)
    assert counted(agreements.SMALL).qualified == before + 1


def endless(_document, _hour, stop):
    """Ask something that DuckDB never finishes."""
    query = Query("SELECT sum(a.range * b.range) AS n FROM range(1000000) a, range(1000000) b", {}, (), ())
    return duck.shared().run(query, {}, stop=stop)


def test_a_slow_count_is_given_up_after_some_seconds(monkeypatch):
    agreements.in_force(agreements.SMALL, now=NOW)
    monkeypatch.setattr(would, "_count", endless)
    begun = time.monotonic()
    assert counted(agreements.SMALL, longest=0.2) == Would(None, 0, 1)
    assert time.monotonic() - begun < 5
    assert counted(agreements.SMALL, longest=0) == Would(None, 0, 1)


@pytest.mark.parametrize("seconds", [0.0001, 0.0005, 0.001, 0.002, 0.004])
def test_a_count_ends_also_where_it_is_given_up_in_the_moment_in_which_it_begins(seconds):
    for _ in range(10):
        with pytest.raises(duck.GivenUp):
            endless(None, None, duck.Stop(seconds))


def test_one_that_finds_no_place_among_those_that_go_on_is_given_up(monkeypatch):
    agreements.in_force(agreements.SMALL, now=NOW)
    monkeypatch.setattr(would, "_room", threading.BoundedSemaphore(1))
    with would._room:
        assert counted(agreements.SMALL, longest=0.2) == Would(None, 0, 1)
    assert counted(agreements.SMALL).qualified == 0
