"""The vocabulary of the demo: people, what happens, and weeks of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Size(StrEnum):
    """How large the demo company is: a first look, or a million contacts."""

    SMALL = "small"
    LARGE = "large"

    @property
    def contacts(self) -> int:
        """How many contacts there will be."""
        return 1_400 if self is Size.SMALL else 1_000_000


class Person(NamedTuple):
    """Somebody who becomes known. `place` counts people through the whole story."""

    place: int
    first_name: str
    last_name: str
    email: str
    phone: str
    title: str
    seniority: str
    department: str
    country: str
    city: str
    company: str
    domain: str
    industry: str
    employees: int
    is_competitor: bool


class Happening(NamedTuple):
    """Something that happened with the person at `place`."""

    place: int
    kind: str
    at: datetime
    campaign: str = ""
    content: str = ""
    amount: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the story: who became known, and what happened, in the order of time."""

    number: int
    end: datetime
    people: list[Person]
    happenings: list[Happening]
