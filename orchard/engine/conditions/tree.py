"""The one condition language as a tree: what may be written, before names are looked up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from math import isfinite
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)

from orchard.engine.types import Part
from orchard.kit.words import Phrase, marked

LONGEST_WINDOW_DAYS = 36_500
MOST_TIMES = 1_000
OPERATORS = (
    "is",
    "in",
    "gt",
    "lt",
    "between",
    "contains",
    "before",
    "after",
    "within_days",
    "empty",
)


def _comparable(value: Any) -> Any:
    """Let through what a document can spell and every engine can compare."""
    if not isinstance(value, bool | int | float | date | str):
        raise ValueError(marked("takes a text, a number, a day, true or false"))  # noqa: TRY004 - pydantic's contract
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(marked("takes a finite number"))
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(marked("needs the offset from UTC, as in 2027-03-01T09:00:00Z"))
    return value


def _listed(value: Any) -> Any:
    """Take a lone word for a list of one."""
    return (value,) if isinstance(value, str) else value


def _since(value: Any) -> Any:
    """Read an anchor, a day, an instant, or either of the latter as ISO text."""
    if value in ("last_return", "offer"):
        return value
    if isinstance(value, str):
        for reader in (date.fromisoformat, datetime.fromisoformat):
            with suppress(ValueError):
                return _comparable(reader(value))
    if isinstance(value, date):
        return _comparable(value)
    raise ValueError(marked("takes last_return, offer, or a day such as 2027-03-01"))


def _absent(value: Any) -> bool:
    return value is None


Scalar = Annotated[
    StrictBool
    | StrictInt
    | StrictFloat
    | Annotated[datetime, Strict()]
    | Annotated[date, Strict()]
    | StrictStr,
    Field(union_mode="left_to_right"),
    BeforeValidator(_comparable),
]
"""What a field is compared with. A day or instant may also come as ISO text; its field's type decides."""

Since = Annotated[
    Literal["last_return", "offer"] | Annotated[datetime, Strict()] | Annotated[date, Strict()],
    Field(union_mode="left_to_right"),
    BeforeValidator(_since),
]
Words = Annotated[tuple[StrictStr, ...], BeforeValidator(_listed), Field(min_length=1)]
Window = Annotated[StrictInt, Field(ge=1, le=LONGEST_WINDOW_DAYS)]
Times = Annotated[StrictInt, Field(ge=0, le=MOST_TIMES)]
Points = Annotated[StrictInt | StrictFloat, BeforeValidator(_comparable), Field(ge=-1_000_000, le=1_000_000)]


class Node(BaseModel):
    """A part of a condition. Parts are frozen, equal by content, and dump to what a person would write."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    def children(self) -> Iterator[tuple[str, Condition]]:
        """Yield the conditions directly inside, each with its step in a path (`any[1]`)."""
        yield from ()


class All(Node):
    """Holds when every one of its conditions holds."""

    conditions: Annotated[tuple[Condition, ...], Field(alias="all", min_length=1)]

    def children(self) -> Iterator[tuple[str, Condition]]:
        """Yield the conditions directly inside."""
        yield from ((f"all[{place}]", child) for place, child in enumerate(self.conditions))


class AnyOf(Node):
    """Holds when at least one of its conditions holds."""

    conditions: Annotated[tuple[Condition, ...], Field(alias="any", min_length=1)]

    def children(self) -> Iterator[tuple[str, Condition]]:
        """Yield the conditions directly inside."""
        yield from ((f"any[{place}]", child) for place, child in enumerate(self.conditions))


class Not(Node):
    """Holds when its condition does not."""

    condition: Annotated[Condition, Field(alias="not")]

    def children(self) -> Iterator[tuple[str, Condition]]:
        """Yield the one condition inside."""
        yield "not", self.condition


class FieldIs(Node):
    """Compares one field by exactly one operator; false where the field is missing."""

    field: StrictStr
    is_: Scalar | None = Field(None, alias="is", exclude_if=_absent)
    in_: tuple[Scalar, ...] | None = Field(None, alias="in", min_length=1, exclude_if=_absent)
    gt: Scalar | None = Field(None, exclude_if=_absent)
    lt: Scalar | None = Field(None, exclude_if=_absent)
    between: tuple[Scalar, Scalar] | None = Field(None, exclude_if=_absent)
    contains: Annotated[StrictStr, Field(min_length=1)] | None = Field(None, exclude_if=_absent)
    before: Scalar | None = Field(None, exclude_if=_absent)
    after: Scalar | None = Field(None, exclude_if=_absent)
    within_days: Window | None = Field(None, exclude_if=_absent)
    empty: StrictBool | None = Field(None, exclude_if=_absent)

    @property
    def operator(self) -> str:
        """The one operator, as written."""
        return next(iter(self.model_fields_set - {"field"})).rstrip("_")

    @property
    def operand(self) -> Any:
        """What stands behind the operator."""
        return getattr(self, {"is": "is_", "in": "in_"}.get(self.operator, self.operator))

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        named = self.model_fields_set - {"field"}
        if len(named) != 1:
            raise ValueError(
                Phrase("compare the field by exactly one of: {operators}", operators=[*OPERATORS])
            )
        if self.operand is None:
            raise ValueError(
                Phrase(
                    "`{operator}` needs a value; for a missing field write `empty: true`",
                    operator=self.operator,
                )
            )
        return self


class Did(Node):
    """Counts what a contact did: facts of the kinds named, in a window or since an event."""

    did: Words
    within_days: Window | None = Field(None, exclude_if=_absent)
    since: Since | None = Field(None, exclude_if=_absent)
    at_least: Times | None = Field(None, exclude_if=_absent)
    at_most: Times | None = Field(None, exclude_if=_absent)
    where: Condition | None = Field(None, exclude_if=_absent)

    @property
    def least(self) -> int:
        """The count from which it holds: as written, else 1, else 0 where only `at_most` is given."""
        if self.at_least is not None:
            return self.at_least
        return 1 if self.at_most is None else 0

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.within_days is not None and self.since is not None:
            raise ValueError(marked("use `within_days` or `since`, not both"))
        if self.at_least == 0 and self.at_most is None:
            raise ValueError(marked("`at_least: 0` always holds; write 1 or more, or `at_most`"))
        if self.at_most is not None and self.least > self.at_most:
            raise ValueError(marked("`at_least` is greater than `at_most`, so it never holds"))
        return self


class Score(Node):
    """Compares a score in points; both bounds are inclusive."""

    score: Part
    at_least: Points | None = Field(None, exclude_if=_absent)
    at_most: Points | None = Field(None, exclude_if=_absent)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError(marked("a score needs `at_least` or `at_most`"))
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(marked("`at_least` is greater than `at_most`, so it never holds"))
        return self


class Stage(Node):
    """Holds when the contact's lifecycle stage is one of those named."""

    stage: Words


class Segment(Node):
    """Holds for the members of a saved condition; not allowed in the agreement."""

    segment: StrictStr


SORTS: dict[str, type[Node]] = {
    "all": All,
    "any": AnyOf,
    "not": Not,
    "field": FieldIs,
    "did": Did,
    "score": Score,
    "stage": Stage,
    "segment": Segment,
}


def _sort_of(value: Any) -> str | None:
    if isinstance(value, Node):
        return next(key for key, model in SORTS.items() if type(value) is model)
    if not isinstance(value, dict):
        return None
    named = [key for key in SORTS if key in value]
    return named[0] if len(named) == 1 else None


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[FieldIs, Tag("field")]
    | Annotated[Did, Tag("did")]
    | Annotated[Score, Tag("score")]
    | Annotated[Stage, Tag("stage")]
    | Annotated[Segment, Tag("segment")],
    Discriminator(
        _sort_of,
        custom_error_type="condition",
        custom_error_message=f"a condition names exactly one of: {', '.join(SORTS)}",
    ),
]
"""A condition over a contact, at a time."""

for _model in SORTS.values():
    _model.model_rebuild()
