"""Which week an address asks for, and as which moments its days begin in the reader's zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from orchard.kit import clock
from orchard.reports.queries.numbers import Span
from orchard.weekly import queries
from orchard.weekly.types import Week


def today() -> date:
    """Return the reader's day."""
    return timezone.localdate(clock.now())


def week_asked(written: str) -> Week:
    """Return the week that an address writes, and without one the last that is over; refuse one to come."""
    return queries.read_week(written, today=today()) if written else queries.last_whole(today())


def span_of(week: Week) -> Span:
    """Return the days of a week as moments."""
    last = min(week.sunday, today())
    return Span(
        before=_midnight(week.before.monday),
        since=_midnight(week.monday),
        until=_midnight(week.after.monday),
        month=_midnight(last.replace(day=1)),
    )


def days_of(week: Week) -> dict[str, str]:
    """Return the days of a week as the addresses of reports write them."""
    return {"since": week.monday.isoformat(), "until": (week.monday + timedelta(days=6)).isoformat()}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
