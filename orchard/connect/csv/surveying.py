"""Looks through a whole file before anything is taken in: how many rows, and how its dates and numbers are meant."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from orchard.connect.csv.binding import Columns, Getter
from orchard.connect.csv.dates import DateColumn, Order, is_auto
from orchard.connect.csv.mapping.grammar import ImportMap, Source
from orchard.connect.csv.reading import Table, Tally
from orchard.connect.csv.types import MapError, Problem, Unreadable
from orchard.connect.csv.values.numbers import Marks, NumberColumn

_NUMERIC = frozenset({"account.employees", "account.annual_revenue"})
_DATED = frozenset({"starts", "ends"})
_COSTS = frozenset({"planned_cost", "actual_cost"})
_REMEMBERED = 100_000

_Key = tuple[tuple[str, ...], bool, str | None, str | None]


class _Watched(NamedTuple):
    """A source that is looked through: its cell, who wants to see it, and what was seen before."""

    get: Getter
    see: Callable[[int, str], None]
    seen: set[str]


class Survey:
    """What the whole file says: its size, and per source the order of day and month and the marks of numbers."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._orders: dict[_Key, Order | None] = {}
        self._marks: dict[_Key, Marks | None] = {}

    def order(self, source: Source) -> Order | None:
        """Return which comes first in the dates of a source, where that had to be found out."""
        return self._orders.get(_key(source))

    def marks(self, source: Source) -> Marks | None:
        """Return how the numbers of a source are written, where that had to be found out."""
        return self._marks.get(_key(source))

    def agreed(self) -> dict[str, str]:
        """Return as a map says it how dates and numbers are written, where all columns that tell agree."""
        orders, marks = set(self._orders.values()) - {None}, set(self._marks.values()) - {None}
        return {
            **({"dates": str(*orders)} if len(orders) == 1 else {}),
            **({"numbers": str(*marks)} if len(marks) == 1 else {}),
        }

    def take(self, table: Table, import_map: ImportMap, columns: Columns) -> None:
        """Read all of the table once. Raises MapError that names the rows whose dates or numbers are not clear."""
        dates = {
            _key(source): (source, DateColumn(", ".join(source.columns())))
            for source in dated(import_map)
            if source.columns() and is_auto(source.dates or import_map.dates)
        }
        numbers = {
            _key(source): (source, NumberColumn(", ".join(source.columns())))
            for source in numeric(import_map)
            if source.columns() and import_map.numbers == "auto"
        }
        found: list[tuple[Source, DateColumn | NumberColumn]] = [*dates.values(), *numbers.values()]
        self._watch(table, [_Watched(columns.getter(source), column.see, set()) for source, column in found])
        self._orders = {key: column.order() for key, (_, column) in dates.items()}
        self._marks = {key: column.marks() for key, (_, column) in numbers.items()}
        questions = [question for _, column in found if (question := column.question())]
        if questions:
            raise MapError([Problem(0, question) for question in dict.fromkeys(questions)])

    def _watch(self, table: Table, watched: list[_Watched]) -> None:
        for number, cells, damage in table.records(self.tally):
            if damage:
                continue
            for get, see, seen in watched:
                try:
                    cell = get(cells)
                except Unreadable:
                    continue
                if isinstance(cell, str) and cell not in seen:
                    if len(seen) < _REMEMBERED:
                        seen.add(cell)
                    see(number, cell.strip())


def dated(import_map: ImportMap) -> Iterator[Source]:
    """Yield the sources that are read as dates."""
    for name, source in _fields(import_map):
        if source.type == "date" or name in _DATED:
            yield source
    yield from (interaction.at for interaction in import_map.interactions)
    yield from (consent.at for consent in import_map.consent if consent.at is not None)


def numeric(import_map: ImportMap) -> Iterator[Source]:
    """Yield the sources that are read as numbers."""
    for name, source in _fields(import_map):
        if source.type == "number" or name in _NUMERIC or name in _COSTS:
            yield source
    yield from (fact.amount for fact in import_map.interactions if fact.amount is not None)


def _fields(import_map: ImportMap) -> Iterator[tuple[str, Source]]:
    for name, sources in import_map.contact.items():
        yield from ((name, source) for source in sources)
    yield from import_map.campaign.items()


def _key(source: Source) -> _Key:
    """Return what says which cells are read, and how: two facts from one column are one question."""
    return (source.columns(), bool(source.join), source.json_, source.dates)
