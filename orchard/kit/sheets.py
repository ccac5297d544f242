"""Text for spreadsheets: no cell is taken for a formula, and rows come as CSV that they read without being asked."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
"""How a cell begins that a spreadsheet takes for a formula (OWASP: = + - @ TAB CR, and NUL)."""


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as lines of CSV; what is None is an empty cell."""
    for row in rows:
        out = io.StringIO(newline="")
        csv.writer(out).writerow(["" if cell is None else harmless(str(cell)) for cell in row])
        yield out.getvalue()
