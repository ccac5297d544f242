"""Decides what moment a text means; where day and month could be either, the whole column decides or nobody."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import NamedTuple

from orchard.connect.csv.hints import Hint
from orchard.connect.csv.types import Cell, Unreadable
from orchard.kit.words import Phrase


class Order(StrEnum):
    """Which of the two comes first in a date of numbers."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Moment(NamedTuple):
    """An aware UTC time; `whole_day` where the text gave a date only: that day's midnight in UTC, whatever the zone."""

    at: datetime
    whole_day: bool


_MONTHS: dict[str, int] = {
    name: month
    for month, names in enumerate(
        (
            "january jan enero ene januar jänner janvier janv janeiro gennaio gen januari",
            "february feb febrero februar feber février févr fév fevereiro fev febbraio februari",
            "march mar marzo märz mär mrz mars março maart mrt",
            "april apr abril abr avril avr aprile",
            "may mayo mai maio mag maggio mei",
            "june jun junio juni juin junho giu giugno",
            "july jul julio juli juillet juil julho lug luglio",
            "august aug agosto ago août augustus",
            "september sep sept septiembre septembre setembro set settembre",
            "october oct octubre oktober okt octobre outubro out ottobre ott",
            "november nov noviembre novembre novembro",
            "december dec diciembre dic dezember dez décembre déc dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?|\d{8}|\d{8}T\d{4,6}.*")
_CLOCK = (
    r"(?:,?[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _CLOCK
)
_NUMBERS = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)" + _CLOCK
)
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,\s+)?"
_NAMED_DAY_FIRST = re.compile(
    _WEEKDAY
    + r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s-]*(?:de\s+)?(?P<name>[^\W\d_]{3,12})\.?[\s,-]*(?:de\s+)?"
    r"(?P<year>\d{4}|\d\d)" + _CLOCK
)
_NAMED_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<name>[^\W\d_]{3,12})\.?[\s-]+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+|-)"
    r"(?P<year>\d{4}|\d\d)" + _CLOCK
)

_EARLIEST, _LATEST = 1900, 2200
_CENTURY_TURNS = 69  # POSIX: 69 to 99 are of the 20th century
_LAST_MONTH = 12
_REMEMBERED = 20_000
_NAMED = 5  # rows that a question names


@dataclass(slots=True)
class DateColumn:
    """What the dates of one column say about the order of day and month: rows that prove one, rows that need it."""

    column: str
    day_first: list[tuple[int, str]] = field(default_factory=list)
    month_first: list[tuple[int, str]] = field(default_factory=list)
    open: list[tuple[int, str]] = field(default_factory=list)
    open_count: int = 0

    def see(self, number: int, text: str) -> None:
        """Take a cell into account."""
        found = _NUMBERS.fullmatch(text)
        if found is None:
            return
        one, two = int(found["one"]), int(found["two"])
        if one == two:
            return
        if one <= _LAST_MONTH and two <= _LAST_MONTH:
            self.open_count += 1
            rows = self.open
        else:
            rows = self.day_first if one > _LAST_MONTH else self.month_first
        if len(rows) < _NAMED:
            rows.append((number, text))

    def order(self) -> Order | None:
        """Return the order that the column proves, or None where nothing needs one or nothing proves one."""
        if self.day_first and not self.month_first:
            return Order.DAY_FIRST
        if self.month_first and not self.day_first:
            return Order.MONTH_FIRST
        return None

    def question(self) -> str | None:
        """Return the sentence that asks which order is meant, naming rows; None where it is clear."""
        if not self.open or self.order() is not None:
            return None
        more = self.open_count - len(self.open)
        rows: str | list[Phrase] = _named(self.open)
        if more:
            rows = Phrase("{rows} and {more} more", rows=rows, more=more)
        why = Phrase("nothing in the column tells day from month")
        if self.day_first:
            why = Phrase(
                "the column has both orders ({day_first}, {month_first})",
                day_first=_named(self.day_first[:1]),
                month_first=_named(self.month_first[:1]),
            )
        return Phrase(
            "Column {column}: {why}, so these dates could mean two days: {rows}. {hint}",
            column=repr(self.column),
            why=why,
            rows=rows,
            hint=Phrase(Hint.DATES),
        )


def _named(rows: Iterable[tuple[int, str]]) -> list[Phrase]:
    return [Phrase("row {number} ({text})", number=str(number), text=text) for number, text in rows]


def reader(*, rule: str, order: Order | None, zone: tzinfo) -> Callable[[Cell], Moment]:
    """Return the function that reads the cells of one column; it raises Unreadable with the reason.

    `rule` is `auto`, an order, or a strptime format. A time without a zone of its own is in `zone`.
    """
    if rule in set(Order):
        order = Order(rule)
    seen: dict[Cell, Moment] = {}

    def read(cell: Cell) -> Moment:
        if (known := seen.get(cell)) is not None:
            return known
        moment = _typed(cell, zone) if not isinstance(cell, str) else _text(cell, rule, order, zone)
        if len(seen) < _REMEMBERED:
            seen[cell] = moment
        return moment

    return read


def is_auto(rule: str) -> bool:
    """Whether the column itself has to tell the order of day and month."""
    return rule == "auto"


def check_rule(rule: str) -> str | None:
    """Return what is wrong with a `dates` rule of a map, or None."""
    if rule == "auto" or rule in set(Order):
        return None
    if "%" not in rule:
        return Phrase(
            "{rule} is no rule for dates; write auto, day_first, month_first or a format such as %d.%m.%Y",
            rule=repr(rule),
        )
    probe = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        again = datetime.strptime(probe.strftime(rule), rule)  # noqa: DTZ007 - the zone is none of this test's
    except ValueError:
        return Phrase("{rule} is no format that dates can be read by", rule=repr(rule))
    if again.date() != probe.date():
        return Phrase("{rule} leaves out the year, the month or the day", rule=repr(rule))
    return None


def _text(text: str, rule: str, order: Order | None, zone: tzinfo) -> Moment:
    if "%" in rule:
        return _by_format(text, rule, zone)
    if _ISO.fullmatch(text) and (moment := _iso(text, zone)):
        return moment
    for pattern in (_NUMBERS, _YEAR_FIRST, _NAMED_DAY_FIRST, _NAMED_MONTH_FIRST):
        if found := pattern.fullmatch(text):
            return _assembled(text, found.groupdict(), order, zone)
    raise Unreadable(Phrase("{text} is no date that can be read", text=repr(text)))


def _by_format(text: str, rule: str, zone: tzinfo) -> Moment:
    try:
        moment = datetime.strptime(text, rule)  # noqa: DTZ007 - _settled gives it the map's zone
    except ValueError:
        raise Unreadable(Phrase("{text} is not written as {rule}", text=repr(text), rule=rule)) from None
    return _settled(
        text, moment, whole_day="%H" not in rule and "%I" not in rule and "%c" not in rule, zone=zone
    )


def _iso(text: str, zone: tzinfo) -> Moment | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None  # `2024-03-12 9:14 PM` begins like ISO 8601
    return _settled(text, moment, whole_day=len(text) in {8, 10}, zone=zone)


def _assembled(text: str, parts: dict[str, str], order: Order | None, zone: tzinfo) -> Moment:
    if "one" in parts:
        day, month = _day_and_month(text, int(parts["one"]), int(parts["two"]), order)
    elif "name" in parts:
        day, month = int(parts["day"]), _month(text, parts["name"])
    else:
        day, month = int(parts["day"]), int(parts["month"])
    year = int(parts["year"])
    if len(parts["year"]) == 2:  # noqa: PLR2004 - a short year
        year += 1900 if year >= _CENTURY_TURNS else 2000
    try:
        clock = _clock(parts)
        own = _own_zone(parts["zone"]) if parts["zone"] else None
        moment = datetime(year, month, day, *clock, tzinfo=own)
    except ValueError:
        raise Unreadable(Phrase("{text} is no day and time of the calendar", text=repr(text))) from None
    return _settled(text, moment, whole_day=parts["hour"] is None, zone=zone)


def _day_and_month(text: str, one: int, two: int, order: Order | None) -> tuple[int, int]:
    if one > _LAST_MONTH or (one == two):
        return one, two
    if two > _LAST_MONTH:
        return two, one
    if order is None:
        raise Unreadable(
            Phrase(
                "{text} could mean two days; {day_or_month}",
                text=repr(text),
                day_or_month=Phrase(Hint.DAY_OR_MONTH),
            )
        )
    return (one, two) if order is Order.DAY_FIRST else (two, one)


def _month(text: str, name: str) -> int:
    month = _MONTHS.get(name.casefold())
    if month is None:
        raise Unreadable(
            Phrase("{text} is no date: no month is called {name}", text=repr(text), name=repr(name))
        )
    return month


def _clock(parts: dict[str, str]) -> tuple[int, int, int]:
    if parts["hour"] is None:
        return (0, 0, 0)
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the hours of half a day
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    return (hour, minute, second)


def _own_zone(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _typed(cell: Cell, zone: tzinfo) -> Moment:
    if isinstance(cell, datetime):
        return _settled(str(cell), cell, whole_day=False, zone=zone)
    if isinstance(cell, date):
        return _settled(str(cell), datetime.combine(cell, time()), whole_day=True, zone=zone)
    if isinstance(cell, float) and cell.is_integer():
        return _text(str(int(cell)), "auto", None, zone)
    raise Unreadable(
        Phrase("{cell} is no date; give the cell a date format in the workbook", cell=repr(cell))
    )


def _settled(text: str, moment: datetime, *, whole_day: bool, zone: tzinfo) -> Moment:
    if not _EARLIEST <= moment.year <= _LATEST:
        raise Unreadable(
            Phrase(
                "{text} is a date in the year {year}, which cannot be meant",
                text=repr(text),
                year=str(moment.year),
            )
        )
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC if whole_day else zone)
    return Moment(aware if aware.tzinfo is UTC else aware.astimezone(UTC), whole_day)
