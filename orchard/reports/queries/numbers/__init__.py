"""The numbers that both teams look at: each report answers in groups, and opens the people behind each number."""

from orchard.reports.queries.numbers.asking import NoLongerKept, OnSpark, forget_answers, source_of
from orchard.reports.queries.numbers.behind import Counted, People, people
from orchard.reports.queries.numbers.catalogue import REPORTS, Report, UnknownReport, answer, report
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, UNKNOWN, Dimension
from orchard.reports.queries.numbers.files import as_csv, as_workbook
from orchard.reports.queries.numbers.orchard import (
    BAND_LABELS,
    EVERYBODY,
    Hanging,
    day_of,
    moments_until,
    month_of,
)
from orchard.reports.queries.numbers.week import Span, Topic, WeekShown, week_shown

__all__ = [
    "BAND_LABELS",
    "DIMENSIONS",
    "EVERYBODY",
    "REPORTS",
    "UNKNOWN",
    "Counted",
    "Dimension",
    "Hanging",
    "NoLongerKept",
    "OnSpark",
    "People",
    "Report",
    "Span",
    "Topic",
    "UnknownReport",
    "WeekShown",
    "answer",
    "as_csv",
    "as_workbook",
    "day_of",
    "forget_answers",
    "moments_until",
    "month_of",
    "people",
    "report",
    "source_of",
    "week_shown",
]
