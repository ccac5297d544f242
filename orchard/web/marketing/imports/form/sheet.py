"""The values of the mapping form, whether they come from a map or from a post."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from orchard.kit.languages import quoted

# What the form keeps folded while a fact has none of it.
_SELDOM = ("amount", "content", "words", "key", "once")


@dataclass(slots=True)
class Column:
    """One column of the file and what it becomes: `to` is a field, empty where it is left out."""

    place: int
    name: str
    samples: list[str]
    to: str = ""
    source: str = ""
    key: str = ""
    type: str = "text"
    choices: str = ""
    currency: str = ""
    error: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it becomes a field that is declared on the spot."""
        return self.to in {"custom.new", "account.custom.new"}

    @property
    def is_id(self) -> bool:
        """Whether it holds the ids of another system."""
        return self.to.endswith("external_id")

    @property
    def is_money(self) -> bool:
        """Whether its numbers need a currency."""
        return self.to in {"account.annual_revenue", "campaign:planned_cost", "campaign:actual_cost"}


@dataclass(slots=True)
class Part:
    """A fact or a consent that rows tell of; `raw` is one that only the text can say."""

    place: int
    values: dict[str, str] = field(default_factory=dict)
    raw: dict[str, Any] | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def raw_text(self) -> str:
        """The part as JSON, to be posted back as it is."""
        return json.dumps(self.raw, ensure_ascii=False)

    @property
    def raw_words(self) -> str:
        """What the part is about, in a word."""
        raw = self.raw or {}
        return str(raw.get("kind") or raw.get("purpose") or "")

    @property
    def says_more(self) -> bool:
        """Whether a fact has something of what facts seldom have, or lacks its currency."""
        return "currency" in self.errors or any(map(self.values.get, _SELDOM))


@dataclass(slots=True)
class Kept:
    """A field whose source only the text can say: columns joined, values recoded, one value for all rows."""

    name: str
    sources: list[dict[str, Any]]

    @property
    def words(self) -> str:
        """Where the field comes from."""
        return _(" and ").join(filter(None, map(_origin, self.sources)))


@dataclass(slots=True)
class Sheet:
    """The whole form."""

    columns: list[Column]
    facts: list[Part] = field(default_factory=list)
    consents: list[Part] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    rest: dict[str, Any] = field(default_factory=dict)
    dates: str = "auto"
    numbers: str = "auto"
    nulls: str = ""
    country: str = ""
    time_zone: str = "UTC"
    refuse_unknown: bool = False

    @property
    def kept_text(self) -> str:
        """What only the text can say, as JSON, to be posted back as it is."""
        return json.dumps([[each.name, each.sources] for each in self.kept], ensure_ascii=False)

    @property
    def rest_text(self) -> str:
        """The parts of the map that the form does not show, as JSON."""
        return json.dumps(self.rest, ensure_ascii=False)

    @property
    def has_errors(self) -> bool:
        """Whether a field of the form says what is wrong with it."""
        return any(column.error for column in self.columns) or any(
            part.errors for part in (*self.facts, *self.consents)
        )

    @property
    def dates_by_format(self) -> bool:
        """Whether dates are read by a format, which only the text can say."""
        return self.dates not in {"auto", "day_first", "month_first"}

    @property
    def taken(self) -> int:
        """How many columns become something."""
        return sum(bool(column.to) for column in self.columns)


def _origin(source: dict[str, Any]) -> str:
    if "value" in source:
        return quoted(source["value"])
    if source.get("join"):
        return " + ".join(source["join"])
    return _(" or ").join(source.get("first_of", [])) or str(source.get("column", ""))
