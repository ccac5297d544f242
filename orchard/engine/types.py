"""The vocabulary of analysis: tables, fields and kinds by name, and compiled queries."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

from orchard.kit.codes import spelled_out
from orchard.kit.words import Phrase, voiced

IDENTIFIER = re.compile(r"^[a-z_][a-z0-9_]*$")

CONTACTS = "contacts"
FACTS = "facts"


class ColumnType(StrEnum):
    """The types that DuckDB, Spark, Arrow and PostgreSQL agree upon; timestamps are UTC in microseconds."""

    BIGINT = "bigint"
    DOUBLE = "double"
    TEXT = "text"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    DATE = "date"
    JSON = "json"
    """An object as JSON text; its members are reached through fields with a `json_key`."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """An analytical table: what it is called, its columns, and the SELECT that yields them in PostgreSQL."""

    name: str
    columns: Mapping[str, ColumnType]
    source: str

    def __post_init__(self) -> None:
        """Refuse names that would need quoting on one of the engines."""
        wrong = [name for name in (self.name, *self.columns) if not IDENTIFIER.match(name)]
        if wrong:
            raise ValueError(f"Table {self.name!r}: names must be lower-case identifiers, not {wrong}.")


@dataclass(frozen=True, slots=True)
class Field:
    """A name that conditions may use, and the column (or the member of a JSON column) that holds it.

    `name` is what people write (`contact.country`), `label` what pages show ("country"), `table` one of
    `contacts` (fields of the contact and its account) and `facts` (what a `where` may ask of a fact).
    """

    name: str
    type: ColumnType
    label: str
    column: str
    table: str = CONTACTS
    json_key: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    """Value and label of each allowed value; empty where any value may stand."""
    called: Callable[[str], str] = field(default=spelled_out, compare=False)
    """Says a value that has no label of its own, such as a country by its name."""
    usual: Callable[[], Iterable[str]] | None = field(default=None, compare=False)
    """Says which values a page offers to choose from, where any may stand; asked when one is drawn."""
    others: bool = field(default=False, compare=False)
    """A page lets one name another value than those offered."""

    def __post_init__(self) -> None:
        """Refuse a field that no expression could reach."""
        for name in (self.column, self.json_key):
            if name is not None and not IDENTIFIER.match(name):
                raise ValueError(f"Field {self.name!r}: {name!r} is not a lower-case identifier.")
        if self.type is ColumnType.JSON:
            raise ValueError(
                f"Field {self.name!r}: give the type of the value inside the JSON, and its json_key."
            )

    def offered(self) -> dict[str, str]:
        """Return the values to choose from, each with what it is called; empty where one writes freely."""
        if self.choices or self.usual is None:
            return {value: self.says(value) for value, _label in self.choices}
        return {value: self.says(value) for value in self.usual()}

    def says(self, value: str) -> str:
        """Return what a value is called where people read it: by its label, else in plain words, never as a code."""
        label = dict(self.choices).get(value)
        return self.called(value) if label is None or (label == value and "_" in value) else voiced(label)


@dataclass(frozen=True, slots=True)
class LakeSource:
    """A table of the lake: what PostgreSQL selects for it, and when it must be taken anew.

    A `log` only grows: its select takes the places in (`%(after)s`, `%(upto)s`]. Any other table is taken whole, and
    anew once a fact of a kind in `changed_by` was placed since; at each sync where it is empty, as for small tables.
    """

    name: str
    columns: Mapping[str, ColumnType]
    select: str
    log: bool = False
    changed_by: frozenset[str] = frozenset()
    changed_where: str = ""
    """SQL over the facts `i` that, besides those kinds, say that the table changed."""
    head: str = ""
    """The SELECT of the place that this table has come to, where it is not the last one given."""

    @property
    def shape(self) -> str:
        """Return what tells files of this select and these columns from those of an earlier Orchard."""
        return blake2b(repr((dict(self.columns), self.select)).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to a derived table: what it makes, by which builder, from which tables.

    Steps are computed one after the other, each over what those before it made: one expression for all of it would take
    seconds to compile.
    """

    makes: TableSpec
    build: Callable[[Any, Mapping[str, Any], Any], Any]
    reads: tuple[TableSpec, ...]


View = Callable[[frozenset[str]], str]
"""Makes the SQL of an analytical table over `{name}` of lake tables, knowing which of those hold any row."""


@dataclass(frozen=True)
class Catalogue:
    """Which tables there are, which fields conditions may use, and which kinds a fact may have.

    `kinds` maps a kind to words that follow "has": {"quote.requested": "asked for a quote"}.
    `offered` names those kinds that a page offers, in its order; empty means all, and the others may still be named.
    `stages` maps a lifecycle stage to its label; empty means that any stage may be named.
    `segments` maps the code of a saved condition to its name; None means that any may be named, and a page offers none.
    """

    tables: Mapping[str, TableSpec]
    fields: tuple[Field, ...]
    kinds: Mapping[str, str]
    stages: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] | None = None
    offered: tuple[str, ...] = ()
    lake: tuple[LakeSource, ...] = ()
    views: Mapping[str, View] = field(default_factory=dict)
    head: str = ""
    """The SELECT that tells the last place given."""

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Field]:
        return {(f.table, f.name): f for f in self.fields}

    def find(self, name: str, table: str = CONTACTS) -> Field | None:
        """Return the field of that name over `table`, or None."""
        return self._by_name.get((table, name))

    def label(self, name: str, table: str = CONTACTS) -> str:
        """Return what a field is called; of one that is gone, its own part of the name in plain words."""
        found = self.find(name, table)
        return voiced(found.label) if found else spelled_out(name.rpartition(".")[2])

    def deed(self, kind: str) -> str:
        """Return the words for a kind, that follow "has"; of one that is gone, its name in plain words."""
        return voiced(self.kinds[kind]) if kind in self.kinds else kind.replace(".", " ").replace("_", " ")

    def stage(self, name: str) -> str:
        """Return the word for a stage."""
        return voiced(self.stages[name]) if name in self.stages else spelled_out(name)

    def names(self, table: str = CONTACTS) -> list[str]:
        """Return the names of all fields over `table`, in the order of declaration."""
        return [f.name for f in self.fields if f.table == table]

    def extended(self, fields: Iterable[Field]) -> "Catalogue":
        """Return a catalogue with a company's own fields added; a known name is replaced in its place."""
        named = {(f.table, f.name): f for f in (*self.fields, *fields)}
        return replace(self, fields=tuple(named.values()))


@dataclass(frozen=True, slots=True)
class Query:
    """Compiled SQL with named parameters (`$now`), the values bound so far, and the tables that it reads."""

    text: str
    parameters: Mapping[str, Any]
    tables: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """The parameters that the text names; others may be bound and are left out."""

    def bind(self, **parameters: Any) -> "Query":
        """Return the same text with more values bound."""
        return replace(self, parameters={**self.parameters, **parameters})


Part = Literal["total", "fit", "engagement", "account"]
"""The scores that a condition may ask for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a document: where (`handoff.any[1].did`), and a sentence that says what to do."""

    path: str
    sentence: str

    def __post_init__(self) -> None:
        """Let the sentence be said in the language of who reads it."""
        object.__setattr__(self, "sentence", Phrase(self.sentence))

    def __str__(self) -> str:
        """Return the sentence with its place, as a user reads it."""
        return self.told

    @property
    def told(self) -> Phrase:
        """The sentence, behind its place."""
        sentence = Phrase(self.sentence)
        return Phrase("{path}: {sentence}", path=self.path, sentence=sentence) if self.path else sentence
