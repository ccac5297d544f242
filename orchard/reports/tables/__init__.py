"""The analytical tables and expressions of reports: what a list's condition is asked over, journeys, the funnel."""

from orchard.reports.tables.funnel import NUMBERS, holds, staged
from orchard.reports.tables.journeys import JOURNEYS, LINE, STEPS
from orchard.reports.tables.standing import STANDING, narrowed, which_count

__all__ = [
    "JOURNEYS",
    "LINE",
    "NUMBERS",
    "STANDING",
    "STEPS",
    "holds",
    "narrowed",
    "staged",
    "which_count",
]
