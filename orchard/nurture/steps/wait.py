"""The step that waits for some days and hours; while Sales works with the contact, its clock stands still."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field, StrictInt, model_validator

from orchard.kit.words import marked
from orchard.nurture.steps.base import FormField, Move, Step, StepType, Ways, Words

LONGEST_DAYS = 1_830


class Wait(Step):
    """Goes on after so many days and hours."""

    type: Literal["wait"]
    days: Annotated[StrictInt, Field(ge=0, le=LONGEST_DAYS)] = 0
    hours: Annotated[StrictInt, Field(ge=0, le=23)] = 0

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not self.days and not self.hours:
            raise ValueError(marked("say how long to wait: days, hours or both"))
        return self

    @property
    def span(self) -> timedelta:
        """How long it waits."""
        return timedelta(days=self.days, hours=self.hours)


def _says(step: Wait, _words: Words) -> str:
    parts = [ngettext("%(n)s day", "%(n)s days", step.days) % {"n": step.days}] if step.days else []
    parts += [ngettext("%(n)s hour", "%(n)s hours", step.hours) % {"n": step.hours}] if step.hours else []
    return _("Wait %(span)s") % {"span": _(" and ").join(parts)}


def _goes(step: Wait, ways: Ways, _holds: bool) -> Move:  # noqa: FBT001 - nothing was asked
    return Move(ways.next, step.span)


WAIT = StepType(
    name="wait",
    label=gettext_lazy("Wait"),
    icon="clock",
    model=Wait,
    says=_says,
    goes=_goes,
    waits=True,
    fields=(
        FormField("days", gettext_lazy("Days"), kind="number", blank=7),
        FormField("hours", gettext_lazy("Hours"), kind="number", blank=0),
    ),
)
