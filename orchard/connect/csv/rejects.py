"""Writes the rows that were refused, so that a person can mend them in a spreadsheet and import them again."""

import csv
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Self, TextIO

from orchard.connect.csv.types import Cell, Record, Reject
from orchard.connect.csv.values.text import plain
from orchard.kit.languages import LANGUAGES, spoken
from orchard.kit.sheets import FORMULA, harmless
from orchard.kit.words import Phrase, marked, said

_EXTRA = ("row", "reason")
_SEPARATORS = re.compile("[,;\t|]")
_TOO_MANY = marked("This row has {cells} cells; the header has {width}.")
_STILL = marked(
    "This row still has cells after its reason: put each under its column, then empty them there."
)
_TEXT_FILES = frozenset({".csv", ".tsv", ".txt"})


class RejectsFile:
    """A CSV file of refused rows: the original columns, then `row` and `reason`; closed by `with`.

    UTF-8 with its mark, which spreadsheets ask for. A cell that a spreadsheet would take for a formula gets
    an apostrophe before it; a row with some other separator in it is quoted, since LibreOffice cuts at several.
    Of a file that was one of these already, the old `row` and `reason` are left out. With `more=True` rows are
    added to a file that an interrupted import left.
    """

    def __init__(self, path: Path, header: list[str], *, delimiter: str = ",", more: bool = False) -> None:
        more = more and path.exists()
        self.path = path
        self._old = place_of_ours(header)
        header = without_ours(header)
        self._width = len(header)
        # Plain "utf-8" where rows are added: a second mark would be text.
        self._file: TextIO = path.open(
            "a" if more else "w", encoding="utf-8" if more else "utf-8-sig", newline="", errors="replace"
        )
        self._writer = csv.writer(self._file, delimiter=delimiter)
        self._quoting = csv.writer(self._file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        if not more:
            self._write([*map(harmless, header), *_EXTRA])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append refused rows. A row with too many cells keeps them all, after its reason."""
        for number, reason, cells in rejects:
            texts = [harmless(_text(cell)) for cell in cells]
            if self._old is not None:
                del texts[self._old : self._old + len(_EXTRA)]
            fitted = texts[: self._width] + [""] * (self._width - len(texts))
            self._write([*fitted, str(number), harmless(reason), *texts[self._width :]])

    def _write(self, texts: Sequence[str]) -> None:
        (self._quoting if any(map(_SEPARATORS.search, texts)) else self._writer).writerow(texts)

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        self._file.flush()


def name_of_rejects(file_name: str) -> str:
    """Return what the rejects of a file are called: as the file, and text of the same kind where it was text."""
    path = Path(file_name)
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    suffix = path.suffix if path.suffix.lower() in _TEXT_FILES else ".csv"
    return f"{path.stem}.rejects{suffix}"


def place_of_ours(header: Sequence[str]) -> int | None:
    """Return where in a header `row` and `reason` stand beside each other: then the file is one that we wrote."""
    pairs = list(pairwise(header))
    return pairs.index(_EXTRA) if _EXTRA in pairs else None


def without_ours(header: Sequence[str]) -> list[str]:
    """Return the columns that the original file had."""
    ours = place_of_ours(header)
    return list(header) if ours is None else [*header[:ours], *header[ours + len(_EXTRA) :]]


def restored(cell: Cell) -> Cell:
    """Take the apostrophe off that `harmless` put before a cell."""
    return (
        cell[1:] if isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
    )


def surplus(record: Record, header: Sequence[str]) -> Record:
    """Return a row that has more filled cells than the header has columns, damaged by them.

    In a file that we wrote, cells behind the reason are a person's notes and are left out, unless they are what was
    too much at first: then somebody has to say where they belong.
    """
    number, cells, _ = record
    width, ours = len(header), place_of_ours(header)
    if not ours:
        return Record(
            number,
            cells,
            Phrase(_TOO_MANY, cells=len(cells), width=width),
        )
    if _says_surplus().match(plain(cells[ours + 1])):
        return Record(number, cells, _STILL)
    return Record(number, cells[:width])


@cache
def _says_surplus() -> re.Pattern[str]:
    """Return what finds a reason that says so, in whichever language somebody took the file."""
    ways = []
    for language in LANGUAGES:
        with spoken(language):
            ways += [re.escape(said(reason)) for reason in (_TOO_MANY, _STILL)]
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", r"[\\d.,]+", way) for way in ways))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else plain(cell)
