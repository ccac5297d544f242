"""Draw the goals of an agreement and read them back: a quarter by name, an amount in groups beside its currency."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from orchard.kit import numbers
from orchard.kit.codes import currencies, currency_name
from orchard.kit.languages import quarter_named
from orchard.web.ui.conditions.box import Choice, strange

_TARGET = re.compile(r"(.*?)\s*(?:(?<![A-Za-z])([A-Za-z]{3}))?", re.DOTALL)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,2})?")
_QUARTERS_BACK, _QUARTERS_AHEAD = 4, 8
AMOUNT = "won_amount"


def quarters(today: date, stored: str) -> tuple[Choice, ...]:
    """Return the quarters from a year back to two ahead, and that which is stored, by name."""
    here = today.year * 4 + (today.month - 1) // 3
    around = [_code(number) for number in range(here - _QUARTERS_BACK, here + _QUARTERS_AHEAD + 1)]
    if stored in around:
        return tuple((each, quarter_named(each)) for each in around)
    named = quarter_named(stored)
    kept = (stored, strange(stored) if stored and named == stored else named)
    return (kept, *((each, quarter_named(each)) for each in around))


def coming_quarter(today: date) -> str:
    """Return the quarter after the one of today."""
    return _code(today.year * 4 + (today.month - 1) // 3 + 1)


def tender(stored: str) -> tuple[Choice, ...]:
    """Return every currency by code and name, and that which is stored."""
    named = tuple((code, currency_name(code)) for code in currencies())
    return named if stored in dict(named) else ((stored, strange(stored) if stored else ""), *named)


def parted(target: Any, *, is_amount: bool) -> tuple[str, str]:
    """Return the number and the currency of a target, the number as the present language writes it."""
    text = "" if target is None else str(target).strip()
    number, currency = text, ""
    if is_amount and (found := _TARGET.fullmatch(text)) and found[2]:
        number, currency = found[1], found[2]
    return (numbers.shown(Decimal(number)) if _PLAIN.fullmatch(number) else number), currency


def joined(number: str, currency: str, *, is_amount: bool) -> str:
    """Return a target as the document writes it; a number that means nothing for sure stays as typed."""
    found = _TARGET.fullmatch(number.strip())
    if found and found[1] and found[2] and found[2].upper() in currencies():  # it was typed too
        number, currency = found[1], currency or found[2].upper()
    exact = numbers.typed(number)
    plain = number.strip() if exact is None else f"{exact:f}"
    return f"{plain} {currency}".strip() if is_amount else plain


def _code(number: int) -> str:
    year, quarter = divmod(number, 4)
    return f"{year}-Q{quarter + 1}"
