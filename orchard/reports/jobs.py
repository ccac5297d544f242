"""The clockwork that keeps ready what the page of the orchard shows at once."""

from datetime import datetime

from orchard.engine import lake
from orchard.reports.tables import MOVE_STEPS, ORCHARD_STEPS


def keep_ready(_now: datetime) -> int:
    """Make the tables of the orchard for the lake as it lies there; return the place up to which they tell."""
    pos = 0
    for steps in (ORCHARD_STEPS, MOVE_STEPS):
        made = lake.derive(steps)
        pos = made.pos if made else pos
    return pos
