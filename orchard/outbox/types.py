"""The outbox's vocabulary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from orchard.kit.words import Phrase, marked

# After the n-th failure a message waits this long; after the last it is given up and shown as failed.
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
LEASE = timedelta(minutes=5)

BY_HAND = marked("Closed by hand.")
"""Why the gate is closed where somebody closed it and did not say why."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed message, as a sender gets it."""

    id: int
    recipient: str
    payload: dict[str, Any]


Sender = Callable[[Outgoing], None]


@dataclass(frozen=True, slots=True)
class Where:
    """What tells an installation from its copy: its home, its machine, its database server and the database in it.

    `mark` was drawn for the home once; `machine` is a hash, and empty where nothing names the machine; `server` is
    PostgreSQL's own identifier of a cluster, and empty where the role may not read it.
    """

    mark: UUID
    home: str
    machine: str
    server: str
    database: int


def restored(made_at: datetime) -> Phrase:
    """Return why the gate is closed after a restore from the backup that was made then."""
    at = made_at.astimezone(UTC)
    return Phrase(
        "Restored from the backup of {day} {month} {year}, {time} UTC.",
        day=str(at.day),
        month=Phrase(at.strftime("%B")),
        year=str(at.year),
        time=f"{at:%H:%M}",
    )
