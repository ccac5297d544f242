"""What a file holds before anything of it is stored: its columns, a map for it, its first rows as they will be."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from orchard.connect import csv, opening
from orchard.connect.csv import ImportMap
from orchard.connect.csv.types import MapError, Problem, Reject, Row
from orchard.connect.csv.values.text import plain
from orchard.connect.models import Import
from orchard.connect.queries.remembered import Earlier, earlier
from orchard.kit.errors import Refused

SAMPLES = 3
SHOWN = 20
TRIED = 2_000
"""Rows that a preview reads by the map, so that it answers at once for a file of any size."""


@dataclass(frozen=True, slots=True)
class Look:
    """A file at first sight. `samples` are the first different values of each column, `notes` what was found out.

    `earlier` is the import whose map is offered, `known` names the export that the file was recognised as; `map` is
    the earlier one's, else that export's, else one suggested by the names of the columns, or None.
    """

    header: list[str]
    samples: list[list[str]]
    notes: list[str]
    sheets: list[str]
    known: str
    map: ImportMap | None
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would store: the first rows, the first refusals, and how many rows there are at all.

    `problems` say why nothing can be stored as the map stands; then the rest is empty. `tried` rows were read by the
    map, `refused` of them would be rejected.
    """

    problems: list[Problem]
    rows: int = 0
    blank: int = 0
    tried: int = 0
    refused: int = 0
    shown: tuple[Row, ...] = ()
    rejects: tuple[Reject, ...] = ()
    remarks: tuple[tuple[str, int], ...] = ()

    @property
    def good(self) -> int | None:
        """How many rows would be stored; None where only the first of them were tried."""
        return self.tried - self.refused if self.tried >= self.rows else None


def look(made: Import, *, anew: bool = False) -> Look:
    """Look at the file of an import; raises `Refused` where it is no table. `anew` passes over earlier imports."""
    table = opening.table_of(made)
    records = table.sample(50)
    samples = []
    for place in range(len(table.header)):
        said = (plain(record.cells[place]) for record in records if place < len(record.cells))
        samples.append(list(islice(dict.fromkeys(text[:60] for text in said if text), SAMPLES)))
    known = opening.known_of(made, table)
    before = None if anew or made.map_text else earlier(table)
    map_ = before.map if before else known.map if known else csv.suggest(table.header)
    return Look(
        table.header,
        samples,
        table.notes,
        table.sheet.names if table.sheet else [],
        known.name if known else "",
        map_,
        before,
    )


def check_map(made: Import, text: str) -> ImportMap:
    """Return the map that a text holds; raises MapError with every error, also where the file lacks a column."""
    map_ = csv.read_map(text)
    opening.settle(map_)
    opening.check_columns(made, map_)
    return map_


def preview(made: Import) -> Preview:
    """Read the file by its map without storing anything."""
    try:
        reading = opening.reading_of(made)
    except MapError as error:
        return Preview(error.problems)
    except Refused as error:
        return Preview([Problem(0, error.args[0])])
    found = list(islice(reading.rows(), TRIED))
    rejects = [each for each in found if isinstance(each, Reject)]
    remarks = Counter({words: count for words, count in reading.remarks.items() if count})
    return Preview(
        problems=[],
        rows=reading.tally.rows,
        blank=reading.tally.blank,
        tried=len(found),
        refused=len(rejects),
        shown=tuple(islice((each for each in found if isinstance(each, Row)), SHOWN)),
        rejects=tuple(rejects[:SHOWN]),
        remarks=tuple(remarks.most_common()),
    )


def size_of(made: Import) -> int:
    """Return how large the file of an import is, in bytes."""
    return opening.path_of(made).stat().st_size
