"""How the outbox stands: what waits, what was given up, and whether the gate is open."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from orchard.outbox.models import Gate, Message

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """The outbox at a moment. `oldest` is when the oldest message still waiting was put in."""

    waiting: int
    failed: int
    oldest: datetime | None
    open: bool
    reason: str


def standing() -> Standing:
    """Return how the outbox stands, over all channels."""
    waits = Q(state__in=[Message.State.WAITING, Message.State.CLAIMED])
    counts = Message.objects.aggregate(
        waiting=Count("id", filter=waits),
        failed=Count("id", filter=Q(state=Message.State.FAILED)),
        oldest=Min("created_at", filter=waits),
    )
    gate = Gate.objects.filter(id=1).first()
    return Standing(**counts, open=gate is None or gate.open, reason=gate.reason if gate else "")


def troubles() -> list[Message]:
    """Return the newest messages that failed at least once and have not left."""
    return list(Message.objects.exclude(error="").exclude(state=Message.State.SENT).order_by("-id")[:SHOWN])
