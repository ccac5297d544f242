"""What time it is: the only place that asks the machine, so that demo, tests and rehearsals can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the current time in UTC, or the time set by `at`."""
    return _frozen.get() or of_machine()


def of_machine() -> datetime:
    """Return the current time in UTC, whatever is set: when a file was written while a story of the past is told."""
    return datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` answer `moment` (aware) inside this context."""
    if moment.tzinfo is None:
        raise ValueError("The clock is set with a time zone.")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def full_hour(moment: datetime) -> datetime:
    """Return the last full UTC hour at or before `moment`: the clock of the score."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def next_full_hour(moment: datetime) -> datetime:
    """Return the first full UTC hour strictly after `moment`."""
    return full_hour(moment) + timedelta(hours=1)
