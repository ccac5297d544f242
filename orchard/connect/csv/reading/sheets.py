"""Reads worksheets: which sheets a workbook has, and the typed cells of one."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from orchard.connect.csv.reading.bytes import OLE, ZIP
from orchard.connect.csv.types import Record
from orchard.kit.errors import Refused

_LARGEST = 1 << 30  # bytes of XML; a worksheet of a million rows and ten columns has a third of that
_MOST_CELLS = 30_000_000  # the reader holds the rectangle from the first used cell to the last
_PLACE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')


def is_workbook(head: bytes) -> bool:
    """Whether the file begins like an XLSX, XLSM or XLS workbook."""
    return head.startswith((ZIP, OLE))


def open_sheet(path: Path, name: str | None) -> tuple[CalamineSheet, list[str]]:
    """Return the named sheet (without a name: the first that holds anything) and the names of all sheets."""
    _refuse_bombs(path)
    try:
        book = CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
        if name is not None and name not in names:
            raise Refused(f"The workbook has no sheet {name!r}; it has {', '.join(map(repr, names))}.")
        for candidate in [name] if name is not None else names:
            sheet = book.get_sheet_by_name(candidate)
            if name is not None or sheet.start is not None:
                return sheet, names
    except PasswordError:
        raise Refused(
            f"The workbook {path.name} is protected by a password; save it without one, or as CSV."
        ) from None
    except CalamineError as error:
        raise Refused(f"The workbook {path.name} cannot be read ({error}); save the table as CSV.") from None
    raise Refused(f"The workbook {path.name} is empty.")


def records_of(sheet: CalamineSheet) -> Iterator[Record]:
    """Yield the rows of the sheet from its first one, with the numbers that the sheet shows.

    Numbers are floats, a cell with an error (`#N/A`) is blank.
    """
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield Record(number, cells)


def _refuse_bombs(path: Path) -> None:
    """Refuse a workbook that would not fit in memory once it is unpacked or laid out as a rectangle."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            files = {info.filename: info for info in archive.infolist()}
            if "xl/workbook.xml" not in files and "xl/workbook.bin" not in files:
                raise Refused(f"The file {path.name} is an archive, not a table; unpack it first.")
            if sum(info.file_size for info in files.values()) > _LARGEST:
                raise Refused(f"The workbook {path.name} is too large to be read as one; save it as CSV.")
            for filename, info in files.items():
                if filename.startswith("xl/worksheets/") and info.file_size < _LARGEST:
                    with archive.open(info) as sheet:
                        _refuse_wide_gaps(path, sheet)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise Refused(
            f"The workbook {path.name} is damaged; open and save it again, or save it as CSV."
        ) from None


def _refuse_wide_gaps(path: Path, sheet: IO[bytes]) -> None:
    """Refuse two cells in opposite corners, which span 17 thousand million empty ones."""
    rows = columns = 0
    rest = b""
    while block := sheet.read(1 << 20):
        text = rest + block
        for column, row in _PLACE.findall(text):
            rows = max(rows, int(row))
            columns = max(columns, _column_number(column))
        if rows * columns > _MOST_CELLS:
            raise Refused(
                f"A sheet of {path.name} spans {rows:,} rows and {columns:,} columns; save it as CSV."
            )
        rest = text[-100:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
