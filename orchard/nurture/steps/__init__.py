"""The types of steps: the one place where they are registered. The engine, the form and the pages read them here."""

from collections.abc import Mapping

from orchard.nurture.steps.base import END, Due, FormField, Here, Move, Part, Step, StepType, Ways, Words
from orchard.nurture.steps.branch import BRANCH
from orchard.nurture.steps.end import END_STEP
from orchard.nurture.steps.go import GO
from orchard.nurture.steps.task import TASK
from orchard.nurture.steps.wait import WAIT

__all__ = [
    "END",
    "STEPS",
    "Due",
    "FormField",
    "Here",
    "Move",
    "Part",
    "Step",
    "StepType",
    "Ways",
    "Words",
]

STEPS: Mapping[str, StepType] = {each.name: each for each in (WAIT, TASK, BRANCH, GO, END_STEP)}
