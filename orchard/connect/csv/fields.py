"""Decides how the cell of each field is read: which converter, which limit, which name in a row."""

from collections.abc import Callable
from datetime import date, tzinfo
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orchard.connect.csv import dates
from orchard.connect.csv.binding import Columns, Getter, place
from orchard.connect.csv.hints import Hint
from orchard.connect.csv.mapping.grammar import ImportMap, Source
from orchard.connect.csv.surveying import Survey
from orchard.connect.csv.types import Cell, MapError, Problem, Unreadable
from orchard.connect.csv.values import identity, numbers, text
from orchard.kit.words import Phrase

Converter = Callable[[Any], Any]

CONTACT, ACCOUNT, CAMPAIGN, CUSTOM, ACCOUNT_CUSTOM = range(5)
"""The dicts of a row, in the order in which `Row` holds them."""

_LIMITS = {
    "full_name": 200,
    "first_name": 120,
    "last_name": 120,
    "title": 200,
    "seniority": 40,
    "department": 120,
    "city": 120,
    "language": 35,
    "time_zone": 60,
    "name": 200,
    "industry": 120,
    "region": 120,
    "code": 80,
    "type": 40,
    "channel": 40,
    "status": 40,
    "parent": 200,
}
# How many texts of a column are kept with their values, and how short they are.
REMEMBERED = 5_000
SHORT = 80

_LONGEST_CUSTOM = 10_000
_LONGEST_WORDS = 20_000


class Step(NamedTuple):
    """One field: the dict it goes to and its name there, its cell, its converter, and its words in a reason.

    `typed` converters understand a worksheet's typed cells; the others are given text. `known` is what some texts
    became before: a column repeats itself.
    """

    bucket: int
    key: str
    get: Getter
    convert: Converter
    typed: bool
    says: str
    known: dict[str, Any]


class Dialect:
    """How this file writes dates and numbers, as the map says or the survey found."""

    def __init__(self, import_map: ImportMap, survey: Survey) -> None:
        self.zone: tzinfo = ZoneInfo(import_map.time_zone)
        self._map = import_map
        self._survey = survey

    def moments(self, source: Source) -> Callable[[Cell], dates.Moment]:
        """Return the function that reads the times of a source."""
        rule = source.dates or self._map.dates
        if wrong := dates.check_rule(rule):
            raise MapError([Problem(0, Phrase("dates: {wrong}.", wrong=wrong))])
        return dates.reader(rule=rule, order=self._survey.order(source), zone=self.zone)

    def days(self, source: Source) -> Converter:
        """Return the function that reads a source as a day of the map's zone."""
        read, zone = self.moments(source), self.zone

        def day(cell: Cell) -> date:
            at, whole_day = read(cell)
            return at.date() if whole_day else at.astimezone(zone).date()

        return day

    def marks(self, source: Source) -> numbers.Marks | None:
        """Return how the numbers of a source are written, or None where each says so by itself."""
        return self._survey.marks(source) if self._map.numbers == "auto" else numbers.Marks(self._map.numbers)


def steps_of(import_map: ImportMap, columns: Columns, dialect: Dialect) -> list[Step]:
    """Return the steps for the fields that a row has once, in the order of the map."""
    steps = []
    for name, sources in import_map.contact.items():
        bare = name.removeprefix("account.")
        ours = bare == name
        if bare in {"email", "phone", "external_id"}:
            continue
        if bare.startswith("custom."):
            bucket = CUSTOM if ours else ACCOUNT_CUSTOM
            converter, typed = _custom(sources[0], dialect)
            key = bare.removeprefix("custom.")
        else:
            bucket, key = (CONTACT if ours else ACCOUNT), _KEYS.get(bare, bare)
            converter, typed = _field(bare, sources[0], columns, dialect)
        steps.append(Step(bucket, key, *_with(columns, sources[0], converter, typed=typed)))
    for name, source in import_map.campaign.items():
        converter, typed = _field(name, source, columns, dialect)
        steps.append(Step(CAMPAIGN, name, *_with(columns, source, converter, typed=typed)))
    return steps


Amount = Callable[[list[Cell]], tuple[int, str] | None]


def amount_of(source: Source, currency: str | None, columns: Columns, dialect: Dialect) -> Amount:
    """Return the function that gives a row's amount as (minor units, currency), or None where the cell is blank."""
    get, nulls, marks = columns.getter(source), columns.nulls, dialect.marks(source)
    code = columns.currency(source.currency or currency or "")

    def amount(cells: list[Cell]) -> tuple[int, str] | None:
        cell = get(cells)
        if isinstance(cell, str):
            cell = cell.strip()
            if cell in nulls:
                return None
        unit = _currency(code(cells))
        return (numbers.minor_units(cell, marks, unit), unit)

    return amount


def words(value: str) -> str:
    """Read what somebody said or wrote."""
    return text.paragraph(value, _LONGEST_WORDS)


def label(value: str) -> str:
    """Read the name or code of a campaign or content, or the key of a fact."""
    return text.line(value, 200)


_KEYS = {"linkedin": "linkedin_slug"}


def _with(columns: Columns, source: Source, converter: Converter, *, typed: bool) -> tuple[Any, ...]:
    get, says = place(columns, source)
    return (get, converter, typed, says, {})


def _field(name: str, source: Source, columns: Columns, dialect: Dialect) -> tuple[Converter, bool]:
    """Return the converter of a field of ours, and whether it understands typed cells."""
    marks = dialect.marks(source)
    if name in _PLAIN:
        return _PLAIN[name], False
    if name == "employees":
        return partial(_count, marks=marks), True
    if name in {"starts", "ends"}:
        return dialect.days(source), True
    if name in {"annual_revenue", "planned_cost", "actual_cost"}:
        if source.currency is None or columns.find(source.currency) is not None:
            raise MapError(
                [Problem(0, Phrase("{name} {currency}.", name=name, currency=Phrase(Hint.CURRENCY)))]
            )
        return partial(numbers.minor_units, marks=marks, currency=columns.currency(source.currency)([])), True
    return partial(text.line, longest=_LIMITS[name]), False


def _custom(source: Source, dialect: Dialect) -> tuple[Converter, bool]:
    if source.type == "number":
        marks = dialect.marks(source)
        return (lambda cell: numbers.as_json(numbers.number(cell, marks))), True
    if source.type == "boolean":
        return text.yes_or_no, False
    if source.type == "date":
        days = dialect.days(source)
        return (lambda cell: days(cell).isoformat()), True
    if source.type == "choice":
        choices = {choice.casefold(): choice for choice in source.choices}
        return partial(_choice, choices=choices), False
    return partial(text.paragraph, longest=_LONGEST_CUSTOM), False


def _choice(value: str, choices: dict[str, str]) -> str:
    found = choices.get(value.casefold())
    if found is None:
        raise Unreadable(
            Phrase(
                "{line} is none of {values}",
                line=repr(text.line(value, 1000)[:80]),
                values=[*choices.values()],
            )
        )
    return found


def _count(cell: Cell, marks: numbers.Marks | None) -> int:
    value = numbers.number(cell, marks)
    if value != value.to_integral_value() or value < 0:
        raise Unreadable(Phrase("{cell} is no number of people", cell=str(cell)))
    return int(value)


def _currency(code: str) -> str:
    if len(code) != 3 or not code.isascii() or not code.isalpha():  # noqa: PLR2004 - ISO 4217
        raise Unreadable(Phrase("{code} is no currency", code=repr(code)))
    return code


_PLAIN: dict[str, Converter] = {
    "country": text.country,
    "linkedin": identity.profile,
    "domain": identity.domain,
    "is_competitor": text.yes_or_no,
}
