"""The room's clockwork: verdicts that come due by time, and the refreshes: by a new version, and once a day."""

from datetime import datetime

from django.conf import settings

from orchard.agreement.actions.due import tell_due
from orchard.agreement.actions.refresh import DAY, refresh
from orchard.agreement.models import Refreshed
from orchard.agreement.queries.terms import in_force


def due(now: datetime) -> int:
    """Tell the ledger of every verdict whose hour has come."""
    return tell_due(now=now)


def refresh_new_version(now: datetime) -> int:
    """Assess everybody anew where a version came into force since that was last done; return how many changed."""
    force = in_force()
    if force is None or _last(version_id=force.version_id) is not None:
        return 0
    return refresh(now=now, engine=settings.ORCHARD_ENGINE).changed


def refresh_daily(now: datetime) -> int:
    """Assess everybody anew once a day, scores that only faded included; return how many verdicts changed."""
    force = in_force()
    if force is None or _last(version_id=force.version_id) is None:
        return 0
    last = _last(version_id=force.version_id, faded=True)
    if last is not None and now - last < DAY:
        return 0
    return refresh(now=now, engine=settings.ORCHARD_ENGINE, faded=True).changed


def _last(*, version_id: int, **which: bool) -> datetime | None:
    """Return when everybody was last assessed by this version, if no other version came after."""
    last = Refreshed.objects.filter(finished_at__isnull=False, **which).order_by("-id").first()
    return last.finished_at if last and last.version_id == version_id else None
