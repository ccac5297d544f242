"""Which languages Orchard speaks, which of them somebody is written to in, and how each writes numbers and days."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""By code, each as its speakers call it."""
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_NAMED_MONTH = re.compile(r"\bj (?=[FMN])")

UNCHOSEN = ""
"""What a member has who chose none: pages speak as the browser asks, letters speak English."""


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak the language of `code`, or English where none was chosen, until the block ends."""
    with translation.override(code or "en"):
        yield


def quoted(words: str) -> str:
    """Set words between the marks of the present language."""
    return gettext("“%(words)s”") % {"words": words}


def figure(value: float | Decimal, decimals: int | None = None) -> str:
    """Write a number as the present language does, in groups of three: `3,881.5`, in German `3.881,5`.

    Without `decimals` it has as many as it needs.
    """
    plain = format(Decimal(str(value)).normalize(), "f") if decimals is None else f"{value:.{decimals}f}"
    return number_format(plain, decimals, use_l10n=True, force_grouping=True)


def dated(at: date, shape: str) -> str:
    """Write a day or time in one of Django's shapes: `j M` is `3 Nov`, in German `3. Nov`."""
    if isinstance(at, datetime):
        return date_format(at, shape_of(shape))
    return _day(at, shape, translation.get_language())


@lru_cache(maxsize=4_000)
def _day(day: date, shape: str, _language: str | None) -> str:
    """Write a day in the present language: of the many on a page of a list most are alike."""
    return date_format(day, shape_of(shape))


def shape_of(shape: str) -> str:
    """Return a shape as the present language has it: German sets a stop after the day of a month that is named."""
    return _stopped(shape) if translation.get_language() == "de" else shape


@lru_cache(maxsize=100)
def _stopped(shape: str) -> str:
    return _NAMED_MONTH.sub("j. ", shape)


def month_named(text: str, *, short: bool = False) -> str:
    """Write a month of an address, `2026-12`, as people do: `December 2026`; what is none stands as it is."""
    found = _MONTH.fullmatch(text)
    return dated(date(int(found[1]), int(found[2]), 1), "M Y" if short else "F Y") if found else text


def quarter_named(text: str) -> str:
    """Write a quarter of an agreement, `2026-Q4`, as people do: `4th quarter of 2026`; what is none stands as it is."""
    found = _QUARTER.fullmatch(text)
    if found is None:
        return text
    shapes = (
        gettext("1st quarter of %(year)s"),
        gettext("2nd quarter of %(year)s"),
        gettext("3rd quarter of %(year)s"),
        gettext("4th quarter of %(year)s"),
    )
    return shapes[int(found[2]) - 1] % {"year": found[1]}
