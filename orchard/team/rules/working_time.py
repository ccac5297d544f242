"""Decides when somebody works, and so when a promise counted in working hours falls due."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orchard.team.types import WorkingTime

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)

# Days in a row without work after which nobody is expected to come back, and days that are looked at all in all.
HORIZON = 5 * 366
FARTHEST = 60 * 366

# Hours of work without an end after which there is none: round the clock, through changes of the clock too.
_ALWAYS = timedelta(days=8)

Span = tuple[datetime, datetime]
"""A piece of time in UTC, its end not included."""


def spans(hours: WorkingTime, since: datetime) -> Iterator[Span]:
    """Yield the pieces of working time after a moment, in order, until there is none in `HORIZON` days.

    A day's work is cut in pieces where the clock is changed within it.

    A minute counts if the clock on the wall shows a working minute of a working day: where the clock is put back, an
    hour may count twice, and where it is put forward, the hour that it leaves out does not count.
    """
    first, idle = since.astimezone(hours.zone).date(), 0
    for number in range(FARTHEST):
        day, idle = first + number * _DAY, idle + 1
        if hours.is_open_on(day):
            for begins, ends in _spans_of_day(hours, day):
                if ends > since:
                    idle = 0
                    yield max(begins, since), ends
        if idle > HORIZON:
            return


def due(hours: WorkingTime, since: datetime, after: timedelta) -> datetime | None:
    """Return the moment at which `after` of working time has passed since a moment; None where it never does.

    It is the first such moment: what is due when the day ends is due then, not when the next one begins.
    """
    left = after
    if left <= timedelta():
        return since.astimezone(UTC)
    for begins, ends in spans(hours, since):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return None


def worked(hours: WorkingTime, since: datetime, until: datetime) -> timedelta:
    """Return how much working time lies between two moments."""
    total = timedelta()
    for begins, ends in spans(hours, since):
        if begins >= until:
            break
        total += min(ends, until) - begins
    return total


def is_working(hours: WorkingTime, at: datetime) -> bool:
    """Whether a moment lies in working time."""
    local = at.astimezone(hours.zone)
    return hours.is_open_on(local.date()) and hours.opens <= local.hour * 60 + local.minute < hours.closes


def closes_next(hours: WorkingTime, at: datetime) -> datetime | None:
    """Return when the work that is going on at a moment ends; None where it never does, or none is going on."""
    until = at
    for begins, ends in spans(hours, at):
        if begins > until or until - at > _ALWAYS:
            break
        until = ends
    return until if at < until <= at + _ALWAYS else None


def opens_next(hours: WorkingTime, at: datetime) -> datetime | None:
    """Return from when on somebody works: this moment if it is working time; None where nobody ever does."""
    return next((begins for begins, _ in spans(hours, at)), None)


def days_off(hours: WorkingTime, since: date, count: int) -> list[date]:
    """Return the next days off, from a day on, that would be working days else."""
    coming = sorted(day for day in hours.off if day >= since and day.weekday() in hours.weekdays)
    return coming[:count]


def _spans_of_day(hours: WorkingTime, day: date) -> Iterator[Span]:
    """Yield the working time of one day of the wall clock, cut where the clock is put forward or back."""
    midnight, next_midnight = _begin(hours.zone, day), _begin(hours.zone, day + _DAY)
    for begins, ends, offset in _steady(hours.zone, midnight, next_midnight):
        shown = datetime.combine(day, time(), UTC) - offset
        opens = max(begins, shown + timedelta(minutes=hours.opens))
        closes = min(ends, shown + timedelta(minutes=hours.closes))
        if opens < closes:
            yield opens, closes


def _begin(zone: ZoneInfo, day: date) -> datetime:
    """Return the first moment of a day of the wall clock."""
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    while midnight.astimezone(zone).date() >= day and (midnight - _SECOND).astimezone(zone).date() >= day:
        midnight -= timedelta(minutes=1)
    return midnight


def _steady(
    zone: ZoneInfo, begins: datetime, ends: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield the pieces of a day in which the wall clock keeps its distance from UTC, each with that distance."""
    while begins < ends:
        offset = _offset(zone, begins)
        if _offset(zone, ends - _SECOND) == offset:
            yield begins, ends, offset
            return
        low, high = begins, ends - _SECOND
        while high - low > _SECOND:
            middle = low + timedelta(seconds=(high - low) // _SECOND // 2)
            low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
        yield begins, high, offset
        begins = high


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - every time of a zone has one
    return offset
