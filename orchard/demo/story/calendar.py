"""When things happen in the story: its weeks, the mornings of Sales, seasons, the bad quarter, the second version."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

WEEKS = 78
WEEK = timedelta(weeks=1)

BAD_WEEKS = range(36, 49)
"""The bad quarter: fewer people come, fewer sales are opened, and hardly one is won."""

SECOND_VERSION = 50
"""The week from which on the second version of the agreement is in force."""

_SITTING_DAYS = (1, 3)
_EIGHT = time(8)
"""Tuesday and Thursday at eight in UTC: morning in Vienna, in summer and in winter."""

# How many people become known in a month, against a usual one.
_COMING: Mapping[int, float] = {
    1: 0.75, 2: 1.0, 3: 1.25, 4: 1.15, 5: 1.1, 6: 1.0, 7: 0.65, 8: 0.5, 9: 1.3, 10: 1.4, 11: 1.15, 12: 0.55,
}  # fmt: skip

# How readily companies decide in a month: hardly in August, gladly while this year's budget lasts.
_DECIDING: Mapping[int, float] = {1: 0.65, 6: 1.25, 7: 0.8, 8: 0.35, 11: 1.15, 12: 1.4}

_LULL = 0.8
"""A month with fewer newcomers than this is none for a show."""


def ends(until: datetime) -> list[datetime]:
    """Return when the parts of the story end: on the mornings when Sales sits down, and with the story."""
    begin = until - WEEKS * WEEK
    days = (begin.date() + timedelta(days=number) for number in range(7 * WEEKS + 1))
    mornings = [datetime.combine(day, _EIGHT, until.tzinfo) for day in days if day.weekday() in _SITTING_DAYS]
    return [*(each for each in mornings if begin < each < until), until]


def coming(day: date) -> float:
    """Return how many people become known at this time of the year, against a usual one."""
    return _COMING[day.month]


def deciding(day: date) -> float:
    """Return how readily companies decide at this time of the year."""
    return _DECIDING.get(day.month, 1.0)


def for_a_show(week: int, until: datetime) -> int:
    """Return the week of a show that would be in `week`: the nearest one in which there are shows."""
    return min(range(2, WEEKS - 4), key=lambda each: (not _is_for_shows(each, until), abs(each - week), each))


def _is_for_shows(week: int, until: datetime) -> bool:
    first = (until - (WEEKS - week) * WEEK).date()
    is_lively = all(coming(first + timedelta(days=number)) >= _LULL for number in range(10))
    return is_lively and week not in BAD_WEEKS


def quarter(day: date) -> str:
    """Return the quarter of a day as an agreement writes it: `2027-Q1`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
