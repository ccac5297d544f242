"""The clockwork of tasks and notices: each look takes up batch after batch, so that a whole morning is told at once."""

from collections.abc import Callable
from datetime import datetime

from orchard.tasks import actions
from orchard.team.types import Hours

# Batches in one look, at most: other clockwork waits meanwhile.
ROUNDS = 20


def remind(now: datetime, *, default: Hours) -> int:
    """Remind of what is due; return how many tasks were looked at."""
    return _again(lambda: actions.remind(now=now, default=default))


def mail_digests(now: datetime, *, default: Hours) -> int:
    """Mail to members what they have not seen; return how many mails there are."""
    return _again(lambda: actions.mail_digests(now=now, default=default))


def forget_notices(now: datetime) -> int:
    """Delete notices that were seen three months ago, and notes that were removed yesterday; return how many."""
    return _again(lambda: actions.forget_notices(now=now)) + _again(
        lambda: actions.forget_removed_notes(now=now)
    )


def _again(batch: Callable[[], int]) -> int:
    total = 0
    for _ in range(ROUNDS):
        did = batch()
        total += did
        if not did:
            break
    return total
