"""The grammar of an import map: which cell of a row becomes which field or fact."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from orchard.connect.csv.hints import Hint
from orchard.interactions.types import KINDS
from orchard.kit.words import Phrase, marked

CellType = Literal["text", "number", "boolean", "date", "choice"]

CONTACT_FIELDS = (
    "full_name",
    "first_name",
    "last_name",
    "title",
    "seniority",
    "department",
    "country",
    "city",
    "language",
    "time_zone",
    "linkedin",
    "is_competitor",
)
ACCOUNT_FIELDS = (
    "name",
    "domain",
    "industry",
    "country",
    "region",
    "city",
    "employees",
    "annual_revenue",
)
CAMPAIGN_FIELDS = {
    "code": Phrase("code"),
    "name": Phrase("name"),
    "parent": Phrase("parent"),
    "type": Phrase("type"),
    "channel": Phrase("channel"),
    "starts": Phrase("starts"),
    "ends": Phrase("ends"),
    "planned_cost": Phrase("planned cost"),
    "actual_cost": Phrase("actual cost"),
    "status": Phrase("status"),
}
"""The fields of a campaign that a map may name, with the words for them on a page."""
MANY = ("email", "phone", "external_id", "account.external_id")
"""What a contact may have several of, so that a list of columns may stand there."""

_OF_OUR_OWN = (
    "account",
    "agreement",
    "consent",
    "contact",
    "fact",
    "file",
    "import",
    "lead",
    "stage",
    "verdict",
)
IMPORTABLE = tuple(kind for kind in KINDS if kind.partition(".")[0] not in _OF_OUR_OWN)
"""Kinds that a file may tell of; the others follow from what happens in Orchard."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, str_strip_whitespace=True)


def _column_is_short_for_source(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Source(_Strict):
    """Where a value comes from, and how its text is read. A bare column name is short for `{column: name}`.

    Exactly one of `column`, `value` (the same for every row), `join` (several columns, with `with` between)
    and `first_of` (the first that is not blank) is given.
    """

    column: str | None = None
    value: str | None = None
    join: list[str] = []
    with_: Annotated[str, Field(alias="with")] = " "
    first_of: list[str] = []
    json_: Annotated[str | None, Field(alias="json")] = None
    up_to: str | None = None
    recode: dict[str, str] = {}
    type: CellType | None = None
    choices: list[str] = []
    dates: str | None = None
    empty: str | None = None
    source: str | None = None
    country: str | None = None
    currency: str | None = None
    label: str = ""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, str_strip_whitespace=False)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [self.column is not None, self.value is not None, bool(self.join), bool(self.first_of)]
        if sum(given) != 1:
            raise ValueError(marked("say exactly one of column, value, join and first_of"))
        if self.type == "choice" and not self.choices:
            raise ValueError(marked("a choice needs its `choices`"))
        if self.choices and self.type not in {None, "choice"}:
            raise ValueError(marked("`choices` belong to the type choice"))
        return self

    def columns(self) -> tuple[str, ...]:
        """Return the columns that the value is made from."""
        return (self.column,) if self.column is not None else (*self.join, *self.first_of)


Cellular = Annotated[Source, BeforeValidator(_column_is_short_for_source)]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Sources = Annotated[list[Cellular], BeforeValidator(_as_list)]
Texts = Annotated[list[str], BeforeValidator(_as_list)]


class Condition(_Strict):
    """Which rows a fact is read from. A bare column name means: where that column says something but no."""

    column: str
    is_: Annotated[Texts | None, Field(alias="is")] = None
    not_: Annotated[Texts | None, Field(alias="not")] = None
    empty: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.is_, self.not_, self.empty)) > 1:
            raise ValueError(marked("say only one of is, not and empty"))
        return self


Conditional = Annotated[Condition, BeforeValidator(_column_is_short_for_source)]
Conditions = Annotated[list[Conditional], BeforeValidator(_as_list)]


class Interaction(_Strict):
    """A fact that each row tells of, or each row that meets `only_if`."""

    kind: str
    at: Cellular
    campaign: Cellular | None = None
    content: Cellular | None = None
    amount: Cellular | None = None
    currency: str | None = None
    words: Cellular | None = None
    key: Cellular | None = None
    once: bool = False
    only_if: Conditions = []

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind in IMPORTABLE:
            return kind
        if kind in KINDS:
            raise ValueError(
                Phrase("{kind} follows from what happens in Orchard and is not imported", kind=kind)
            )
        raise ValueError(
            Phrase("there is no kind {kind}.{nearest}", kind=repr(kind), nearest=nearest(kind, IMPORTABLE))
        )

    @model_validator(mode="after")
    def _amount_has_a_currency(self) -> Self:
        if self.amount is not None and not (self.currency or self.amount.currency):
            raise ValueError(
                marked("an amount needs a currency: a code such as EUR, or the column that holds it")
            )
        return self


class MapConsent(_Strict):
    """A consent that each row, or each row that meets `only_if`, grants or withdraws."""

    purpose: str
    state: Literal["granted", "withdrawn"] = "granted"
    at: Cellular | None = None
    wording: str = ""
    wording_version: str = ""
    only_if: Conditions = []


class FileLayout(_Strict):
    """What the reader is told about a file instead of finding out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str | None) -> str | None:
        delimiter = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}.get(delimiter or "", delimiter)
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise ValueError(marked("a delimiter is one character, or `tab`"))
        return delimiter

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


def _known_field(name: str) -> str:
    known = (*CONTACT_FIELDS, *MANY, *(f"account.{field}" for field in ACCOUNT_FIELDS))
    bare = name.removeprefix("account.")
    if bare.startswith("custom."):
        if not bare.removeprefix("custom.").isidentifier():
            raise ValueError(
                Phrase(
                    "{name} names no custom field: after `custom.` come letters, digits and _",
                    name=repr(name),
                )
            )
    elif name not in known:
        raise ValueError(
            Phrase("a contact has no field {name}.{nearest}", name=repr(name), nearest=nearest(name, known))
        )
    return name


FieldName = Annotated[str, AfterValidator(_known_field)]


class ImportMap(_Strict):
    """A whole map. `origin` names the other system; `lines` tells on which line of the text a part stands."""

    name: str = ""
    file: FileLayout = FileLayout()
    contact: dict[FieldName, Sources] = {}
    campaign: dict[str, Cellular] = {}
    interactions: list[Interaction] = []
    consent: list[MapConsent] = []
    nulls: Texts = [""]
    dates: str = "auto"
    numbers: Literal["auto", "1,234.5", "1.234,5"] = "auto"
    time_zone: str = "UTC"
    country: str | None = None
    only_if: Conditions = []
    unknown_contacts: Literal["create", "reject"] = "create"
    lines: dict[tuple[str | int, ...], int] = Field(default={}, exclude=True, repr=False)

    @field_validator("contact")
    @classmethod
    def _sources_fit(cls, contact: dict[str, list[Source]]) -> dict[str, list[Source]]:
        for name, sources in contact.items():
            if name.endswith("external_id") and any(source.source is None for source in sources):
                raise ValueError(
                    Phrase("{name} needs a `source`: the name of the system that gives the id", name=name)
                )
            if len(sources) > 1 and name not in MANY:
                raise ValueError(
                    Phrase(
                        "{name} holds one value; to take the first that is not blank, say first_of", name=name
                    )
                )
        return contact

    @field_validator("campaign")
    @classmethod
    def _known_campaign_fields(cls, campaign: dict[str, Source]) -> dict[str, Source]:
        for name in campaign:
            if name not in CAMPAIGN_FIELDS:
                raise ValueError(
                    Phrase(
                        "a campaign has no field {name}.{nearest}",
                        name=repr(name),
                        nearest=nearest(name, list(CAMPAIGN_FIELDS)),
                    )
                )
        if campaign and not {"code", "name"} & campaign.keys():
            raise ValueError(marked("a campaign needs a code or a name"))
        return campaign

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                Phrase("there is no time zone {zone}; write it like Europe/Vienna", zone=repr(zone))
            ) from None
        return zone

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.contact and not self.campaign:
            raise ValueError(Hint.NOBODY)
        return self

    def sources(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every column that the map names, with the path of the place where it is named."""
        yield from _named(("only_if",), self.only_if)
        for name, sources in self.contact.items():
            yield from _named(("contact", name), sources)
        for name, source in self.campaign.items():
            yield from _named(("campaign", name), source)
        for section, parts in (("interactions", self.interactions), ("consent", self.consent)):
            for index, part in enumerate(parts):
                for name in type(part).model_fields:
                    yield from _named((section, index, name), getattr(part, name))

    def needs(self, header: Sequence[str]) -> list[str]:
        """Return the columns that the map needs, folded; of currencies those that this header has as columns."""
        codes = [part.currency for part in self.interactions]
        codes += [part.amount.currency for part in self.interactions if part.amount]
        codes += [source.currency for sources in self.contact.values() for source in sources]
        there = set(map(folded, header))
        named = {folded(column) for _, column in self.sources()}
        return sorted(named | {folded(code) for code in codes if code and folded(code) in there})


def folded(name: str) -> str:
    """Return the name of a column as it is compared with another."""
    return name.strip().casefold()


def _named(path: tuple[str | int, ...], part: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(part, Source):
        yield from ((path, column) for column in part.columns())
    elif isinstance(part, Condition):
        yield (path, part.column)
    elif isinstance(part, list):
        for each in part:
            yield from _named(path, each)


KEYS = tuple(
    sorted(
        {
            field.alias or name
            for model in (Source, Condition, Interaction, MapConsent, FileLayout, ImportMap)
            for name, field in model.model_fields.items()
            if not field.exclude
        }
    )
)
"""Every key of the grammar, to suggest the nearest for a misspelt one."""


def nearest(name: str, known: tuple[str, ...] | list[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest known name, or nothing."""
    folded = {other.casefold(): other for other in known}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return Phrase(" Did you mean {name}?", name=repr(folded[close[0]])) if close else ""
