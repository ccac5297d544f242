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
    assert one.what == "These parts of the worker are not seen: imports and what follows from them (`bulk`)."


def test_a_worker_that_begins_after_the_demo_is_not_missed(house, now):
    (one,) = of("Worker", house, now, is_loading=True)
    assert one.grade is Grade.WELL


def test_a_long_job_is_named(house, now):
    beats("live", "bulk", now=now)
    beats("work", now=now, doing="connect.imports", doing_since=now - HOUR)
    (one,) = of("Worker", queries.health(flow.CONSUMERS), now)
    assert one.what.endswith("it has been busy with imports (`connect.imports`).")


def test_a_reader_that_stands_is_told_apart_from_one_that_is_merely_behind(house, now):
    ledger.append([NewFact("email.clicked", now - HOUR, contact_id=7)], now=now)
    ledger.place()
    (one,) = of("Readers of the ledger", queries.health(flow.CONSUMERS), now)
    assert (one.grade, one.what) == (Grade.WELL, "The last reader is 1 fact behind and moving.")
    found = of("Readers of the ledger", queries.health(flow.CONSUMERS), now + timedelta(minutes=20))
    assert [one.what for one in found] == ["None of them has moved for 20 minutes while up to 1 facts wait."]


def test_one_reader_that_stands_is_named_in_words_with_what_the_teams_miss(house, now):
    ledger.append([NewFact("email.clicked", now - HOUR, contact_id=7)], now=now)
    ledger.place()
    ledger.drain([each for each in flow.CONSUMERS if each.name != "search.keys"])
    (one,) = of("Readers of the ledger", queries.health(flow.CONSUMERS), now + timedelta(minutes=20))
    assert one.what == "Search (`search.keys`) has not moved for 20 minutes while 1 facts wait."
    assert one.todo.startswith("Search does not find new names and changed ones. See that the worker runs")


def test_everything_the_worker_does_has_a_name_in_words():
    work = [each.name for each in (*flow.CLOCKWORK, *flow.ASIDE, *flow.WORK)]
    assert [name for name in work if not queries.work_named(name)] == []
    assert [each.name for each in flow.CONSUMERS if not (each.named and each.says and each.lacks)] == []


def test_why_a_mail_did_not_leave_is_said_in_words():
    said = queries.why_not_sent("SMTPRecipientsRefused: {'no@b.example': (550, b'no such user')}")
    assert said == "The mail server does not take mail for this address."
    assert queries.why_not_sent("Whatever: it was") == "Orchard could not hand this mail over."


def test_slow_work_that_nobody_waits_for_needs_no_look(house, now):
    slow = [Slowness("SELECT ?", "leads.tick", 900, 600, 900)]
    (one,) = of("Slow answers", replace(house, slowest=slow), now)
    assert (one.grade, one.todo) == (Grade.WELL, "")
    slow.append(Slowness("SELECT ?", "contacts:list", 2, 600, 1_400))
    (one,) = of("Slow answers", replace(house, slowest=slow), now)
    assert one.grade is Grade.WELL
    assert "people waited for a page 2 times, for up to 1.4 seconds; there is nothing to do." in one.what


def test_a_reader_that_never_read_says_so(now):
    ledger.append([NewFact("email.clicked", now, contact_id=7)], now=now)
    ledger.place()
    Cursor.objects.all().delete()
    found = of("Readers of the ledger", queries.health(flow.CONSUMERS), now)
    assert [one.what for one in found] == ["None of them has read anything yet while up to 1 facts wait."]


@pytest.mark.parametrize(
    ("about", "changes", "grade", "says"),
    [
        ("Disk", {"disk": Disk("/x", 100, 5)}, Grade.LOOK, "5 bytes of 100 bytes are free where /x lies."),
        ("Disk", {"disk": Disk("/x", 100, 1)}, Grade.BROKEN, "1 byte of 100 bytes are free where /x lies."),
        ("Memory", {"memory": Memory(100, 1)}, Grade.LOOK, "1 byte of 100 bytes are free"),
        (
            "Slow answers",
            {"slowest": [Slowness("SELECT ?", "contacts:list", 101, 600, 900)]},
            Grade.LOOK,
            "people waited for a page 101 times, for up to 0.9 seconds.",
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
    (one,) = of("Copy for reports", late, now)
    assert (one.grade, "lacks 6 facts" in one.what) == (Grade.LOOK, True)


def test_one_line_sums_up_the_worst(house, now):
    broken = replace(house, stuck_count=3, disk=Disk("/x", 100, 5))
    beats("live", "bulk", "work", now=now)
    found = queries.findings(replace(broken, beats=queries.health(flow.CONSUMERS).beats), now=now)
    said = "1 thing is broken: Stuck contacts. 1 thing needs a look: Disk."
    assert queries.headline(found).what == said
    assert (
        queries.headline([one for one in found if one.grade is not Grade.BROKEN]).what
        == "1 thing needs a look: Disk."
    )


def test_clocks_of_this_machine_and_its_database_agree(house):
    assert abs(house.database.skew) < 1
