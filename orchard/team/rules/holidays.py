"""Which days are public holidays in a place: a country (`AT`), or a part of one that has its own (`DE-BY`; ISO 3166).

Source: the library `holidays`, which follows the laws of each place.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from orchard.kit.words import Phrase

_PART = re.compile(r"[A-Z0-9]{1,3}")


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """Return the countries whose holidays are known, each with the codes of its parts (ISO 3166-2, nothing else)."""
    known = holidays.list_supported_countries()
    return {
        code: tuple(filter(_PART.fullmatch, parts))
        for code, parts in sorted(known.items())
        if len(code) == 2  # noqa: PLR2004 - the library lists names too
    }


def wrong_with(place: str, year: int) -> str | None:
    """Return what is wrong with the code of a place, or None; its holidays must be known in a year and the next."""
    country, _, part = place.partition("-")
    if country not in countries():
        return Phrase(
            "No holidays are known for “{place}”. Write a country as AT, or a part of one as DE-BY.",
            place=place,
        )
    if part and part not in countries()[country]:
        parts = ", ".join(countries()[country])
        return (
            Phrase("{country} has no part “{part}”. It has {parts}.", country=country, part=part, parts=parts)
            if parts
            else Phrase("{country} has no parts here.", country=country)
        )
    for each in (year, year + 1):
        if not of_year(place, each):
            return Phrase(
                "No public holidays of {place} are known for {year}. Leave this empty, and write the days below.",
                place=place,
                year=str(each),
            )
    return None


@lru_cache(maxsize=256)
def of_year(place: str, year: int) -> dict[date, str]:
    """Return the public holidays of a place in a year, by day, with their names there; none where none are known."""
    country, _, part = place.partition("-")
    if part not in ("", *countries().get(country, ())) or country not in countries():
        return {}
    return dict(holidays.country_holidays(country, subdiv=part or None, years=year))


def of_years(place: str, years: Iterable[int]) -> dict[date, str]:
    """Return the public holidays of a place in some years, by day."""
    return {day: name for year in years for day, name in of_year(place, year).items()}
