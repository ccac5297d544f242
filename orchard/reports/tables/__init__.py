"""The analytical tables and expressions of reports: what a list's condition is asked over, and the funnel."""

from orchard.reports.tables.funnel import SOURCES, funnel, lives
from orchard.reports.tables.standing import STANDING, narrowed, which_count

__all__ = ["SOURCES", "STANDING", "funnel", "lives", "narrowed", "which_count"]
