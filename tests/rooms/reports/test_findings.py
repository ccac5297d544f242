"""Each thing of the house is told in a sentence, with what to do where it is not well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from orchard import flow
from orchard.interactions import actions as ledger
from orchard.interactions.models import Cursor
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.reports import queries
from orchard.reports.queries.health.house import Disk, Memory
from orchard.reports.types import Grade
from orchard.watch import actions as watch
from orchard.watch.types import Slowness
from tests.make import machines

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def house():
    ledger.drain(flow.CONSUMERS)
    return queries.health(flow.CONSUMERS)


def of(about, house, now, **more):
    return [one for one in queries.findings(house, now=now, **more) if one.about == about]


def beats(*parts, now, **more):
    for part in parts:
        watch.beat(part=part, host="here", pid=1, memory=1, now=now, **more)


def test_everything_is_told_once_it_is_well(house, now, monkeypatch):
    machines.roomy(monkeypatch)
    beats("live", "bulk", "work", now=now)
    found = queries.findings(queries.health(flow.CONSUMERS), now=now)
    assert {one.grade for one in found} == {Grade.WELL}
    assert all(one.what.endswith(".") and not one.todo for one in found)
    assert queries.headline(found).what == "All is well."


def test_a_worker_that_went_silent_is_said_with_the_time(house, now):
    beats("live", "bulk", "work", now=now - HOUR)
    (one,) = of("Worker", queries.health(flow.CONSUMERS), now)
    assert (one.grade, one.what.startswith("The worker has not been seen since ")) == (Grade.BROKEN, True)
    beats("live", "work", now=now)
    (one,) = of("Worker", queries.health(flow.CONSUMERS), now)
    assert one.what == "These parts of the worker are not seen: bulk."


def test_a_worker_that_begins_after_the_demo_is_not_missed(house, now):
    (one,) = of("Worker", house, now, is_loading=True)
    assert one.grade is Grade.WELL


def test_a_long_job_is_named(house, now):
    beats("live", "bulk", now=now)
    beats("work", now=now, doing="connect.imports", doing_since=now - HOUR)
    (one,) = of("Worker", queries.health(flow.CONSUMERS), now)
    assert "work has been at connect.imports since" in one.what


def test_a_reader_that_stands_is_told_apart_from_one_that_is_merely_behind(house, now):
    ledger.append([NewFact("email.clicked", now - HOUR, contact_id=7)], now=now)
    ledger.place()
    (one,) = of("Readers of the ledger", queries.health(flow.CONSUMERS), now)
    assert (one.grade, one.what) == (Grade.WELL, "The last reader is 1 fact behind and moving.")
    found = of("Readers of the ledger", queries.health(flow.CONSUMERS), now + timedelta(minutes=20))
    assert len(found) == len(flow.CONSUMERS)
    assert found[0].what == "interactions.classify has not moved for 20 minutes while 1 facts wait."


def test_a_reader_that_never_read_says_so(now):
    ledger.append([NewFact("email.clicked", now, contact_id=7)], now=now)
    ledger.place()
    Cursor.objects.all().delete()
    found = of("Readers of the ledger", queries.health(flow.CONSUMERS), now)
    assert "has not read anything yet while 1 facts wait" in found[0].what


@pytest.mark.parametrize(
    ("about", "changes", "grade", "says"),
    [
        ("Disk", {"disk": Disk("/x", 100, 5)}, Grade.LOOK, "5 bytes of 100 bytes are free where /x lies."),
        ("Disk", {"disk": Disk("/x", 100, 1)}, Grade.BROKEN, "1 byte of 100 bytes are free where /x lies."),
        ("Memory", {"memory": Memory(100, 1)}, Grade.LOOK, "1 byte of 100 bytes are free"),
        (
            "Slow statements",
            {"slowest": [Slowness("SELECT ?", "live", 101, 600, 900)]},
            Grade.LOOK,
            "101 slow statements within a day, the slowest of 900 ms.",
        ),
    ],
)
def test_what_runs_out_or_slows_down_is_told(house, about, changes, grade, says):
    (one,) = of(about, replace(house, **changes), clock.now())
    assert (one.grade, bool(one.todo)) == (grade, True)
    assert says in one.what


@pytest.mark.parametrize(
    ("changes", "about", "grade", "says"),
    [
        ({"skew": 7.4}, "Clocks", Grade.BROKEN, "7 s before this machine's"),
        ({"skew": -9}, "Clocks", Grade.BROKEN, "9 s behind this machine's"),
        ({"migrations": 2}, "Migrations", Grade.BROKEN, "lacks 2 migrations"),
        ({"number": 140_009}, "Database", Grade.BROKEN, "PostgreSQL"),
        ({"milliseconds": 80}, "Database", Grade.LOOK, "within 80.0 ms"),
    ],
)
def test_what_is_wrong_with_the_database_is_told(house, changes, about, grade, says):
    (one,) = of(about, replace(house, database=replace(house.database, **changes)), clock.now())
    assert (one.grade, bool(one.todo)) == (grade, True)
    assert says in one.what


def test_mails_that_wait_for_long_and_a_late_lake_are_told(house, now):
    waiting = replace(house.outbox, waiting=3, oldest=now - HOUR)
    (one,) = of("What leaves the house", replace(house, outbox=waiting), now)
    assert (one.grade, "3 messages wait, the oldest since" in one.what) == (Grade.LOOK, True)
    late = replace(house, head=10, lake=replace(house.lake, pos=4, synced_at=now - 5 * HOUR))
    (one,) = of("Lake", late, now)
    assert (one.grade, "lacks 6 facts" in one.what) == (Grade.LOOK, True)


def test_one_line_sums_up_the_worst(house, now):
    broken = replace(house, stuck_count=3, disk=Disk("/x", 100, 5))
    beats("live", "bulk", "work", now=now)
    found = queries.findings(replace(broken, beats=queries.health(flow.CONSUMERS).beats), now=now)
    assert queries.headline(found).what == "1 thing is broken."
    assert (
        queries.headline([one for one in found if one.grade is not Grade.BROKEN]).what
        == "1 thing needs a look."
    )


def test_clocks_of_this_machine_and_its_database_agree(house):
    assert abs(house.database.skew) < 1
