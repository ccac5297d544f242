"""What the clock asks of this room."""

from datetime import datetime

from orchard.api import actions


def forget_answers(now: datetime) -> int:
    """Forget what calls with an `Idempotency-Key` were answered more than a day ago."""
    return actions.forget_answers(now=now)
