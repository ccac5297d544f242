"""The outbox's vocabulary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

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
