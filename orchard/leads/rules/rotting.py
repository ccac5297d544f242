"""When an accepted lead rots: after a while without a touch, held off by a dated next step, but not for ever."""

from datetime import datetime, timedelta

from orchard.agreement.types import Document


def rots_at(
    document: Document, *, touched_at: datetime, planned_for: datetime | None = None
) -> datetime | None:
    """Return when a lead rots whose last touch (or acceptance) was at `touched_at`; None where nothing ever rots.

    A next step holds it off until its date, at most for the longest plan since the last touch.
    """
    if document.rot is None:
        return None
    after = touched_at + timedelta(days=document.rot.lead_days)
    if planned_for is None:
        return after
    longest = touched_at + timedelta(days=document.rot.longest_plan_days)
    return max(after, min(planned_for, longest))
