"""What a code is called where people read: a country and a language by name, any other code as plain words."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


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
