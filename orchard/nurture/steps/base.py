"""What every step of a program is: a frozen part of the document, and a type that says what it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict, Field, StrictStr, StringConstraints

from orchard.engine.conditions import Condition
from orchard.engine.types import Catalogue

Line = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
"""A short name, of one line."""


class Part(BaseModel):
    """A part of a program's document: frozen, and nothing beside what it may say."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class Step(Part):
    """A step. `name` is what another step calls it by that goes on here."""

    type: StrictStr
    name: Annotated[Line | None, Field(exclude_if=lambda value: value is None)] = None


class Ways(NamedTuple):
    """Where one may go from a step: to the next one, into the first of each inner list, to a step with a name.

    Each is the place of a step, or `END`.
    """

    next: str
    inner: Mapping[str, str]
    named: Mapping[str, str]


END = "end"
"""The place after the last step: who comes there is done."""


class Move(NamedTuple):
    """Where an enrolment goes from a step, and after how long; at the end, the word for how it ended."""

    to: str
    after: timedelta = timedelta(0)
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What sentences about steps are made with: names for conditions, and for members by their e-mail address."""

    catalogue: Catalogue
    members: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """An enrolment whose step is due: which, whose, and for whom Sales worked last with the contact."""

    enrolment_id: int
    contact_id: int
    account_id: int | None
    owner_id: int | None
    returned_by: int | None


@dataclass(frozen=True, slots=True)
class Here:
    """What a step may ask of where it is done: the time, and who answers for the program."""

    now: datetime
    live_by: int | None


def _stays(_step: Any, ways: Ways, _holds: bool) -> Move:  # noqa: FBT001 - the answer to the step's condition
    return Move(ways.next)


@dataclass(frozen=True, slots=True)
class StepType:
    """One type of step. It stands in the registry and nowhere else.

    `says` gives its sentence. `goes` decides where an enrolment goes on, given the answer to the condition that `asks`
    names, if any. `does` has an effect on those who are there, in the transaction that moves them on. `inner` names
    the lists of steps inside it. `fields` describes its fields to the form, in order.
    """

    name: str
    label: str | Promise
    icon: str
    model: type[Step]
    says: Callable[[Any, Words], str]
    fields: "tuple[FormField, ...]" = ()
    goes: Callable[[Any, Ways, bool], Move] = _stays
    does: Callable[[Any, Sequence[Due], Here], None] | None = None
    asks: Callable[[Any], Condition | None] = lambda _step: None
    named: Callable[[Any], tuple[str, ...]] = lambda _step: ()
    inner: "tuple[tuple[str, str | Promise], ...]" = ()
    waits: bool = False
    ends: bool = False
    """Nothing after it is ever reached by it alone."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a step as the form asks for it.

    `kind` is text, number, select, condition, member (by e-mail address) or names (of another step).

    A field is shown where the value of another one is `only_for`, given as (name, value).
    """

    name: str
    label: str | Promise
    kind: str = "text"
    unit: str | Promise = ""
    choices: Sequence[tuple[str, str | Promise]] = ()
    only_for: tuple[str, str] | None = None
    blank: Any = ""
