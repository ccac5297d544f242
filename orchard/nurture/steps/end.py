"""The step that ends the program for whoever comes there, with a word for how it ended."""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import field_validator

from orchard.kit.words import marked
from orchard.nurture.steps.base import END, FormField, Line, Move, Step, StepType, Ways, Words


class End(Step):
    """Ends it; `outcome` is what the results are counted under."""

    type: Literal["end"]
    outcome: Line

    @field_validator("outcome")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) > 40:  # noqa: PLR2004 - the width of the column
            raise ValueError(marked("takes at most 40 characters"))
        return value


def _says(step: End, _words: Words) -> str:
    return _("End as “%(outcome)s”") % {"outcome": step.outcome}


def _goes(step: End, _ways: Ways, _holds: bool) -> Move:  # noqa: FBT001 - nothing was asked
    return Move(END, outcome=step.outcome)


END_STEP = StepType(
    name="end",
    label=gettext_lazy("End"),
    icon="flag",
    model=End,
    says=_says,
    goes=_goes,
    ends=True,
    fields=(FormField("outcome", gettext_lazy("In a word")),),
)
