"""People with names as unlike each other as real ones are, some far commoner than others, and addresses made of them.

Those of `people` have numbers in their names, which nobody types.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from django.db import connection

from bench.people import PEOPLE_PER_COMPANY, copy
from orchard.contacts.rules import company_key, name_key, name_keys

FIRST_NAMES, LAST_NAMES, COMPANY_WORDS = 3_000, 100_000, 6_000
# The commonest first name has one person in a hundred, the commonest last name one in 250, as in a census.
_FIRST_FLAT, _LAST_FLAT = 20, 30

_BEGINNINGS = "b d f g h j k l m n p r s t v w z br dr fr gr kr pr st tr sch bl fl gl kl ch sh th sp kn qu"
_MIDDLES = "a e i o u a e i o u ai au ei ie oo ea ü ö ø é"
_ENDINGS = "n r s l m t nn ll ck rt nd ss ng x k d . . . . . ."
_LAST_ENDINGS = ("er", "mann", "son", "sen", "ski", "ova", "ini", "ez", "berg", "stein", "", "", "", "")
_LEGAL_FORMS = ("GmbH", "AG", "Ltd", "Inc.", "SA", "B.V.", "")
# One in so many has the address of a free provider.
_PRIVATE = 10
_FREE_MAIL = ("gmail.com", "outlook.com", "web.de")


class Named(NamedTuple):
    """One person: names, the one address, the number of the company."""

    first: str
    last: str
    email: str
    company: int


def people(count: int) -> Iterator[Named]:
    """Yield the first `count` people, the same ones every time."""
    dice = random.Random(count)
    firsts, lasts = _words(dice, FIRST_NAMES, ("",)), _words(dice, LAST_NAMES, _LAST_ENDINGS)
    companies = companies_of(count)
    first_weights, last_weights = _weights(len(firsts), _FIRST_FLAT), _weights(len(lasts), _LAST_FLAT)
    taken: Counter[str] = Counter()
    for number in range(count):
        (first,) = dice.choices(firsts, cum_weights=first_weights)
        (last,) = dice.choices(lasts, cum_weights=last_weights)
        company = number // PEOPLE_PER_COMPANY
        where = dice.choice(_FREE_MAIL) if not dice.randrange(_PRIVATE) else domain(companies[company])
        local = _local(dice, name_key(first), name_key(last))
        taken[f"{local}@{where}"] += 1
        again = taken[f"{local}@{where}"]
        yield Named(first, last, f"{local}{again if again > 1 else ''}@{where}", company)


def companies_of(count: int) -> list[str]:
    """Return the names of the companies of that many people."""
    dice = random.Random(1)
    words = _words(dice, COMPANY_WORDS, ("",))
    return [
        " ".join(filter(None, (dice.choice(words), dice.choice(words), dice.choice(_LEGAL_FORMS))))
        for _ in range(-(-count // PEOPLE_PER_COMPANY))
    ]


def domain(company: str) -> str:
    """Return the domain of a company."""
    return f"{'-'.join(company_key(company).split())}.example"


def store(count: int, at: datetime) -> None:
    """Copy these people and their companies straight into the tables of the room of contacts."""
    copy(
        "account",
        "id name name_key domain custom created_at updated_at",
        (
            (number, name, company_key(name), domain(name), "{}", at, at)
            for number, name in enumerate(companies_of(count), 1)
        ),
    )
    copy(
        "contact",
        "id account_id full_name first_name last_name name_key person_key custom created_at updated_at",
        (
            (number, one.company + 1, name, one.first, one.last, *name_keys(name), "{}", at, at)
            for number, one in enumerate(people(count), 1)
            if (name := f"{one.first} {one.last}")
        ),
    )
    copy(
        "contact_email",
        "contact_id address normal is_primary created_at",
        ((number, one.email, one.email, True, at) for number, one in enumerate(people(count), 1)),
    )
    with connection.cursor() as cursor:
        for table in ("account", "contact"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _words(dice: random.Random, count: int, endings: Sequence[str]) -> list[str]:
    """Make up so many different names of two or three syllables."""
    found: dict[str, None] = {}
    begin, vowels = _BEGINNINGS.split(), _MIDDLES.split()
    end = [each.strip(".") for each in _ENDINGS.split()]
    while len(found) < count:
        syllables = [
            dice.choice(begin) + dice.choice(vowels) + dice.choice(end)
            for _ in range(dice.choice((1, 2, 2, 2, 3)))
        ]
        word = "".join(syllables) + dice.choice(endings)
        if len(word) > 2:  # noqa: PLR2004
            found[word.capitalize()] = None
    return list(found)


def _weights(count: int, flat: int) -> list[float]:
    return list(accumulate(1 / (rank + flat) for rank in range(count)))


def _local(dice: random.Random, first: str, last: str) -> str:
    return dice.choices(
        (
            f"{first}.{last}",
            f"{first[0]}.{last}",
            f"{first[0]}{last}",
            f"{first}{last}",
            f"{first}_{last}",
            first,
        ),
        weights=(50, 12, 12, 8, 8, 10),
    )[0]
