"""Opens a file as one table: its header, and as many passes over its rows as somebody needs."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from gzip import BadGzipFile
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from orchard.connect.csv.reading import bytes as raw
from orchard.connect.csv.reading import lines, sheets
from orchard.connect.csv.reading.delimiter import delimiter_of
from orchard.connect.csv.reading.layout import Layout, layout_of
from orchard.connect.csv.rejects import place_of_ours, restored, surplus
from orchard.connect.csv.types import Cell, Record
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase

_SAMPLE = 262_144  # characters in which the delimiter is looked for
_SAMPLE_RECORDS = 400


@dataclass(slots=True)
class Tally:
    """What a pass over a table met: rows, blank records, and records that belong to another table of the file."""

    rows: int = 0
    blank: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. `constants` are values that stand outside of the table and hold for all its rows."""

    path: Path
    header: list[str]
    header_number: int
    constants: dict[str, str]
    notes: list[str]
    delimiter: str = ""
    encoding: raw.Encoding = field(default=raw.Encoding("utf-8", "strict"))
    sheet: sheets.Sheet | None = field(default=None, repr=False)
    ends_at: frozenset[str] = frozenset()

    def records(self, tally: Tally | None = None) -> Iterator[Record]:
        """Yield every row after the header, from the beginning at each call; count into `tally`.

        A row that is shorter than the header is filled up with blanks; one with more filled cells than the
        header has columns comes with its damage in words. Blank records are counted, not yielded.
        """
        tally = tally if tally is not None else Tally()
        width, ends_at, ours = len(self.header), self.ends_at, place_of_ours(self.header) is not None
        for record in _all_records(self.path, self.encoding, self.delimiter, self.sheet):
            number, cells, damage = record
            if number <= self.header_number:
                continue
            if not damage:
                if not any(cells) and not _says_no(cells):
                    tally.blank += 1
                    continue
                if ends_at and cells[0] in ends_at:
                    tally.outside += 1
                    width = -1
                    continue
                if width < 0:
                    tally.outside += 1
                    continue
                if len(cells) != width:
                    record = _fitted(record, self.header)  # noqa: PLW2901 - the same row, mended
            tally.rows += 1
            yield record._replace(cells=[restored(cell) for cell in record.cells]) if ours else record

    def sample(self, count: int) -> list[Record]:
        """Return the first `count` rows."""
        return list(islice(self.records(), count))


def open_table(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Table:
    """Find out how a CSV file (also `.gz`) or workbook is written, and return its table.

    What is given is believed instead of found out. Raises Refused with one sentence where the file is no
    table.
    """
    head = _guarded_head(path)
    if not head:
        raise Refused("The file {file} is empty.", file=path.name)
    if sheets.is_workbook(head):
        page = sheets.open_sheet(path, sheet)
        layout = layout_of(list(islice(page.records(), max(_SAMPLE_RECORDS, header_row or 0))), header_row)
        notes: list[str] = (
            [Phrase("Read from the sheet {name} of {sheets}.", name=repr(page.name), sheets=len(page.names))]
            if len(page.names) > 1
            else []
        )
        return _table(path, layout, notes, sheet=page)
    if sheet is not None:
        raise Refused(
            "The file {file} is no workbook, so it has no sheet {sheet}.", file=path.name, sheet=repr(sheet)
        )
    try:
        known = raw.encoding_of(path, head) if encoding is None else _given(encoding)
        with _text(path, known) as text:
            between = delimiter or delimiter_of(text.read(_SAMPLE))
    except (EOFError, BadGzipFile, zlib.error, UnicodeError):
        raise _cut_off(path) from None
    top = list(islice(_all_records(path, known, between, None), max(_SAMPLE_RECORDS, header_row or 0)))
    notes = [known.note] if known.note else []
    return _table(path, layout_of(top, header_row), notes, delimiter=between, encoding=known)


def is_of_rejects(path: Path) -> bool:
    """Whether a file is one of rejects that we wrote, as far as can be seen without being told how it is written."""
    try:
        return place_of_ours(open_table(path).header) is not None
    except Refused:
        return False


def _table(path: Path, layout: Layout, notes: list[str], **how: object) -> Table:
    header, number, constants, ends_at = layout
    if place_of_ours(header) is not None:
        header = [str(restored(name)) for name in header]
    if number > 1:
        notes = [
            *notes,
            Phrase("The table begins in row {number}; what stands above is left out.", number=str(number)),
        ]
    return Table(path, header, number, constants, notes, ends_at=ends_at, **how)  # type: ignore[arg-type]


def _guarded_head(path: Path) -> bytes:
    try:
        return raw.head_of(path)
    except (EOFError, BadGzipFile, zlib.error):
        raise _cut_off(path) from None


def _given(encoding: str) -> raw.Encoding:
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError):
        raise Refused(
            "There is no encoding {encoding}; write one such as utf-8 or cp1252.", encoding=repr(encoding)
        ) from None
    return raw.Encoding(encoding, "replace")


def _cut_off(path: Path) -> Refused:
    return Refused("The file {file} is damaged or cut off; get it once more.", file=path.name)


def _text(path: Path, encoding: raw.Encoding) -> TextIOWrapper:
    return TextIOWrapper(raw.opened(path), encoding.codec, encoding.errors, newline="")


def _all_records(
    path: Path, encoding: raw.Encoding, delimiter: str, sheet: sheets.Sheet | None
) -> Iterator[Record]:
    if sheet is not None:
        yield from sheet.records()
        return
    try:
        with _text(path, encoding) as text:
            yield from lines.records_of(text, delimiter)
    except (EOFError, BadGzipFile, zlib.error, UnicodeError):
        raise _cut_off(path) from None


def _says_no(cells: list[Cell]) -> bool:
    """Whether a worksheet's row without any true value holds a 0 or a no: then it is not blank."""
    return any(cell != "" for cell in cells)


def _fitted(record: Record, header: list[str]) -> Record:
    number, cells, _ = record
    width = len(header)
    if len(cells) < width:
        return Record(number, cells + [""] * (width - len(cells)))
    if not any(cell not in {"", " "} for cell in cells[width:]):
        return Record(number, cells[:width])
    return surplus(record, header)
