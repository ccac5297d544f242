"""Processes say that they live and what was slow in them; both is forgotten after a day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from orchard.kit import clock, logs, slow
from orchard.kit.slow import Slow
from orchard.watch import actions, jobs, queries
from orchard.watch.models import Heartbeat, SlowStatement
from orchard.watch.types import KEPT, MOST, SILENT

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def beat(part="live", pid=1, now=NOW, **more):
    actions.beat(part=part, host="here", pid=pid, memory=1_000, now=now, **more)


def test_a_part_lives_as_long_as_one_of_its_processes_does():
    beat("web", pid=1)
    beat("web", pid=2, now=NOW + SILENT / 2)
    later = NOW + SILENT
    (web,) = queries.beats(now=later).values()
    assert (web.alive, web.memory, web.seen_at) == (1, 1_000, NOW + SILENT / 2)
    assert queries.beats(now=NOW + 2 * SILENT)["web"].alive == 0


def test_a_process_is_one_row_and_gone_after_a_day():
    beat(pid=1)
    beat(pid=1, now=NOW + SILENT)
    assert Heartbeat.objects.count() == 1
    beat(pid=2, now=NOW + KEPT + 2 * SILENT)
    assert [row.pid for row in Heartbeat.objects.all()] == [2]


def test_the_longest_job_is_told():
    beat("work", pid=1, doing="engine.lake", doing_since=NOW - timedelta(minutes=1))
    beat("work", pid=2, doing="connect.imports", doing_since=NOW - timedelta(minutes=5))
    found = queries.beats(now=NOW)["work"]
    assert (found.doing, found.doing_since) == ("connect.imports", NOW - timedelta(minutes=5))


def test_slow_statements_of_all_processes_add_up_by_shape_and_place():
    for now in (NOW, NOW + timedelta(hours=1)):
        actions.keep_slow(
            [Slow("SELECT ?", "leads:show", 2, 1_500, 900), Slow("SELECT ?", "live", 1, 600, 600)], now=now
        )
    actions.keep_slow([Slow("SELECT ?", "leads:show", 1, 2_000, 2_000)], now=NOW)
    first, second = queries.slowest(now=NOW + timedelta(hours=1))
    assert (first.place, first.times, first.mean_ms, first.worst_ms) == ("leads:show", 5, 1_000, 2_000)
    assert (second.place, second.times) == ("live", 2)


def test_slow_statements_are_forgotten_after_a_day_and_never_more_than_bounded():
    actions.keep_slow([Slow("old", "live", 1, 9_999, 9_999)], now=NOW - KEPT)
    actions.keep_slow([Slow(f"shape {n}", "live", 1, n, n) for n in range(MOST + 10)], now=NOW)
    assert SlowStatement.objects.count() == MOST
    assert SlowStatement.objects.order_by("worst_ms").first().worst_ms == 10
    assert "old" not in {one.shape for one in queries.slowest(now=NOW, size=MOST)}


def test_a_process_tells_what_it_is_busy_with_and_what_was_slow():
    slow.taken()
    slow.set_limit(1)
    try:
        with jobs.busy("engine.lake"):
            assert logs.here().route == "engine.lake"
            with slow.watching(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.01)")
            jobs.tell("work")
    finally:
        slow.set_limit(500)
    found = queries.beats(now=clock.now())["work"]
    assert (found.alive, found.doing) == (1, "engine.lake")
    assert found.memory > 10_000_000
    assert queries.slowest(now=clock.now())[0].place == "engine.lake"
