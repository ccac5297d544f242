"""The clockwork of tasks and notices."""

from datetime import datetime

from orchard.tasks import actions
from orchard.team.types import Hours


def remind(now: datetime, *, default: Hours) -> int:
    """Remind of what is due; return how many tasks were looked at."""
    return actions.remind(now=now, default=default)


def mail_digests(now: datetime, *, default: Hours) -> int:
    """Mail to members what they have not seen; return how many mails there are."""
    return actions.mail_digests(now=now, default=default)


def forget_notices(now: datetime) -> int:
    """Delete notices that were seen three months ago; return how many."""
    return actions.forget_notices(now=now)
