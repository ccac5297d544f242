"""Decides where in a file the table begins: below notes, and in the right one of several sections."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from orchard.connect.csv.types import Cell, Record
from orchard.kit.errors import Refused
from orchard.kit.words import together

_SEARCHED = 40  # records from the top among which the header is looked for
_WIDEST = 16_384  # columns, as many as a worksheet has
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u2060\ufeff]+")


class Layout(NamedTuple):
    """Where the table is: its header, values that stand outside and hold for every row, and what ends it."""

    header: list[str]
    header_number: int
    constants: dict[str, str] = {}
    ends_at: frozenset[str] = frozenset()


def layout_of(sample: Sequence[Record], header_row: int | None) -> Layout:
    """Find the header among the first records of a file; `header_row` is its number where the user gives it."""
    filled = [(record, _filled(record.cells)) for record in sample]
    if header_row is not None:
        record = next((record for record, _ in filled if record.number == header_row), None)
        if record is None or not _filled(record.cells):
            raise Refused(
                "Row {header_row} holds no header; say which row names the columns.", header_row=header_row
            )
        return Layout(names_of(record.cells), record.number)
    if sections := _zoom(sample):
        return sections
    top = [(record, count) for record, count in filled[:_SEARCHED] if count and not record.damage]
    if not top:
        damage = next((record.damage for record in sample if record.damage), "")
        raise Refused(together(["The file holds no table.", *([damage] if damage else [])]))
    most, widest = max(count for _, count in top), max(len(record.cells) for record, _ in top)
    header = next(
        record
        for record, count in top
        # Notes fill a cell or two; a header, more than half as many as the fullest row, or half of a full width.
        if 2 * count > most or (2 * count == most and len(record.cells) == widest)
    )
    return Layout(names_of(header.cells), header.number)


def names_of(cells: Sequence[Cell]) -> list[str]:
    """Return the names of the columns: cleaned, told apart where two are the same, without a blank tail."""
    names = [_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > _WIDEST:
        raise Refused(
            "The table has {columns} columns; {at_most} are allowed.", columns=len(names), at_most=_WIDEST
        )
    taken: set[str] = set()
    told_apart = []
    for place, name in enumerate(names, 1):
        wanted = unique = name or f"Column {place}"
        copy = 1
        while unique in taken:
            copy += 1
            unique = f"{wanted} ({copy})"
        taken.add(unique)
        told_apart.append(unique)
    return told_apart


def _name(cell: Cell) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    breaks_are_spaces = re.sub(r"[\r\n\t]+", " ", text)
    return _UNSEEN.sub("", breaks_are_spaces).strip()


def _filled(cells: Sequence[Cell]) -> int:
    return sum(1 for cell in cells if cell != "")


def _zoom(sample: Sequence[Record]) -> Layout | None:
    """Choose the attendees of a Zoom report, whose tables of hosts and panelists have nearly the same header.

    The webinar's topic, number and start stand once, above the tables; they become columns of every row.
    """
    firsts = [_name(record.cells[0]) if record.cells else "" for record in sample]
    if not firsts or firsts[0] != "Attendee Report" or "Attendee Details" not in firsts:
        return None
    header_at = firsts.index("Attendee Details") + 1
    summary_at = firsts.index("Topic") if "Topic" in firsts else None
    if header_at >= len(sample):
        return None
    constants: dict[str, str] = {}
    if summary_at is not None and summary_at + 1 < len(sample):
        names, values = (sample[at].cells for at in (summary_at, summary_at + 1))
        constants = {
            _name(name): str(value) for name, value in zip(names, values, strict=False) if _name(name)
        }
    header = sample[header_at]
    return Layout(names_of(header.cells), header.number, constants, frozenset({"Other Attended"}))
