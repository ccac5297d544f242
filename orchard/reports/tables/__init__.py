"""The analytical tables and expressions of reports: journeys, moves, closings, answers, the funnel, the orchard."""

from orchard.reports.tables.answers import ANSWER_STEPS, ANSWERS
from orchard.reports.tables.closings import CLOSING_STEPS, CLOSINGS, GIVEN_UP, OPEN
from orchard.reports.tables.fruit import BANDS, FRUIT_STEPS, ORCHARD_STEPS, hung, in_band, turned
from orchard.reports.tables.funnel import MONTH, NUMBERS, holds, matured, staged
from orchard.reports.tables.journeys import JOURNEYS, LINE, STEPS
from orchard.reports.tables.moves import MOVE_STEPS, MOVES, counted

__all__ = [
    "ANSWERS",
    "ANSWER_STEPS",
    "BANDS",
    "CLOSINGS",
    "CLOSING_STEPS",
    "FRUIT_STEPS",
    "GIVEN_UP",
    "JOURNEYS",
    "LINE",
    "MONTH",
    "MOVES",
    "MOVE_STEPS",
    "NUMBERS",
    "OPEN",
    "ORCHARD_STEPS",
    "STEPS",
    "counted",
    "holds",
    "hung",
    "in_band",
    "matured",
    "staged",
    "turned",
]
