"""Decides when a member is reminded of a step."""

from datetime import UTC, date, datetime, time, timedelta

from orchard.tasks.types import BEFORE_A_MEETING
from orchard.team.queries import opens_next
from orchard.team.types import WorkingTime

# The first clock on earth on which a day begins is this far ahead of UTC.
_FIRST_ZONE = timedelta(hours=14)


def first_look(*, due_on: date, starts_at: datetime | None) -> datetime:
    """Return from when on a reminder can be due, whoever holds the step and wherever he or she works by then.

    Hours, holidays, absences and the holder may all change until then, so that the true time is reckoned only then.
    """
    if starts_at is not None:
        return starts_at - BEFORE_A_MEETING
    return datetime.combine(due_on, time(), UTC) - _FIRST_ZONE


def reminder(
    *, due_on: date, starts_at: datetime | None, set_at: datetime, hours: WorkingTime
) -> datetime | None:
    """Return when a member who works these hours is reminded; None where nothing is left to remind of.

    Of a meeting shortly before it; of any other step when work begins on its day, or on the first working day after
    it. Nobody is reminded of what was set (`set_at`) after that time: whoever set it knows.
    """
    at = (
        starts_at - BEFORE_A_MEETING
        if starts_at is not None
        else opens_next(hours, datetime.combine(due_on, time(), hours.zone))
    )
    return at if at is not None and at > set_at else None
