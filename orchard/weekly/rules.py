"""Decides which weeks a meeting may be about, and what may be written of it."""

import re
import unicodedata
from datetime import date, timedelta

from orchard.kit.errors import Refused
from orchard.tasks.types import TITLE_LENGTH
from orchard.weekly.types import LONGEST_NOTE, NoSuchWeek, Week

FIRST_YEAR = 1970
_WRITTEN = re.compile(r"([0-9]{4})-W([0-9]{2})")
_LINES = "\n\t"


def week_of(day: date) -> Week:
    """Return the week that a day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def last_whole(today: date) -> Week:
    """Return the last week that is over."""
    return week_of(today).before


def is_running(week: Week, *, today: date) -> bool:
    """Tell whether a week has begun and is not over."""
    return week.monday <= today <= week.sunday


def read_week(written: str, *, today: date) -> Week:
    """Return the week that an address writes (`2026-W47`); refuse one that there is not, or that is to come."""
    parts = _WRITTEN.fullmatch(written)
    if parts is None or int(parts[1]) < FIRST_YEAR:
        raise NoSuchWeek("There is no such week. A week is written like 2026-W47.")
    try:
        week = Week(date.fromisocalendar(int(parts[1]), int(parts[2]), 1))
    except ValueError:
        raise NoSuchWeek("There is no such week. A week is written like 2026-W47.") from None
    return begun(week, today=today)


def begun(week: Week, *, today: date) -> Week:
    """Return a week that has begun; refuse one that is to come."""
    if week.monday > today:
        raise NoSuchWeek("This week is still to come. Choose one that has begun.")
    return week


def note_words(text: str) -> str:
    """Return the words of a note without space around them; refuse none, too many, and what cannot be shown."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise Refused("Write what was said.").at("words")
    if len(words) > LONGEST_NOTE:
        raise Refused(
            "At most {at_most} characters fit into a note. Write a second one.", at_most=LONGEST_NOTE
        ).at("words")
    return _shown(words)


def decision_words(text: str, *, owner_id: int | None, due_on: date | None) -> str:
    """Return a decision in one line; refuse one without words, and an owner who is not told until when."""
    words = " ".join(text.split())
    if not words:
        raise Refused("Say what is decided.").at("words")
    if len(words) > TITLE_LENGTH:
        raise Refused(
            "At most {at_most} characters fit into a decision. Write the rest as a note.",
            at_most=TITLE_LENGTH,
        ).at("words")
    if owner_id is not None and due_on is None:
        raise Refused("Say until when, so that it stands in the owner's tasks.").at("due_on")
    return _shown(words)


def _shown(words: str) -> str:
    """Return words that can be shown; refuse others."""
    if any(sign not in _LINES and unicodedata.category(sign) in {"Cc", "Cs"} for sign in words):
        raise Refused("These words hold characters that cannot be shown. Type them anew.").at("words")
    return words
