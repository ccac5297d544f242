"""Who works when by the agreement in force: it says the hours of whoever is in no territory."""

from datetime import datetime

from orchard.agreement.queries.terms import in_force
from orchard.team import queries as team
from orchard.team.types import OFFICE_HOURS, Hours

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def office_hours() -> Hours:
    """Return the hours that the agreement in force counts promises in where no territory has its own."""
    force = in_force()
    if force is None:
        return OFFICE_HOURS
    calendar = force.document.promises.calendar
    return Hours(frozenset(map(_DAYS.index, calendar.days)), *calendar.minutes)


def at_work(*, now: datetime) -> list[team.AtWork]:
    """Return everybody who is switched on, whether at work now, and when this changes."""
    return team.at_work(now=now, default=office_hours())
