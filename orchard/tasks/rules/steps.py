"""Decides what a step may say, and for when it can be planned."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchard.kit.errors import Refused
from orchard.tasks.types import PLACE_LENGTH, TITLE_LENGTH, Happened, NewStep, Step, What

# How far ahead a step may lie, and how long a meeting may last.
FARTHEST = timedelta(days=5 * 366)
LONGEST = timedelta(days=14)


def checked(
    step: NewStep, *, zone: ZoneInfo, now: datetime, stands: date | datetime | None = None
) -> NewStep:
    """Return a step with its words in one line and its day set, or refuse what cannot be planned.

    The day of a meeting is that of its begin by the clock of the member who goes there. What `stands` already, a day
    or the begin of a meeting, may be over.
    """
    title, place = line_of(step.title, TITLE_LENGTH), line_of(step.place, PLACE_LENGTH)
    if step.what is What.MEETING:
        begin, end = _meeting(step, now, stands)
        return replace(
            step,
            title=title,
            place=place,
            due_on=begin.astimezone(zone).date(),
            starts_at=begin,
            ends_at=end,
        )
    if step.what is What.TODO and not title:
        raise Refused("Say what is to be done.").at("title")
    if step.due_on is None:
        raise Refused("Choose a day.").at("due_on")
    if step.due_on != stands:
        checked_day(step.due_on, today=now.astimezone(zone).date())
    return replace(step, title=title, place="", starts_at=None, ends_at=None)


def checked_day(day: date, *, today: date) -> date:
    """Return a day for which something can be planned; refuse one that is over or out of all reckoning."""
    if day < today:
        raise Refused("This day is over. Choose today or a later day.").at("due_on")
    if day > today + FARTHEST:
        raise Refused("This day is years ahead. Look at the year.").at("due_on")
    return day


def done_by(happened: Happened, steps: Sequence[Step], *, member_id: int, today: date) -> Step | None:
    """Return the step that is done by what happened: the member's own earliest due one that asked for just that.

    A call that nobody answered and a meeting to which nobody came leave the step open.
    """
    asked = {Happened.REACHED: What.CALL, Happened.HELD: What.MEETING, Happened.MAIL: What.MAIL}.get(happened)
    fits = (each for each in steps if each.what is asked and each.member_id == member_id)
    return next((each for each in fits if each.due_on <= today), None)


def line_of(text: str, longest: int) -> str:
    """Return words in one line; refuse those that are too long or hold characters that cannot be shown."""
    line = " ".join(text.split())
    if len(line) > longest:
        raise Refused("At most {longest} characters fit here. Leave something out.", longest=longest)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in line):
        raise Refused("These words hold characters that cannot be shown. Type them anew.")
    return line


def _meeting(step: NewStep, now: datetime, stands: date | datetime | None) -> tuple[datetime, datetime]:
    if step.starts_at is None or step.ends_at is None:
        raise Refused("Say when the meeting begins and ends.").at("starts_at")
    if step.ends_at <= step.starts_at:
        raise Refused("The meeting ends before it begins.").at("ends_at")
    if step.ends_at - step.starts_at > LONGEST:
        raise Refused("A meeting lasts {days} days at most. Look at its end.", days=LONGEST.days).at(
            "ends_at"
        )
    if step.starts_at < now and step.starts_at != stands:
        raise Refused("This time is over. Choose a later one; what has happened is logged, not planned.").at(
            "starts_at"
        )
    if step.starts_at > now + FARTHEST:
        raise Refused("This day is years ahead. Look at the year.").at("starts_at")
    return step.starts_at, step.ends_at
