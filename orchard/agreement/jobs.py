"""The room's clockwork: verdicts that come due by time, and the refresh that a new version asks for."""

from datetime import datetime

from orchard.agreement.actions.due import tell_due
from orchard.agreement.actions.refresh import refresh
from orchard.agreement.models import Refreshed
from orchard.agreement.queries.terms import in_force


def due(now: datetime) -> int:
    """Tell the ledger of every verdict whose hour has come."""
    return tell_due(now=now)


def refresh_new_version(now: datetime) -> int:
    """Assess everybody anew where a version came into force since that was last done; return how many changed."""
    force = in_force()
    if force is None:
        return 0
    last = (
        Refreshed.objects.filter(finished_at__isnull=False)
        .order_by("-id")
        .values_list("version_id", flat=True)
    )
    if last.first() == force.version_id:
        return 0
    return refresh(now=now).changed
