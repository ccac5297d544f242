"""The clockwork that keeps ready what the page of the orchard shows at once."""

from datetime import datetime

from orchard.engine import lake
from orchard.reports.queries import numbers
from orchard.reports.queries.numbers.orchard import replay
from orchard.reports.tables import MOVE_STEPS, ORCHARD_STEPS
from orchard.reports.types import Asked


def keep_ready(now: datetime) -> int:
    """Draw the orchard for the lake as it lies there; return the place up to which it tells."""
    made = lake.derive(ORCHARD_STEPS)
    lake.derive(MOVE_STEPS)
    if made is None:
        return 0
    asked = Asked(stamp=made.stamp)
    numbers.answer("orchard", asked, now=now)
    return replay(asked, now=now).pos
