"""Text for spreadsheets: no cell is taken for a formula; as CSV that they read without being asked, or a workbook."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO

from openpyxl import Workbook

MARK = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
"""How a cell begins that a spreadsheet takes for a formula (OWASP: = + - @ TAB CR, and NUL)."""

_UNFIT = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])  # what no workbook may hold
_TITLE = 31  # letters that a sheet's name may have


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as lines of CSV; numbers stay numbers, what is None is an empty cell."""
    for row in rows:
        out = io.StringIO(newline="")
        csv.writer(out).writerow([_cell(cell) for cell in row])
        yield out.getvalue()


def workbook(sheets: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> bytes:
    """Return an XLSX file with these sheets: the name and the rows of each."""
    out = io.BytesIO()
    write_workbook(out, sheets)
    return out.getvalue()


def write_workbook(file: IO[bytes], sheets: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> None:
    """Write an XLSX file; the rows are read one after the other and wait on the disk."""
    book = Workbook(write_only=True)
    try:
        for name, rows in sheets:
            sheet = book.create_sheet("".join(each for each in name if each not in "[]:*?/\\")[:_TITLE])
            for row in rows:
                cells = [_cell(cell) for cell in row]
                sheet.append([each.translate(_UNFIT) if isinstance(each, str) else each for each in cells])
    except BaseException:
        book.save(io.BytesIO())  # only so it takes its files off the disk
        raise
    book.save(file)


def _cell(value: object) -> str | int | float | Decimal:
    if value is None:
        return ""
    return (
        value
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        else harmless(str(value))
    )
