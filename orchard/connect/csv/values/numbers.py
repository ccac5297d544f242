"""Decides what number a text means; where a mark could part thousands or decimals, the column decides or nobody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from orchard.connect.csv.hints import Hint
from orchard.connect.csv.types import Cell, Unreadable
from orchard.kit import money
from orchard.kit.words import Phrase


class Marks(StrEnum):
    """How a number is written; the values are those of the map."""

    POINT = "1,234.5"
    COMMA = "1.234,5"


_CURRENCY = re.compile(
    r"^(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₩₺₽฿₫₪zł]+|CHF|kr\.?)\s*|\s*(?:[A-Z]{3}|[$€£¥₹₩₺₽฿₫₪]|zł|kr\.?)$"
)
_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"\d{1,30}")
_POINT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.\d{1,30})?|\.\d{1,30}")
_COMMA = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,30})(?:,\d{1,30})?|,\d{1,30}")
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE][+-]?\d{1,3}")
_NAMED = 5
_LARGEST = Decimal(10) ** 18  # what a bigint holds, in minor units


@dataclass(slots=True)
class NumberColumn:
    """What the numbers of one column say about their marks: rows that prove one way, rows that need to know."""

    column: str
    point: list[tuple[int, str]] = field(default_factory=list)
    comma: list[tuple[int, str]] = field(default_factory=list)
    open: list[tuple[int, str]] = field(default_factory=list)

    def see(self, number: int, text: str) -> None:
        """Take a cell into account."""
        _, bare = _bare(text)
        if _PLAIN.fullmatch(bare):
            return
        if _EITHER.fullmatch(bare):
            rows = self.open
        elif _POINT.fullmatch(bare):
            rows = self.point
        elif _COMMA.fullmatch(bare):
            rows = self.comma
        else:
            return
        if len(rows) < _NAMED:
            rows.append((number, text))

    def marks(self) -> Marks | None:
        """Return the way of writing that the column proves, or None."""
        if self.point and not self.comma:
            return Marks.POINT
        return Marks.COMMA if self.comma and not self.point else None

    def question(self) -> str | None:
        """Return the sentence that asks which way is meant, naming rows; None where it is clear."""
        if not self.open or self.marks() is not None:
            return None
        return Phrase(
            "Column {column}: these numbers could be thousands or decimals: {rows}. {hint}",
            column=repr(self.column),
            rows=_named(self.open),
            hint=Phrase(Hint.NUMBERS),
        )


def _named(rows: Iterable[tuple[int, str]]) -> list[Phrase]:
    return [Phrase("row {number} ({text})", number=str(number), text=text) for number, text in rows]


def number(cell: Cell, marks: Marks | None) -> Decimal:
    """Return the number that a cell holds; currency signs, thousands and accountants' brackets are understood."""
    if not isinstance(cell, str):
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            raise Unreadable(Phrase("{cell} is no number", cell=str(cell)))
        return _finite(str(cell), Decimal(str(cell)))
    try:
        if cell.isascii() and cell.isdigit():
            return _finite(cell, Decimal(cell))
        sign, bare = _bare(cell)
        return _finite(cell, sign * Decimal(_pointed(cell, bare, marks)))
    except InvalidOperation:
        raise Unreadable(Phrase("{cell} is no number", cell=repr(cell))) from None


def minor_units(cell: Cell, marks: Marks | None, currency: str) -> int:
    """Return an amount of money in minor units; more decimals than the currency has are refused, not rounded."""
    amount = number(cell, marks)
    if not money.fits(amount, currency):
        raise Unreadable(
            Phrase("{cell} has more decimals than {currency} has", cell=str(cell), currency=currency)
        )
    return money.minor_units(amount, currency)


def as_json(value: Decimal) -> int | float:
    """Return the number as JSON holds it: whole numbers exactly."""
    return int(value) if value == value.to_integral_value() else float(value)


def _bare(text: str) -> tuple[int, str]:
    sign = 1
    bare = text.strip().removesuffix(",-")
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = -1, bare[1:-1].strip()
    bare = bare.replace("\N{MINUS SIGN}", "-")
    negative = bare.startswith("-") or (bare.endswith("-") and not bare.endswith(",-"))
    bare = _CURRENCY.sub("", bare.strip("+-").strip()).strip()
    if bare.startswith("-"):
        negative, bare = True, bare[1:].strip()
    return (-sign if negative else sign), _SPACES.sub("", bare)


def _pointed(text: str, bare: str, marks: Marks | None) -> str:
    """Return the number with a point for its decimals and nothing for its thousands."""
    if _PLAIN.fullmatch(bare) or _SCIENTIFIC.fullmatch(bare):
        return bare
    if marks is None and _EITHER.fullmatch(bare):
        raise Unreadable(
            Phrase(
                "{text} could be thousands or decimals; {marks}", text=repr(text), marks=Phrase(Hint.MARKS)
            )
        )
    if marks is not Marks.COMMA and _POINT.fullmatch(bare):
        return bare.replace(",", "")
    if marks is not Marks.POINT and _COMMA.fullmatch(bare):
        return bare.replace(".", "").replace(",", ".")
    if marks:
        raise Unreadable(Phrase("{text} is no number written like {marks}", text=repr(text), marks=marks))
    raise Unreadable(Phrase("{text} is no number", text=repr(text)))


def _finite(text: str, value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= _LARGEST:
        raise Unreadable(Phrase("{text} is no number that can be kept", text=repr(text)))
    return value
