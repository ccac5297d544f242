"""How the outbox stands: what waits, what was given up, and whether the gate is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from orchard.kit import clock
from orchard.outbox.models import Gate, Message

SHOWN = 20
RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """The outbox at a moment; `oldest` is when the oldest message still waiting was put in.

    `failed` counts what was given up within `RECENT`.
    """

    waiting: int
    failed: int
    oldest: datetime | None
    open: bool
    reason: str


def standing() -> Standing:
    """Return how the outbox stands, over all channels."""
    waits = Message.objects.filter(state__in=[Message.State.WAITING, Message.State.CLAIMED])
    counts = waits.aggregate(waiting=Count("id"), oldest=Min("created_at"))
    failed = Message.objects.filter(state=Message.State.FAILED, done_at__gt=clock.now() - RECENT).count()
    gate = Gate.objects.filter(id=1).first()
    return Standing(
        **counts, failed=failed, open=gate is None or gate.open, reason=gate.reason if gate else ""
    )


def troubles() -> list[Message]:
    """Return the newest messages that failed at least once and have not left."""
    return list(Message.objects.exclude(error="").exclude(state=Message.State.SENT).order_by("-id")[:SHOWN])
