"""How an answer is laid out on a page: each value in words, each number with the address of the rows behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.kit.languages import figure, month_named, quarter_named
from orchard.kit.money import Money
from orchard.reports.queries.numbers import DIMENSIONS
from orchard.reports.tables import BANDS
from orchard.reports.types import Answer, Column, Kind, Layers, Row, Sheet
from orchard.web.together.reports.asking import Question
from orchard.web.ui.tags.figures import grouped, percent

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_FEW_HOURS, _FEW_DAYS = 48 * _HOUR, 10 * _DAY

_LARGE = 1_000
"""From here on a decimal says nothing."""

_WRITTEN: Mapping[str, Callable[[str], str]] = {"month": month_named, "quarter": quarter_named}
"""Columns whose values files hold as a machine reads them."""

# What looks the same wherever it is drawn: a sale is the deepest green; what ended otherwise, or came back, is grey.
_TONES = {"converted": 2, "won": 2, "won_share": 2, "given_up_share": 3, "leads": 4}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its words, where it leads, and what is said below it."""

    text: str
    label: str | Promise
    href: str = ""
    sub: str = ""
    number: bool = True
    short: str = ""
    """The same, where a picture has little room."""


@dataclass(frozen=True, slots=True)
class Series:
    """One thing that a picture draws: its name, and the tone that it has throughout."""

    label: str | Promise
    tone: str


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of a picture, in hundredths: along the line where it begins and ends, across it likewise."""

    begins: float
    length: float
    across: float
    breadth: float
    tone: str

    @property
    def top(self) -> float:
        """Where it begins when its line stands upright, counted from the top."""
        return round(100 - self.begins - self.length, 2)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, and what a picture draws of it."""

    cells: Sequence[Cell]
    blocks: Sequence[Block]
    narrow: str = ""
    """The query of the address that tells of this row alone."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet as its page shows it."""

    name: str
    title: str | Promise
    columns: Sequence[Column]
    heads: Sequence[tuple[Column, str]]
    lines: Sequence[Line]
    total: Line | None
    picture: str
    series: Sequence[Series]
    says: Sequence[Column]
    """The columns that need a word of explanation."""


def laid(answer: Answer, question: Question, *, by: str) -> dict[str, Laid]:
    """Return the sheets of an answer by name; their addresses keep to the place that it was read at."""
    return {sheet.name: _sheet(sheet, answer, question, by) for sheet in answer.sheets}


def span_in_words(seconds: int | None) -> str:
    """Write how long something took: `40 min`, `26 h`, `3.5 days`; nothing for None."""
    if seconds is None:
        return ""
    if seconds < _HOUR:
        return _("%(n)d min") % {"n": round(seconds / _MINUTE)}
    if seconds < _FEW_HOURS:
        return _("%(n)d h") % {"n": round(seconds / _HOUR)}
    days = seconds / _DAY
    shown = figure(round(days, 1)) if seconds < _FEW_DAYS else figure(days, 0)
    return ngettext("%(n)s day", "%(n)s days", 2) % {"n": shown}


def _sheet(sheet: Sheet, answer: Answer, question: Question, by: str) -> Laid:
    sort = question.parts.get("sort", "")
    sheet = replace(sheet, columns=[each for each in sheet.columns if not each.rare or _ever(sheet, each)])
    rows = _sorted(sheet, sort) if sheet.name == "rows" else list(sheet.rows)
    most = max((_length(sheet, row) for row in rows), default=0)
    labels = {column.key: column.label for column in sheet.columns}
    return Laid(
        sheet.name,
        sheet.title,
        sheet.columns,
        [(column, _order(column, sort)) for column in sheet.columns],
        [_line(sheet, row, answer, question, by, most) for row in rows],
        _line(sheet, sheet.total, answer, question, by, 0) if sheet.total else None,
        sheet.picture.value,
        [Series(labels[key], _tone(key, place)) for place, key in enumerate(sheet.draws) if key in labels],
        [column for column in sheet.columns if column.says],
    )


def _ever(sheet: Sheet, column: Column) -> bool:
    return any(row.get(column.key) for row in sheet.rows)


def _length(sheet: Sheet, row: Row) -> float:
    values = [row.get(key) or 0 for key in sheet.draws]
    return sum(values) if sheet.layers is Layers.STACKED else max(values, default=0)


def _blocks(sheet: Sheet, row: Row, most: float) -> Iterator[Block]:
    begins, apart = 0.0, sheet.layers is Layers.APART
    breadth = round(100 / len(sheet.draws), 2) if apart and sheet.draws else 100.0
    for place, key in enumerate(sheet.draws):
        length = round(100 * (row.get(key) or 0) / most, 2) if most else 0.0
        across = round(place * breadth, 2) if apart else 0.0
        yield Block(begins, length, across, breadth, _tone(key, place))
        begins = round(begins + length, 2) if sheet.layers is Layers.STACKED else 0.0


def _tone(key: str, place: int) -> str:
    """Return the class by which a series is coloured: the same thing looks the same in every report."""
    return f"band-{key}" if key in BANDS else f"tone-{_TONES.get(key, place)}"


def _sorted(sheet: Sheet, sort: str) -> list[Row]:
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key not in {column.key for column in sheet.columns}:
        return list(sheet.rows)
    known = [row for row in sheet.rows if row.get(key) is not None]
    rest = [row for row in sheet.rows if row.get(key) is None]
    return [*sorted(known, key=lambda row: _comparable(row[key]), reverse=down), *rest]


def _comparable(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _order(column: Column, sort: str) -> str:
    if sort.removeprefix("-") != column.key:
        return ""
    return "descending" if sort.startswith("-") else "ascending"


def _line(  # noqa: PLR0917 - what a line is made of
    sheet: Sheet, row: Row, answer: Answer, question: Question, by: str, most: float
) -> Line:
    of = row.get("of", {})
    narrow = question.with_(**{by: of[by]}) if by in of and by != "touches" else ""
    return Line(list(_cells(sheet, row, answer, question)), list(_blocks(sheet, row, most)), narrow)


def _cells(sheet: Sheet, row: Row, answer: Answer, question: Question) -> Iterator[Cell]:
    for place, column in enumerate(sheet.columns):
        value = row.get(column.key)
        if place == 0:
            text = _named(column, value, is_total=row is sheet.total)
            short = month_named(value, short=True) if column.key == "month" and value else text
            yield Cell(text, column.label, number=False, short=short)
            continue
        href = _rows_behind(column, row, answer, question) if column.opens and value and "of" in row else ""
        yield Cell(
            _in_words(column, value, row),
            column.label,
            href,
            _range(column, row),
            number=column.kind is not Kind.TEXT,
        )


def _named(column: Column, value: Any, *, is_total: bool) -> str:
    if is_total:
        return _("All together")
    if value is None and column.key in DIMENSIONS:
        return str(DIMENSIONS[column.key].unknown)
    return _WRITTEN[column.key](value) if value and column.key in _WRITTEN else str(value or "")


def _in_words(column: Column, value: Any, row: Row) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return _WRITTEN[column.key](value) if column.key in _WRITTEN else value
    match column.kind:
        case Kind.SHARE:
            return percent(value)
        case Kind.SPAN:
            return span_in_words(value)
        case Kind.MONEY:
            return str(Money(value, row.get("currency", "")))
    return _number(value) if column.kind is Kind.NUMBER else grouped(value)


def _range(column: Column, row: Row) -> str:
    base = column.key.removesuffix("_share")
    low, high = row.get(f"{base}_low"), row.get(f"{base}_high")
    if column.kind is not Kind.SHARE or low is None or high is None:
        return ""
    return f"{figure(100 * low, 1)} – {figure(100 * high, 1)}"


def _rows_behind(column: Column, row: Row, answer: Answer, question: Question) -> str:
    of = dict(row.get("of", {}))
    stage = of.pop("stage", "")
    number = f"{stage}.{column.opens}" if stage else column.opens
    query = question.at(answer, **of, by=None, sort=None, number=number)
    return f"{reverse('reports:rows', args=[answer.report])}?{query}"


def _number(value: float) -> str:
    """Return a number with one decimal where that says something."""
    return figure(value, 1 if value < _LARGE and value != int(value) else 0)
