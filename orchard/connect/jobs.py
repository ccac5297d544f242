"""The worker's part of imports: takes up what is queued, was left behind, or is to be undone."""

import logging
from datetime import datetime

from django.db.models import Q

from orchard.connect.actions import run, undo_on
from orchard.connect.models import Import
from orchard.connect.types import Lost, State
from orchard.kit.errors import Refused

logger = logging.getLogger(__name__)


def work(now: datetime) -> int:
    """Run the oldest import that waits for somebody, or undo one; return how many were taken up."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    waiting = Import.objects.filter(
        Q(state=State.UNDOING) | (Q(state__in=[State.QUEUED, State.RUNNING, State.CANCELLING]) & free)
    )
    due = waiting.order_by("id").first()
    if due is None:
        return 0
    try:
        if due.state == State.UNDOING:
            undo_on(import_id=due.id)
        else:
            run(import_id=due.id)
    except Lost:
        return 0
    except Refused:
        logger.info("Import %s was refused; its page says why.", due.id)
    return 1
