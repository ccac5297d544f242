"""Decides what number somebody typed: digits in groups as their language sets them, or plainly; never by a guess."""

import re
from decimal import Decimal, InvalidOperation
from math import isfinite

from django.utils import translation
from django.utils.formats import number_format

from orchard.kit.languages import figure

_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f'\u2019](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"([+-]?)(\d+(?:[.,]\d+)*)")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_ONE_MARK = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_DECIMAL_MARKS = {"de": ","}
_MOST_DIGITS = 40
_GROUP = 3


def typed(text: str) -> Decimal | None:
    """Return the number that a text means to a reader of the present language; None where none is sure.

    `1,200` is a thousand and more where commas part the groups; where they part decimals it could be either.
    """
    bare = _SPACES.sub("", text.strip())
    found = _NUMBER.fullmatch(bare)
    if found is None or len(bare) > _MOST_DIGITS:
        return None
    sign, digits = found.groups()
    plain = _plain(digits, _decimal_mark())
    try:
        return None if plain is None else Decimal(sign + plain)
    except InvalidOperation:
        return None


def readings(text: str) -> tuple[str, str] | None:
    """Return both numbers that a text may mean, as the present language writes them; None where it is not two."""
    bare = _SPACES.sub("", text.strip()).lstrip("+-")
    if not _ONE_MARK.fullmatch(bare) or _decimal_mark() not in bare:
        return None
    whole = bare.replace(",", "").replace(".", "")
    return figure(Decimal(whole)), figure(Decimal(bare.replace(",", ".")))


def shown(value: float | Decimal, *, grouped: bool = True) -> str:
    """Write a number so that `typed` reads it back: decimals that could be a group of three have a zero more."""
    if not isfinite(value) or "e" in str(value).lower():
        return str(value)
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    decimals = max(0, -int(exact.as_tuple().exponent))
    plain = f"{exact:.{4 if decimals == _GROUP else decimals}f}"
    return number_format(plain, use_l10n=True, force_grouping=grouped)


def _decimal_mark() -> str:
    return _DECIMAL_MARKS.get((translation.get_language() or "en")[:2], ".")


def _plain(digits: str, decimal: str) -> str | None:
    """Return the digits with a point before the decimals, or None."""
    group = "," if decimal == "." else "."
    marks = [each for each in digits if each in ".,"]
    if not marks:
        return digits
    if len(set(marks)) == 1:
        mark = marks[0]
        if _GROUPED.fullmatch(digits) and (mark == group or len(marks) > 1):
            return digits.replace(mark, "")
        sure = len(marks) == 1 and not _ONE_MARK.fullmatch(digits)
        return digits.replace(mark, ".") if sure else None
    last = marks[-1]
    whole, _mark, rest = digits.rpartition(last)
    other = marks[0]
    if last in whole or not _GROUPED.fullmatch(whole):
        return None
    return whole.replace(other, "") + "." + rest
