"""When somebody works: a clock counts working minutes and nothing else, wherever and whatever the wall clock does."""

import random
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchard.team import rules
from orchard.team.types import WorkingTime

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
VIENNA = ZoneInfo("Europe/Vienna")
OFFICE = WorkingTime(VIENNA, frozenset(range(5)), 9 * 60, 17 * 60 + 30)

# Both changes of the clock in four zones; that of Lord Howe is half an hour.
CHANGES = {
    "Europe/Vienna": ("2026-03-29", "2026-10-25"),
    "America/Toronto": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "America/Havana": ("2026-03-08", "2026-11-01"),  # at midnight
}


def at(text):
    return datetime.fromisoformat(text)


def test_a_promise_of_four_hours_goes_on_the_next_working_day():
    friday = at("2026-11-27T16:00:00+01:00")
    assert rules.due(OFFICE, friday, timedelta(hours=4)) == at("2026-11-30T11:30:00+01:00")


def test_what_comes_at_night_begins_to_count_in_the_morning():
    night = at("2026-11-25T23:15:00+01:00")
    assert rules.due(OFFICE, night, timedelta(hours=1)) == at("2026-11-26T10:00:00+01:00")
    assert rules.opens_next(OFFICE, night) == at("2026-11-26T09:00:00+01:00")


def test_what_is_due_when_the_day_ends_is_due_then():
    assert rules.due(OFFICE, at("2026-11-25T09:00:00+01:00"), timedelta(hours=8.5)) == at(
        "2026-11-25T17:30:00+01:00"
    )


def test_a_promise_of_nothing_is_due_at_once():
    night = at("2026-11-25T23:15:00+01:00")
    assert rules.due(OFFICE, night, timedelta()) == night


def test_holidays_and_absences_do_not_count():
    hours = OFFICE.without(rules.holidays.of_year("AT", 2026)).without([date(2026, 10, 27)])
    friday = at("2026-10-23T17:00:00+02:00")
    assert rules.due(hours, friday, timedelta(hours=1)) == at("2026-10-28T09:30:00+01:00")
    assert not rules.is_working(hours, at("2026-10-26T10:00:00+01:00"))


def test_where_nobody_ever_works_nothing_falls_due():
    never = OFFICE.without(date(2026, 1, 1) + n * DAY for n in range(6 * 366))
    assert rules.due(never, at("2026-01-05T09:00:00+01:00"), timedelta(hours=1)) is None
    assert rules.opens_next(never, at("2026-01-05T09:00:00+01:00")) is None


def test_a_year_away_delays_what_is_due_and_does_not_forget_it():
    away = OFFICE.without(date(2026, 11, 28) + n * DAY for n in range(400))
    assert rules.due(away, at("2026-11-27T17:00:00+01:00"), timedelta(hours=1)) == at(
        "2028-01-03T09:30:00+01:00"
    )


def test_work_goes_on_until_it_ends_through_midnight_and_the_change_of_the_clock():
    always = WorkingTime(VIENNA, frozenset(range(7)), 0, 1440)
    assert rules.closes_next(always, at("2026-10-24T12:00:00+02:00")) is None
    night = WorkingTime(VIENNA, frozenset(range(7)), 0, 6 * 60)
    assert rules.closes_next(night, at("2026-10-25T00:30:00+02:00")) == at("2026-10-25T06:00:00+01:00")
    assert rules.closes_next(OFFICE, at("2026-11-25T08:00:00+01:00")) is None
    weekdays = WorkingTime(VIENNA, frozenset(range(5)), 0, 1440)
    assert rules.closes_next(weekdays, at("2026-11-25T08:00:00+01:00")) == at("2026-11-28T00:00:00+01:00")


def window(zone, change):
    """Return the first minute (UTC) of a month around a change of the clock, and the wall clock of each minute."""
    first = datetime.combine(date.fromisoformat(change) - 15 * DAY, datetime.min.time(), UTC)
    wall = [(first + n * MINUTE).astimezone(ZoneInfo(zone)) for n in range(31 * 1440)]
    return first, [(each.date(), each.hour * 60 + each.minute) for each in wall]


@pytest.mark.parametrize("zone", CHANGES)
def test_deadlines_agree_with_somebody_who_counts_every_minute(zone):
    chance, compared = random.Random(zone), 0
    for change in CHANGES[zone]:
        first, wall = window(zone, change)
        days = sorted({day for day, _ in wall})
        for _ in range(12):
            opens = chance.randrange(0, 1_380, 15)
            closes = chance.choice([chance.randrange(opens + 15, 1_441, 15), 1_440, opens + 15])
            weekdays = frozenset(chance.sample(range(7), chance.randrange(1, 8)))
            hours = WorkingTime(ZoneInfo(zone), weekdays, opens, closes, frozenset(chance.sample(days, 6)))
            works = {day: day.weekday() in weekdays and day not in hours.off for day in days}
            counted = [0, *accumulate(works[day] and opens <= minute < closes for day, minute in wall)]
            for _ in range(140):
                since = chance.randrange(len(wall))
                left = counted[-1] - counted[since]
                if left == 0:
                    continue
                after = chance.randrange(1, left + 1)
                end = bisect_left(counted, counted[since] + after)
                begun, ended = first + since * MINUTE, first + end * MINUTE
                assert rules.due(hours, begun, after * MINUTE) == ended
                assert rules.worked(hours, begun, ended) == after * MINUTE
                assert rules.is_working(hours, ended - MINUTE)
                compared += 1
    assert compared > 3_000


MOMENTS = st.integers(0, 365 * 86_400).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n))
HOURS = st.builds(
    lambda zone, weekdays, opens, length, off: WorkingTime(
        ZoneInfo(zone), weekdays, opens, min(opens + length, 1440), off
    ),
    st.sampled_from([*CHANGES, "UTC", "Asia/Kathmandu", "Africa/Cairo"]),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 1380),
    st.integers(60, 1440),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)


@given(HOURS, MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(hours=60)))
def test_a_clock_stands_still_while_nobody_works_and_is_due_when_it_has_counted_enough(hours, since, after):
    due = rules.due(hours, since, after)
    assert rules.worked(hours, since, due) == after
    assert rules.worked(hours, since, due - timedelta(microseconds=1)) < after
    assert rules.is_working(hours, due - timedelta(microseconds=1))


@given(HOURS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up(hours, moments):
    a, b, c = moments
    assert rules.worked(hours, a, b) + rules.worked(hours, b, c) == rules.worked(hours, a, c)


def test_a_part_of_a_country_has_holidays_of_its_own():
    assert date(2026, 6, 4) in rules.holidays.of_year("DE-BY", 2026)
    assert date(2026, 6, 4) not in rules.holidays.of_year("DE", 2026)
    assert rules.holidays.of_year("", 2026) == {}


def test_an_unknown_place_is_answered_with_what_to_write():
    assert rules.holidays.wrong_with("DE-BY", 2026) is None
    assert "Write a country as AT" in rules.holidays.wrong_with("Austria", 2026)
    assert "known for 2026" in rules.holidays.wrong_with("BV", 2026)
    assert "It has BB, BE, BW, BY" in rules.holidays.wrong_with("DE-XX", 2026)
