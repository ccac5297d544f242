"""The analytical tables and expressions of reports: what a list's condition is asked over, and the funnel."""

from orchard.reports.tables.funnel import SOURCES, funnel, lives

__all__ = ["SOURCES", "funnel", "lives"]
