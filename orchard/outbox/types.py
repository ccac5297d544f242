"""The outbox's vocabulary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

# After the n-th failure a message waits this long; after the last it is given up and shown as failed.
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
LEASE = timedelta(minutes=5)


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
