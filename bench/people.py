"""The people of the benches: who they are is computed from their number, so that any file meets any database."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from orchard.contacts.rules import company_key, name_keys

FIRST = (
    "Ada", "Ben", "Cleo", "Dina", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jana", "Karl", "Lena",
    "Milo", "Nora", "Otto", "Pia", "Quin", "Rosa", "Sven", "Tara", "Udo", "Vera", "Wim", "Yara",
)  # fmt: skip
LAST = (
    "Adler", "Berg", "Costa", "Dahl", "Engel", "Frost", "Gruber", "Haas", "Iser", "Jansen", "Kern",
    "Lind", "Moser", "Novak", "Okafor", "Prins", "Quist", "Roth", "Sand", "Toth",
)  # fmt: skip
TITLES = ("Buyer", "Head of Purchasing", "Plant Manager", "Engineer", "Managing Director", "Designer")
SENIORITY = ("junior", "senior", "manager", "director", "vp", "owner")
INDUSTRIES = ("food", "retail", "beverages", "logistics", "cosmetics", "energy", "pharma", "printing")
COUNTRIES = ("AT", "DE", "FR", "IT", "US", "GB", "CZ", "PL")
PEOPLE_PER_COMPANY = 10


class Person(NamedTuple):
    """One person as a file names them."""

    id: str
    email: str
    first_name: str
    last_name: str
    company: str
    title: str
    country: str


COLUMNS = (*Person._fields, "signed_up")

MAP = """\
contact:
  external_id: {source: bench, column: id}
  email: email
  first_name: first_name
  last_name: last_name
  title: title
  country: country
  account.name: company
interactions:
  - {kind: form.submitted, at: signed_up}
"""


def person(number: int, *, promoted: bool = False) -> Person:
    """Return the person of a number; `promoted` has another title than before."""
    last = f"{LAST[number // 24 % 20]}{number // 480}"
    return Person(
        f"P-{number:08}",
        f"person{number}@company{number // PEOPLE_PER_COMPANY}.example",
        FIRST[number % 24],
        last,
        f"Company {number // PEOPLE_PER_COMPANY}",
        TITLES[(number + promoted) % 6],
        COUNTRIES[number // PEOPLE_PER_COMPANY % 8],
    )


def write_file(path: Path, people: Iterable[Person], *, since: datetime) -> None:
    """Write people as CSV, each signed up a second after the one before."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(
            (*each, (since + timedelta(seconds=place)).isoformat()) for place, each in enumerate(people)
        )


def half_known(count: int, known: int) -> Iterator[Person]:
    """Yield `count` people: every other one is among the first `known`, and half of these have a new title."""
    step = max(1, known // max(1, count // 2))
    for place in range(count):
        if place % 2:
            number = place // 2 * step % known
            yield person(number, promoted=place % 4 == 1)
        else:
            yield person(known + place // 2)


def store(count: int, at: datetime) -> None:
    """Copy the first `count` people and their companies straight into the tables of the room of contacts."""
    companies = -(-count // PEOPLE_PER_COMPANY)
    copy(
        "account",
        "id name name_key domain industry country employees custom created_at updated_at",
        (
            (
                number + 1,
                f"Company {number}",
                company_key(f"Company {number}"),
                f"company{number}.example",
                INDUSTRIES[number % 8],
                COUNTRIES[number % 8],
                3 ** (number % 9),
                "{}",
                at,
                at,
            )
            for number in range(companies)
        ),
    )
    copy(
        "contact",
        "id account_id full_name first_name last_name name_key person_key title seniority country is_competitor"
        " custom created_at updated_at",
        (_contact(number, at) for number in range(count)),
    )
    copy(
        "contact_email",
        "contact_id address normal is_primary created_at",
        ((number + 1, (email := person(number).email), email, True, at) for number in range(count)),
    )
    copy(
        "contact_external_id",
        "contact_id source value created_at",
        ((number + 1, "bench", person(number).id, at) for number in range(count)),
    )
    with connection.cursor() as cursor:
        for table in ("account", "contact"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _contact(number: int, at: datetime) -> tuple[Any, ...]:
    one = person(number)
    name = f"{one.first_name} {one.last_name}"
    return (
        number + 1,
        number // PEOPLE_PER_COMPANY + 1,
        name,
        one.first_name,
        one.last_name,
        *name_keys(name),
        one.title,
        SENIORITY[number * 7 % 6],
        one.country,
        number % 50 == 0,
        "{}",
        at,
        at,
    )


def copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Copy rows into columns of a table."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
