"""The clockwork that lets e-mail out of the outbox."""

from datetime import datetime

from orchard.outbox import actions
from orchard.outbox.mail import Postman

CHANNEL = "email"


def deliver_email(now: datetime) -> int:
    """Send the e-mails that are due; return how many left."""
    with Postman() as postman:
        return actions.empty(channel=CHANNEL, send=postman, now=now)


def forget_old(now: datetime) -> int:
    """Delete messages that left, or were given up, three months ago; return how many."""
    return actions.forget_old(now=now)
