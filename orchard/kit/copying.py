"""How rows become the text of a COPY: many at once where they are plain, by the driver where they are not."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

BLOCK = 500

# What str() writes as PostgreSQL reads it.
_PLAIN = frozenset({int, bool, float, Decimal, datetime, date, UUID})
_TEXT = {str}
_NULL = "\0"


def write_rows(copy: Any, rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows`, all of one width, into a COPY in the text format."""
    waiting = iter(rows)
    while block := list(islice(waiting, BLOCK)):
        text = _text(block)
        if text is None:
            for row in block:
                copy.write_row(row)
        else:
            copy.write(text)


def _text(rows: Sequence[Sequence[Any]]) -> str | None:
    """Return the text of some rows; None where a cell holds what has to be looked at, or is of another type."""
    columns, nulls = [], 0
    for values in zip(*rows, strict=True):
        types = set(map(type, values))
        if types == _TEXT:
            columns.append(values)
        elif types <= _PLAIN:
            columns.append(tuple(map(str, values)))
        else:
            nulls += values.count(None)
            columns.append(tuple(map(_cell, values)))
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    if (
        text.count("\t") != len(rows) * (len(columns) - 1)
        or text.count("\n") != len(rows) - 1
        or text.count(_NULL) != nulls
        or "\r" in text
    ):
        return None
    return text.replace("\\", "\\\\").replace(_NULL, "\\N") + "\n"


def _cell(cell: Any) -> str:
    """Return a value as text; a NUL, which no text may hold, for none and where the driver has to decide."""
    return cell if cell.__class__ is str else str(cell) if cell.__class__ in _PLAIN else _NULL
