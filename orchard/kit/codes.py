"""What a code is called where people read: a country and a language by name, any other code as plain words."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale

_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SHORT_LANGUAGE = re.compile(r"[a-z]{2}")
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""What CLDR keeps beside the countries: unions, the rest of the world, places made up for tests."""


def spelled_out(code: str) -> str:
    """Return a code that nobody named as words: `price_list` is "Price list".

    What is no code, such as a word with a capital, a sentence or a web domain, stays as somebody wrote it.
    """
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:] if _CODE.fullmatch(code) else code


def country_name(code: str) -> str:
    """Return the name of a country by its ISO 3166 code, in the reader's language; anything else as it is written."""
    return str(_names().territories.get(code, code)) if _COUNTRY.fullmatch(code) else spelled_out(code)


def language_name(code: str) -> str:
    """Return the name of a language by its ISO 639 code, in the reader's language; anything else as it is written."""
    found = _names().languages.get(code) if _LANGUAGE.fullmatch(code) else None
    return str(found or spelled_out(code))


def currency_name(code: str) -> str:
    """Return a currency by its ISO 4217 code, which people know, and its name; anything else as it is written."""
    found = _names().currencies.get(code)
    return f"{code} · {found}" if found else code


def countries() -> list[str]:
    """Return the code of every country, in the order of their names in the reader's language."""
    return [code for code in _by_name(_names().territories, _COUNTRY) if code not in _NO_COUNTRIES]


def languages() -> list[str]:
    """Return the code of every language that has one of two letters, in the order of their names."""
    return _by_name(_names().languages, _SHORT_LANGUAGE)


@lru_cache(maxsize=1)
def currencies() -> tuple[str, ...]:
    """Return the code of every currency that is tender somewhere, in alphabetical order."""
    from babel.numbers import get_territory_currencies  # noqa: PLC0415 - takes a moment, and few pages need it

    return tuple(sorted({code for country in countries() for code in get_territory_currencies(country)}))


def _by_name(names: "Mapping[str | int | None, str]", code: re.Pattern[str]) -> list[str]:
    """Return the codes of that form in the order of their names."""
    named = {str(each): name for each, name in names.items() if code.fullmatch(str(each))}
    return sorted(named, key=lambda each: _sorted_as(named[each]))


def _sorted_as(name: str) -> str:
    """Return what a name is sorted by: Österreich stands among the names with O."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def _names() -> "Locale":
    from django.utils.translation import get_language  # noqa: PLC0415 - the vocabulary of rooms knows no Django

    return _locale(get_language() or "en")


@lru_cache(maxsize=8)
def _locale(language: str) -> "Locale":
    """Return what things are called in a language, or in English where nobody wrote that down."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - takes a moment, and few pages name a country

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
