"""Until when a lead is fresh."""

from datetime import datetime, timedelta


def stale_from(*, fresh_at: datetime | None, fresh_days: int, ripe_at: datetime) -> datetime:
    """Return from when a lead is stale: `fresh_days` after the newest fact that counts.

    One that no fact made ripe, as when a field alone decides, counts from the day it became ripe.
    """
    return (fresh_at or ripe_at) + timedelta(days=fresh_days)
