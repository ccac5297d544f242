"""Cuts text into records, however it is broken: a line without end, a quotation mark that is never closed."""

import csv
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import TextIO

from orchard.connect.csv.types import Record
from orchard.kit.words import Phrase, marked

LONGEST_RECORD = 1_000_000
"""Characters in one record, at most; a longer one is refused and only its beginning is kept."""

_KEPT = 1_000
_PATIENCE = 10

# The limit of the csv module is the whole process's; ours, which a record meets first, is what counts.
csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_RECORD))


class _RunAwayError(Exception):
    """A record that does not end."""


class _Lines:
    """The lines of a text, a few of which may be read once more.

    While a record is read, its lines are kept. If it does not end (an opened quotation mark), only its
    first line is given up and the others are read again. After ten of these, quotation marks no longer join
    lines, so that a file of nothing but broken marks is read in one pass.
    """

    def __init__(self, text: TextIO) -> None:
        self._read = partial(text.readline, LONGEST_RECORD)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._size = 0
        self._failures = 0
        self.swallowed = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            if self._taken:
                raise _RunAwayError
            raise StopIteration
        if len(line) >= LONGEST_RECORD and not line.endswith(("\n", "\r")):
            self._swallow(line)
        self._size += len(line)
        if self._taken and (self._size > LONGEST_RECORD or self._failures >= _PATIENCE):
            self._again.appendleft(line)
            raise _RunAwayError
        self._taken.append(line)
        return line

    def begin(self) -> None:
        """Forget the lines of the record before."""
        self._taken.clear()
        self._size = 0

    def give_up(self) -> str:
        """Return the first line of the broken record; the others will be read again."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._failures += 1
        return first

    def _swallow(self, line: str) -> None:
        """Read on to the end of an endless line, keep its beginning, and leave."""
        length = len(line)
        while piece := self._read():
            length += len(piece)
            if piece.endswith(("\n", "\r")):
                break
        if self._taken:  # it would be part of a record that is broken anyhow: that one goes first
            self._again.appendleft(line[:_KEPT])
            self.swallowed = 0
            raise _RunAwayError
        self._taken.append(line[:_KEPT])
        self.swallowed = length
        raise _RunAwayError


def records_of(text: TextIO, delimiter: str) -> Iterator[Record]:
    """Yield every record of the text, blank ones (no cells) included, with its number from 1.

    `text` is open with `newline=""`. Memory is bounded by a few times LONGEST_RECORD, whatever the text
    holds.
    """
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    number = 0
    while True:
        number += 1
        lines.begin()
        try:
            for cells in reader:
                yield Record(number, cells)  # type: ignore[arg-type]  # text is a cell
                number += 1
                lines.begin()
        except (_RunAwayError, csv.Error):
            yield _broken(number, lines)
        else:
            return


def _broken(number: int, lines: _Lines) -> Record:
    first = lines.give_up()
    if lines.swallowed:
        reason = Phrase(
            "This line is {length} characters long; {at_most} are allowed. Only its beginning is kept here.",
            length=lines.swallowed,
            at_most=LONGEST_RECORD,
        )
        lines.swallowed = 0
        return Record(number, [first], reason)
    return Record(
        number, [first.rstrip("\r\n")], marked("A quotation mark is opened in this row and never closed.")
    )
