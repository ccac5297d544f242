"""The step that goes on at another one, which it calls by its name."""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.nurture.steps.base import FormField, Line, Move, Step, StepType, Ways, Words


class Go(Step):
    """Goes on at the step named `to`."""

    type: Literal["go"]
    to: Line


def _says(step: Go, _words: Words) -> str:
    return _("Go on at “%(name)s”") % {"name": step.to}


def _goes(step: Go, ways: Ways, _holds: bool) -> Move:  # noqa: FBT001 - nothing was asked
    return Move(ways.named[step.to])


GO = StepType(
    name="go",
    label=gettext_lazy("Go to a step"),
    icon="arrow-right",
    model=Go,
    says=_says,
    goes=_goes,
    named=lambda step: (step.to,),
    ends=True,
    fields=(FormField("to", gettext_lazy("Step called"), kind="names"),),
)
