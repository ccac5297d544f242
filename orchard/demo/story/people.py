"""Who becomes known: companies that do not exist, some large and most small, and the people who work there."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from orchard.demo.story import words
from orchard.demo.types import Person

_MANY = 1_000
"""From so many companies on, two words do not make a name for each."""

_PEOPLE_PER_COMPANY = {True: 8, False: 4}
_FAVOUR = 1.6
"""Above 1: the first companies of the list have more people than the last."""

_WITH_PHONE, _COMPETES = 0.72, 0.008
_SENIORITY = [each[3] for each in words.TITLES]


class Company(NamedTuple):
    """A company outside."""

    name: str
    domain: str
    industry: str
    employees: int
    place: tuple[str, str, str]


def companies(chance: Random, contacts: int) -> list[Company]:
    """Make the companies where so many contacts work, each name once, the larger ones first."""
    are_many = contacts // _PEOPLE_PER_COMPANY[False] > _MANY
    count = max(40, contacts // _PEOPLE_PER_COMPANY[are_many])
    found: dict[str, Company] = {}
    while len(found) < count:
        beginning, ending = chance.choice(words.COMPANY_BEGINNINGS), chance.choice(words.COMPANY_ENDINGS)
        names = [beginning, chance.choice(words.LAST_NAMES), ending] if are_many else [beginning, ending]
        domain = "".join(names).lower() + ".example"
        if domain not in found:
            found[domain] = Company(
                " ".join(part for part in (*names, chance.choice(words.LEGAL_FORMS)) if part),
                domain,
                chance.choice(words.INDUSTRIES),
                int(chance.lognormvariate(4.6, 1.3)) + 3,
                chance.choices(words.PLACES, words.PLACE_WEIGHTS)[0],
            )
    return sorted(found.values(), key=lambda each: -each.employees)


def person(chance: Random, place: int, known: Sequence[Company]) -> Person:
    """Make a person who works at one of the companies."""
    first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
    company = known[int(len(known) * chance.random() ** _FAVOUR)]
    country, city, prefix = company.place
    title, seniority, department, _ = chance.choices(words.TITLES, _SENIORITY)[0]
    phone = f"{prefix}{chance.randrange(1_000_000, 9_999_999)}" if chance.random() < _WITH_PHONE else ""
    return Person(
        place,
        first,
        last,
        f"{first}.{last}@{company.domain}".lower(),
        phone,
        title,
        seniority,
        department,
        country,
        city,
        company.name,
        company.domain,
        company.industry,
        company.employees,
        chance.random() < _COMPETES,
    )


def again(chance: Random, place: int, known: Person) -> Person:
    """Return somebody known under another address, as people are who sign up from home: one for the review list."""
    name = f"{known.first_name[0]}.{known.last_name}{chance.randrange(60, 99)}"
    return known._replace(place=place, email=f"{name}@mail.example".lower(), phone="")
