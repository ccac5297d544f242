"""Until when a lead is fresh."""

from datetime import datetime, timedelta


def stale_from(
    *, fresh_at: datetime | None, fresh_days: int, ripe_at: datetime, released_at: datetime | None = None
) -> datetime:
    """Return from when a lead is stale: `fresh_days` after the newest fact that counts, or after its release.

    One that no fact made ripe, as when a field alone decides, counts from the day it became ripe.
    """
    begin = fresh_at or ripe_at
    return max(begin, released_at or begin) + timedelta(days=fresh_days)
