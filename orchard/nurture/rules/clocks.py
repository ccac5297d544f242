"""How the clock of an enrolment stands still while it is held."""

from datetime import datetime, timedelta


def left_of(due_at: datetime, held_at: datetime) -> timedelta:
    """Return how much of a wait is left for whoever is held at that time; nothing where the step was due."""
    return max(due_at - held_at, timedelta(0))


def resumes_at(left: timedelta, now: datetime) -> datetime:
    """Return when the next step is due for whoever goes on now."""
    return now + left
