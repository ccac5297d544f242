"""Joins a map to the columns of one file: each part of the map becomes a function of a row's cells."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from orchard.connect.csv.mapping.document import line_of
from orchard.connect.csv.mapping.grammar import Condition, ImportMap, Source, nearest
from orchard.connect.csv.mapping.grammar import folded as folded_name
from orchard.connect.csv.types import Cell, MapError, Problem
from orchard.connect.csv.values.text import inside_json, plain, says_no
from orchard.kit.words import Phrase

Getter = Callable[[list[Cell]], Cell]
Test = Callable[[list[Cell]], bool]

_CURRENCY = re.compile(r"[A-Z]{3}")


class Columns:
    """The columns of one file, by name; a name in other letter case is found too where only one fits."""

    def __init__(self, header: Sequence[str], constants: dict[str, str], import_map: ImportMap) -> None:
        self.header = list(header)
        self._constants = constants
        self._map = import_map
        self.nulls = frozenset(text.strip() for text in import_map.nulls) | {""}
        self._exact = {name: place for place, name in enumerate(self.header)}
        folded: dict[str, list[str]] = {}
        for name in (*self.header, *constants):
            folded.setdefault(folded_name(name), []).append(name)
        self._folded = {name: names[0] for name, names in folded.items() if len(names) == 1}

    def check(self) -> None:
        """Raise MapError with every column that the map names and the file lacks."""
        problems = [
            Problem(
                line_of(path, self._map.lines),
                Phrase(
                    "The file has no column {name}.{nearest}",
                    name=repr(name),
                    nearest=nearest(name, (*self.header, *self._constants)),
                ),
            )
            for path, name in self._map.sources()
            if self.find(name) is None
        ]
        if problems:
            raise MapError(problems)

    def find(self, name: str) -> str | None:
        """Return the name as the file spells it, or None."""
        if name in self._exact or name in self._constants:
            return name
        return self._folded.get(folded_name(name))

    def getter(self, source: Source) -> Getter:
        """Return the function that takes a source's cell from a row: text without its nulls, or a typed value."""
        get = self._origin(source)
        if source.json_ is not None:
            get = self._in_json(get, source.json_)
        if source.up_to:
            get = self._shortened(get, source.up_to)
        if source.recode:
            get = self._recoded(get, source.recode)
        return get if source.empty is None else self._never_empty(get, source.empty)

    def tests(self, conditions: list[Condition]) -> Test | None:
        """Return the function that says whether a row meets all conditions; None where there are none."""
        if not conditions:
            return None
        tests = [self._test(condition) for condition in conditions]
        return tests[0] if len(tests) == 1 else lambda cells: all(test(cells) for test in tests)

    def _test(self, condition: Condition) -> Test:
        get, nulls = self._cell(condition.column), self.nulls

        def text(cells: list[Cell]) -> str:
            found = plain(get(cells))
            return "" if found in nulls else found.casefold()

        if condition.empty is not None:
            wanted = condition.empty
            return lambda cells: (not text(cells)) is wanted
        if condition.is_ is not None:
            these = {value.strip().casefold() for value in condition.is_}
            return lambda cells: text(cells) in these
        if condition.not_ is not None:
            others = {value.strip().casefold() for value in condition.not_}
            return lambda cells: text(cells) not in others
        return lambda cells: bool(found := text(cells)) and not says_no(found)

    def currency(self, name: str) -> Callable[[list[Cell]], str]:
        """Return the function that gives a row's currency: that of its column, or the code itself."""
        if (column := self.find(name)) is not None:
            get = self._cell(column)
            return lambda cells: plain(get(cells)).upper()
        if not _CURRENCY.fullmatch(name):
            raise MapError(
                [
                    Problem(
                        0,
                        Phrase(
                            "{name} is neither a currency such as EUR nor a column.{nearest}",
                            name=repr(name),
                            nearest=nearest(name, self.header),
                        ),
                    )
                ]
            )
        return lambda _: name

    def _cell(self, name: str) -> Getter:
        found = self.find(name)
        if found is None:
            raise MapError(
                [
                    Problem(
                        0,
                        Phrase(
                            "The file has no column {name}.{nearest}",
                            name=repr(name),
                            nearest=nearest(name, self.header),
                        ),
                    )
                ]
            )
        if found in self._exact:
            return itemgetter(self._exact[found])
        constant = self._constants[found]
        return lambda _: constant

    def _origin(self, source: Source) -> Getter:
        if source.column is not None:
            return self._cell(source.column)
        if source.value is not None:
            constant = source.value
            return lambda _: constant
        gets, nulls = [self._cell(name) for name in source.columns()], self.nulls

        def said(cells: list[Cell]) -> list[str]:
            return [text for get in gets if (text := plain(get(cells))) not in nulls]

        if source.first_of:
            return lambda cells: next(iter(said(cells)), "")
        return lambda cells: source.with_.join(said(cells))

    def _in_json(self, get: Getter, key: str) -> Getter:
        def inside(cells: list[Cell]) -> Cell:
            text = plain(get(cells))
            return "" if text in self.nulls else inside_json(text, key)

        return inside

    @staticmethod
    def _shortened(get: Getter, mark: str) -> Getter:
        return lambda cells: plain(get(cells)).partition(mark)[0].strip()

    def _recoded(self, get: Getter, recode: dict[str, str]) -> Getter:
        folded = {before.strip().casefold(): after for before, after in recode.items()}

        def recoded(cells: list[Cell]) -> Cell:
            text = plain(get(cells))
            return folded.get(text.casefold(), text)

        return recoded

    def _never_empty(self, get: Getter, instead: str) -> Getter:
        def filled(cells: list[Cell]) -> Cell:
            cell = get(cells)
            return instead if plain(cell) in self.nulls else cell

        return filled


class Place(NamedTuple):
    """A source with the words that name it in a reason."""

    get: Getter
    says: str


def place(columns: Columns, source: Source) -> Place:
    """Return the getter of a source, and the columns by which a user finds it."""
    return Place(columns.getter(source), ", ".join(source.columns()) or "the map")
