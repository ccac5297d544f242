"""A meeting as a file: what a calendar reads out of it is what was planned, whatever the words."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from orchard.tasks import actions, queries
from orchard.tasks.rules import meeting_file
from orchard.tasks.types import NewStep, UnknownTask, What
from tests.make.members import member
from tests.make.steps import HOUR, NOW, meeting, step


def read(file):
    calendar = Calendar.from_ical(file)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200),
    place=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=300),
    name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=120),
)
def test_any_words_survive_folding_and_escaping(title, place, name):
    file = meeting_file(
        uid=uuid4(),
        sequence=3,
        changed_at=NOW,
        starts_at=NOW,
        ends_at=NOW + HOUR,
        title=title,
        place=place,
        link="https://orchard.example/contacts/1",
        member=(name, "lars@orchard.example"),
        cancelled=False,
    )
    _, event = read(file)
    assert (str(event["summary"]), str(event.get("location", ""))) == (title, place)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert b"\n" not in file.replace(b"\r\n", b"")


@pytest.mark.django_db
def test_a_meeting_keeps_its_uid_and_its_sequence_grows_until_it_is_cancelled():
    rep = member(name="Lars Berg", email="lars@orchard.example")
    made = meeting(rep, title="Lunch; with, commas", place="Gasthof\\Linde", contact_id=5)
    calendar, first = read(queries.meeting_file(made, who="Ada Lovelace", link=""))
    assert (calendar["method"], first["status"]) == ("REQUEST", "CONFIRMED")
    assert str(first["summary"]) == "Lunch; with, commas · Ada Lovelace"
    assert str(first["location"]) == "Gasthof\\Linde"
    assert first.decoded("dtstart") == NOW + 24 * HOUR
    assert first["organizer"] == "mailto:lars@orchard.example"
    moved = NewStep(What.MEETING, None, "Lunch", NOW + 48 * HOUR, NOW + 49 * HOUR, "Linde")
    actions.change_step(task_id=made, step=moved, by=rep.id, now=NOW + timedelta(minutes=1))
    _, second = read(queries.meeting_file(made, who="", link=""))
    assert b"DTSTART:20261127T093000Z" in queries.meeting_file(made, who="", link="")
    actions.drop(task_id=made, by=rep.id, now=NOW + timedelta(minutes=2))
    calendar, last = read(queries.meeting_file(made, who="", link=""))
    assert (calendar["method"], last["status"]) == ("CANCEL", "CANCELLED")
    assert first["uid"] == second["uid"] == last["uid"]
    assert first["sequence"] < second["sequence"] < last["sequence"]


@pytest.mark.django_db
def test_a_step_without_a_time_is_no_meeting():
    with pytest.raises(UnknownTask):
        queries.meeting_file(step(member()), who="", link="")


@pytest.mark.django_db
def test_a_meeting_across_a_change_of_the_clock_is_told_in_utc():
    rep = member(time_zone="Europe/Vienna")
    starts = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    file = queries.meeting_file(meeting(rep, starts=starts, lasts=2 * HOUR), who="", link="")
    assert b"DTSTART:20270328T003000Z" in file
    assert b"DTEND:20270328T023000Z" in file
