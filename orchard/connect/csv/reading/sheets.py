"""Reads worksheets: which sheets a workbook has, and the typed cells of one, in bounded memory."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import IO

import openpyxl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from orchard.connect.csv.reading.bytes import OLE, ZIP
from orchard.connect.csv.types import Cell, Record
from orchard.kit.errors import Refused

_LARGEST = 1 << 31  # bytes of XML; a full worksheet of ten columns has a third of that
_WIDEST_GAP = 200_000_000  # cells of the rectangle from the first used cell to the last
_HELD = 2_200_000  # cells that calamine may hold at once, some 90 bytes each; openpyxl is many times slower
_PLACE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')


def is_workbook(head: bytes) -> bool:
    """Whether the file begins like an XLSX, XLSM or XLS workbook."""
    return head.startswith((ZIP, OLE))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. A small one is held whole and read fast; of a large one only the row at hand is in memory."""

    path: Path
    name: str
    names: list[str]
    held: CalamineSheet | None

    def records(self) -> Iterator[Record]:
        """Yield the rows of the sheet from its first one, with the numbers that the sheet shows.

        A cell with an error (`#N/A`) is blank.
        """
        if self.held is not None:
            for number, cells in enumerate(self.held.iter_rows(), 1):
                yield Record(number, cells)
            return
        with closing(_streamed(self.path)) as book:
            for number, values in enumerate(book[self.name].iter_rows(values_only=True), 1):
                yield Record(number, [_cell(value) for value in values])


def open_sheet(path: Path, name: str | None) -> Sheet:
    """Return the named sheet, without a name the first that holds anything."""
    large = _cells_spanned(path) > _HELD
    try:
        book = CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
        if name is not None and name not in names:
            raise Refused(
                "The workbook has no sheet {name}; it has {names}.",
                name=repr(name),
                names=[*map(repr, names)],
            )
        for candidate in [name] if name is not None else names:
            sheet = Sheet(path, candidate, names, None if large else book.get_sheet_by_name(candidate))
            if name is not None or any(any(record.cells) for record in sheet.records()):
                return sheet
    except PasswordError:
        raise Refused(
            "The workbook {file} is protected by a password; save it without one, or as CSV.", file=path.name
        ) from None
    except CalamineError as error:
        raise Refused(
            "The workbook {file} cannot be read ({error}); save the table as CSV.",
            file=path.name,
            error=error,
        ) from None
    raise Refused("The workbook {file} is empty.", file=path.name)


def _streamed(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what openpyxl does not support, such as drop-down lists, is not our table
        return openpyxl.load_workbook(path, read_only=True, data_only=True)


def _cell(value: object) -> Cell:
    """Return a cell of openpyxl as calamine gives it."""
    if value is None or (isinstance(value, str) and value in _ERRORS):
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value  # type: ignore[return-value]  # text, numbers, dates and yes or no are all there is


_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


def _cells_spanned(path: Path) -> int:
    """Return how many cells the largest sheet spans; refuse a workbook that is no table once it is unpacked."""
    if not zipfile.is_zipfile(path):
        return 0
    try:
        with zipfile.ZipFile(path) as archive:
            files = {info.filename: info for info in archive.infolist()}
            if "xl/workbook.xml" not in files and "xl/workbook.bin" not in files:
                raise Refused("The file {file} is an archive, not a table; unpack it first.", file=path.name)
            if sum(info.file_size for info in files.values()) > _LARGEST:
                raise Refused(
                    "The workbook {file} is too large to be read as one; save it as CSV.", file=path.name
                )
            sheets = [info for name, info in files.items() if name.startswith("xl/worksheets/sheet")]
            return max((_spanned(path, archive.open(info)) for info in sheets), default=0)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise Refused(
            "The workbook {file} is damaged; open and save it again, or save it as CSV.", file=path.name
        ) from None


def _spanned(path: Path, sheet: IO[bytes]) -> int:
    """Return the rectangle of a sheet; two cells in opposite corners, with 17 thousand million between, are refused."""
    rows = columns = 0
    rest = b""
    with sheet:
        while block := sheet.read(1 << 20):
            text = rest + block
            for column, row in _PLACE.findall(text):
                rows = max(rows, int(row))
                columns = max(columns, _column_number(column))
            if rows * columns > _WIDEST_GAP:
                raise Refused(
                    "A sheet of {file} spans {rows} rows and {columns} columns; save it as CSV.",
                    file=path.name,
                    rows=rows,
                    columns=columns,
                )
            rest = text[-100:]
    return rows * columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
