"""What a program may say, as pydantic models: name, audience, steps, goal, ends."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    Field,
    InstanceOf,
    SerializeAsAny,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    model_validator,
)

from orchard.engine.conditions import Condition
from orchard.kit.words import marked
from orchard.nurture.steps import STEPS, Part, Step

Reason = Annotated[StrictStr, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


def _absent(value: object) -> bool:
    return value is None


class Audience(Part):
    """Who enters: whoever comes back for one of these reasons, or whoever comes to meet a condition."""

    returned: Annotated[
        tuple[Reason, ...] | None, Field(min_length=1, max_length=100, exclude_if=_absent)
    ] = None
    when: Annotated[Condition | None, Field(exclude_if=_absent)] = None
    again_after_days: Annotated[StrictInt | None, Field(ge=1, le=3_650, exclude_if=_absent)] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.returned is None) == (self.when is None):
            raise ValueError(
                marked("say for which reasons of a return, or under which condition, a contact enters")
            )
        if self.again_after_days is not None and self.when is None:
            raise ValueError(
                marked("who came back enters anew with each return; leave `again_after_days` out")
            )
        return self


class Goal(Part):
    """What the program is to bring about: reaching it ends an enrolment.

    `becomes_lead`: the contact is offered to a member of Sales, or taken by one; a lead that waits is not enough.
    """

    becomes_lead: StrictBool = False
    when: Annotated[Condition | None, Field(exclude_if=_absent)] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.becomes_lead == (self.when is not None):
            raise ValueError(marked("the goal is that the contact becomes a lead, or a condition"))
        return self


class Ends(Part):
    """What else ends an enrolment before its steps do."""

    customer: StrictBool = True
    disqualified: StrictBool = True


class Document(Part):
    """One program, whole."""

    name: Annotated[
        StrictStr,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\n\r]*$"),
    ]
    audience: Audience
    steps: Annotated[tuple[SerializeAsAny[InstanceOf[Step]], ...], Field(min_length=1)]
    goal: Annotated[Goal | None, Field(exclude_if=_absent)] = None
    ends: Ends = Ends()

    def walk(self) -> Iterator[tuple[str, Step]]:
        """Yield every step with its place (`2`, `2.then.0`), as they are read."""
        yield from _walk(self.steps, "")

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Yield each condition with its path."""
        if self.audience.when is not None:
            yield "audience.when", self.audience.when
        if self.goal is not None and self.goal.when is not None:
            yield "goal.when", self.goal.when
        for place, step in self.walk():
            if (asked := STEPS[step.type].asks(step)) is not None:
                yield f"{path_of(place)}.when", asked


def _walk(steps: tuple[Step, ...], before: str) -> Iterator[tuple[str, Step]]:
    for number, step in enumerate(steps):
        place = f"{before}{number}"
        yield place, step
        for name, inner in inner_of(step):
            yield from _walk(inner, f"{place}.{name}.")


def inner_of(step: Step) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """Yield the lists of steps inside a step, each by the word that the document has for it."""
    by_alias = {field.alias or name: name for name, field in type(step).model_fields.items()}
    for name, _ in STEPS[step.type].inner:
        yield name, getattr(step, by_alias[name])


def path_of(place: str) -> str:
    """Return the path of the step at a place as sentences name it: `steps[2].then[0]`."""
    path = "steps"
    for part in place.split("."):
        path += f"[{part}]" if part.isdigit() else f".{part}"
    return path
