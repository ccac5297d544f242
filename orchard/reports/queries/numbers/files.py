"""An answer as a file for a spreadsheet: the values as numbers, spans in days, amounts in whole units with cents."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from orchard.kit import sheets
from orchard.kit.money import exponent
from orchard.reports.types import Answer, Column, Kind, Row, Sheet

_DAY = 86_400


def as_csv(answer: Answer) -> str:
    """Return the first sheet of an answer as CSV."""
    return sheets.MARK + "".join(sheets.lines(_rows(answer.sheets[0])))


def as_workbook(answer: Answer) -> bytes:
    """Return all sheets of an answer as a workbook, with a last one that says what it was read from."""
    said: list[Sequence[object]] = [[_("As of fact"), answer.pos], *([str(note)] for note in answer.notes)]
    return sheets.workbook([*((str(each.title), _rows(each)) for each in answer.sheets), (_("About"), said)])


def _rows(sheet: Sheet) -> Iterator[list[Any]]:
    columns = list(_columns(sheet))
    yield [_head(column) for column in columns]
    yield from ([_value(column, row) for column in columns] for row in sheet.rows)
    if sheet.total:
        yield [_("All together"), *(_value(column, sheet.total) for column in columns[1:])]


def _columns(sheet: Sheet) -> Iterator[Column]:
    """Yield the columns that are shown, a share with its range behind it."""
    keys = {key for row in sheet.rows for key in row}
    has_currency = False
    for column in sheet.columns:
        yield column
        if column.kind is Kind.MONEY and not has_currency:
            has_currency = True
            yield Column("currency", _("Currency"), Kind.TEXT)
        base = column.key.removesuffix("_share")
        if column.kind is Kind.SHARE and f"{base}_low" in keys:
            yield Column(f"{base}_low", _("%(share)s, at least") % {"share": column.label}, Kind.SHARE)
            yield Column(f"{base}_high", _("%(share)s, at most") % {"share": column.label}, Kind.SHARE)


def _head(column: Column) -> str:
    return _("%(what)s (days)") % {"what": column.label} if column.kind is Kind.SPAN else str(column.label)


def _value(column: Column, row: Row) -> Any:
    value = row.get(column.key)
    if value is None:
        return None
    if column.kind is Kind.SPAN:
        return round(value / _DAY, 4)
    if column.kind is Kind.MONEY:
        return value / 10 ** exponent(row.get("currency", ""))
    return round(value, 6) if column.kind is Kind.SHARE else value
