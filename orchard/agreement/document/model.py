"""What an agreement may say, as pydantic models of its YAML document; names are looked up elsewhere."""

import re
from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from orchard.engine.conditions import Condition
from orchard.kit.words import Phrase, marked

MICRO = 1_000_000
"""Micro-points in a point: scores are added as integers, so that every engine finds the same sum."""

MOST_POINTS = 10_000
PLACES = 6
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONDITION_WORDS = frozenset({"all", "any", "not", "field", "did", "score", "stage", "segment"})
_HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")
_TARGET = re.compile(r"^(\d{1,15}(?:\.\d{1,2})?)(?: ([A-Z]{3}))?$")


def plain_number(value: Decimal) -> int | float:
    """Return a decimal as the number that a person writes: 15, not 15.0."""
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(marked("must be a number"))  # noqa: TRY004 - pydantic's contract
    if not isfinite(value):
        raise ValueError(marked("must be a finite number"))
    return Decimal(repr(value))


def _micro(value: Any) -> int:
    points = _decimal(value)
    if abs(points) > MOST_POINTS:
        raise ValueError(Phrase("must lie between -{at_most} and {at_most}", at_most=MOST_POINTS))
    micro = points * MICRO
    if micro != micro.to_integral_value():
        raise ValueError(Phrase("has more than {at_most} decimal places", at_most=PLACES))
    if micro == 0:
        raise ValueError(marked("must not be 0: such a rule counts for nothing"))
    return int(micro)


def points_of(micro: int) -> int | float:
    """Return micro-points as the points that a person writes."""
    return plain_number(Decimal(micro) / MICRO)


def _share(value: Any) -> Decimal:
    share = _decimal(value)
    if not 0 <= share <= 1:
        raise ValueError(marked("is a share from 0 to 1; write four in five as 0.8"))
    return share


def _texts(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


MicroPoints = Annotated[
    int,
    BeforeValidator(_micro),
    PlainSerializer(points_of, return_type=int | float),
    WithJsonSchema({"type": "number", "minimum": -MOST_POINTS, "maximum": MOST_POINTS}),
]
"""Points in the document, integer micro-points in Python."""

Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    PlainSerializer(plain_number, return_type=int | float),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
Name = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Slug = Annotated[StrictStr, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
DaySpan = Annotated[StrictInt, Field(ge=1, le=36_500)]
HourSpan = Annotated[StrictInt, Field(ge=1, le=8_760)]
Count = Annotated[StrictInt, Field(ge=1, le=1_000_000)]


class Part(BaseModel):
    """A part of the agreement: frozen, equal by content, closed to words the grammar lacks."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class FitRule(Part):
    """Points for what a contact or the account is. Micro-points may be negative."""

    name: Name
    when: Condition
    points_micro: MicroPoints = Field(alias="points")


class EngagementRule(Part):
    """Points for each human-made interaction of these kinds, halved every half-life, all together up to a cap."""

    name: Name
    kinds: Annotated[tuple[StrictStr, ...], BeforeValidator(_texts), Field(min_length=1)]
    where: Condition | None = None
    points_micro: MicroPoints = Field(alias="points")
    half_life_days: DaySpan
    cap_micro: MicroPoints = Field(alias="cap")

    @model_validator(mode="after")
    def _grows_to_its_cap(self) -> Self:
        if self.points_micro < 0:
            raise ValueError(
                marked("points of an interaction must be more than 0; take points off by a rule of fit")
            )
        if self.cap_micro < self.points_micro:
            raise ValueError(
                marked(
                    "the cap is smaller than the points, so that one interaction would never count in full"
                )
            )
        return self


class ScoreRules(Part):
    """The rules of the score; each makes one line."""

    fit: tuple[FitRule, ...] = ()
    engagement: tuple[EngagementRule, ...] = ()

    @property
    def rules(self) -> tuple[FitRule | EngagementRule, ...]:
        """All rules in the order of writing, fit first."""
        return (*self.fit, *self.engagement)


class Handoff(Part):
    """When a contact becomes a lead. The document writes `when` without the word: `any`, `all`, `did` ..."""

    when: Condition
    never: Condition | None = None
    at_account: Literal["join", "separate"] = "join"
    fresh_days: DaySpan = 14

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        """Take the words of the condition together, so that the rest of the grammar can look at them."""
        if not isinstance(value, dict) or "when" in value:
            return value
        own = {key: part for key, part in value.items() if key in cls.model_fields}
        rest = {key: part for key, part in value.items() if key not in own}
        words = {key: part for key, part in rest.items() if key in CONDITION_WORDS}
        return {**own, "when": rest} if words else {**own, **rest}

    @model_serializer(mode="wrap")
    def _flat(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written = write(self)
        return {**written.pop("when"), **written}


class Calendar(Part):
    """The working hours that promises are counted in where no territory has its own."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri"), min_length=1
    )
    hours: StrictStr = "09:00-17:30"

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if not (found := _HOURS.match(self.hours)):
            raise ValueError(marked('write the hours as "09:00-17:30", in quotes'))
        opens, closes = self.minutes
        if opens >= closes or int(found[3]) * 60 + int(found[4]) > 24 * 60:
            raise ValueError(marked("the working day ends before it begins"))
        if len(set(self.days)) != len(self.days):
            raise ValueError(marked("a day is named twice"))
        return self

    @property
    def minutes(self) -> tuple[int, int]:
        """Minutes after midnight at which the working day opens and closes."""
        opens, closes = (
            int(hour) * 60 + int(minute) for hour, minute in (t.split(":") for t in self.hours.split("-"))
        )
        return opens, closes


class SalesPromises(Part):
    """What Sales promises. Hours are working hours, unless the word begins with `clock_`."""

    accept_within_hours: HourSpan
    first_attempt_within_hours: HourSpan | None = None
    attempts_before_no_answer: Count | None = None


class MarketingPromises(Part):
    """What Marketing promises. Days are spans of 24 hours."""

    ripe_per_month: Count
    answer_question_within_days: DaySpan | None = None
    clock_show_follow_up_within_hours: HourSpan | None = None
    leads_with_phone_share: Share | None = None


class Promises(Part):
    """What each side promises the other, and the hours it is counted in."""

    calendar: Calendar = Calendar()
    sales: SalesPromises
    marketing: MarketingPromises


Relation = Literal["who_met_them", "account_owner", "territory"]
"""Who stands to a contact how: who met it last, whose account it belongs to, whose territory its country is in."""


class Target(Part):
    """Whom a lead goes to: a team by turn, one member, or whoever stands in the relation named."""

    team: Slug | None = None
    member: Annotated[StrictStr, StringConstraints(to_lower=True, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    relation: Relation | None = None

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        return {"relation": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len([part for part in (self.team, self.member, self.relation) if part is not None]) != 1:
            raise ValueError(
                marked(
                    "name one of: {team: its_code}, {member: an e-mail address}, who_met_them, account_owner, "
                    "territory"
                )
            )
        return self

    @model_serializer(mode="wrap")
    def _plain(self, write: SerializerFunctionWrapHandler) -> Any:
        return self.relation or {key: value for key, value in write(self).items() if value is not None}


class Route(Part):
    """One row of the routing; the first whose condition holds decides. Without `when` it holds for everybody."""

    when: Condition | None = None
    to: Target
    by: Literal["turn"] | None = None

    @model_validator(mode="after")
    def _turns(self) -> Self:
        if self.by and not self.to.team:
            raise ValueError(marked("`by: turn` is for a team, whose members take turns"))
        return self


class Return(Part):
    """One reason for which Sales gives a lead back, what it asks for, and when the contact may come again."""

    reason: Slug
    label: Name
    ask: Literal["wake_on"] | None = None
    needs: StrictStr | None = None
    eligible_after_days: Annotated[StrictInt, Field(ge=0, le=36_500)] | None = None
    disqualifies: StrictBool = Field(default=False, exclude_if=lambda value: not value)

    @model_validator(mode="after")
    def _rests_or_ends(self) -> Self:
        if self.disqualifies and self.eligible_after_days is not None:
            raise ValueError(
                marked(
                    "a reason that disqualifies has no `eligible_after_days`: the contact does not come back"
                )
            )
        if not self.disqualifies and self.eligible_after_days is None:
            raise ValueError(
                marked("say when the contact may come again: `eligible_after_days`, or `disqualifies: true`")
            )
        return self


class Rot(Part):
    """After how many days without a touch a contact or an accepted lead rots, and how long a plan may hold it off."""

    contact_days: DaySpan
    lead_days: DaySpan
    longest_plan_days: DaySpan


class Attention(Part):
    """What part of each picking list is kept for long-term contacts, and after how long everybody has had a turn."""

    long_term_share: Share
    longest_wait_days: DaySpan


class Goal(Part):
    """What both sides want to reach in a quarter. A target of money names its currency: `1200000 CAD`."""

    quarter: Annotated[StrictStr, StringConstraints(pattern=r"^20\d\d-Q[1-4]$")]
    measure: Literal["won_amount", "won", "qualified", "accepted"]
    target: Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        found = _TARGET.match(self.target)
        if not found:
            raise ValueError(marked("write the target as a number, with a currency for money: 1200000 CAD"))
        if (self.measure == "won_amount") != bool(found[2]):
            raise ValueError(marked("an amount needs a currency, as in 1200000 CAD; a count has none"))
        return self

    @property
    def number(self) -> Decimal:
        """The target without its currency, in whole units."""
        return Decimal(self.target.split()[0])

    @property
    def currency(self) -> str:
        """The currency of an amount, or the empty text."""
        return self.target.partition(" ")[2]


STAGES = (
    "contact",
    "engaged",
    "qualified",
    "accepted",
    "opportunity",
    "customer",
    "nurturing",
    "disqualified",
)
"""The lifecycle; the agreement may give each stage the company's own name.

The ledger names a stage by its place in this list: a new one goes to the end.
"""

StageName = Literal[
    "contact", "engaged", "qualified", "accepted", "opportunity", "customer", "nurturing", "disqualified"
]


class Document(Part):
    """One agreement, whole."""

    name: Name
    stages: dict[StageName, Name] = Field(default_factory=dict)
    score: ScoreRules
    handoff: Handoff
    promises: Promises
    routing: tuple[Route, ...] = ()
    returns: Annotated[tuple[Return, ...], Field(min_length=1)]
    rot: Rot | None = None
    attention: Attention | None = None
    goals: tuple[Goal, ...] = ()

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Yield each condition over contacts with its path: fit, hand-off, never, routing."""
        for place, rule in enumerate(self.score.fit):
            yield f"score.fit[{place}].when", rule.when
        yield "handoff", self.handoff.when
        if self.handoff.never is not None:
            yield "handoff.never", self.handoff.never
        for place, route in enumerate(self.routing):
            if route.when is not None:
                yield f"routing[{place}].when", route.when
