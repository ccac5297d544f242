"""Writes the rows that were refused, so that a person can mend them in a spreadsheet and import them again."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self, TextIO

from orchard.connect.csv.types import Cell, Reject
from orchard.connect.csv.values.text import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
_EXTRA = ("row", "reason")


class RejectsFile:
    """A CSV file of refused rows: the original columns, then `row` and `reason`; closed by `with`.

    UTF-8 with its mark, which spreadsheets ask for. A cell that a spreadsheet would take for a formula gets
    an apostrophe before it. With `more=True` rows are added to a file that an interrupted import left.
    """

    def __init__(self, path: Path, header: list[str], *, more: bool = False) -> None:
        more = more and path.exists()
        self.path = path
        self._width = len(header)
        # Plain "utf-8" where rows are added: a second mark would be text.
        self._file: TextIO = path.open(
            "a" if more else "w", encoding="utf-8" if more else "utf-8-sig", newline="", errors="replace"
        )
        self._writer = csv.writer(self._file)
        if not more:
            self._writer.writerow([*map(harmless, header), *_EXTRA])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append refused rows. A row with too many cells keeps them all, after its reason."""
        for number, reason, cells in rejects:
            texts = [harmless(_text(cell)) for cell in cells]
            fitted = texts[: self._width] + [""] * (self._width - len(texts))
            self._writer.writerow([*fitted, number, harmless(reason), *texts[self._width :]])

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        self._file.flush()


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula (OWASP: = + - @ TAB CR, and NUL)."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def is_ours(header: Sequence[str]) -> bool:
    """Tell whether a file with this header is one that we wrote, so that its cells are taken back by `restored`."""
    return tuple(header[-len(_EXTRA) :]) == _EXTRA


def restored(cell: Cell) -> Cell:
    """Take the apostrophe off that `harmless` put before a cell."""
    return (
        cell[1:] if isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
    )


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else plain(cell)
