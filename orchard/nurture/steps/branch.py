"""The step that asks whether a condition holds, and goes one way or the other."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, InstanceOf, SerializeAsAny

from orchard.engine.conditions import Condition, in_words
from orchard.nurture.steps.base import FormField, Move, Step, StepType, Ways, Words

Steps = tuple[SerializeAsAny[InstanceOf[Step]], ...]


class Branch(Step):
    """Goes through `then` where `when` holds, else through `otherwise`; after either, on with what follows."""

    type: Literal["branch"]
    when: Condition
    then: Steps = ()
    otherwise: Annotated[Steps, Field(alias="else")] = ()


def _says(step: Branch, words: Words) -> str:
    return _("If this holds: %(condition)s") % {"condition": in_words(step.when, words.catalogue)}


def _goes(_step: Branch, ways: Ways, holds: bool) -> Move:  # noqa: FBT001 - the answer to its condition
    return Move(ways.inner["then" if holds else "else"])


BRANCH = StepType(
    name="branch",
    label=gettext_lazy("Branch"),
    icon="split",
    model=Branch,
    says=_says,
    goes=_goes,
    asks=lambda step: step.when,
    inner=(("then", gettext_lazy("Then")), ("else", gettext_lazy("Otherwise"))),
    fields=(FormField("when", gettext_lazy("If"), kind="condition", blank=None),),
)
