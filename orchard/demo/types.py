"""The vocabulary of the demo: people, what happens, the parts in which it is told, and how members work."""

from collections.abc import Sequence
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
        """How many contacts there will be, nearly."""
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
    words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The story between two mornings: who became known, what happened, in the order of time, and who wants to buy.

    After the `end` of a part Sales sits down, but for the last one, which ends with the story.
    """

    week: int
    end: datetime
    people: Sequence[Person]
    happenings: Sequence[Happening]
    callers: Sequence[int]
    is_last: bool


@dataclass(frozen=True, slots=True)
class Habits:
    """How a member of Sales works; each but `minutes` is a share.

    Of offers accepted; of leads tried on the day they are accepted; of calls reached; of steps done on their day; of
    visits after which a next step is planned; of people kept who are not ready yet; of ready sales won at a visit.
    `minutes` are the earliest and latest until an offer is accepted.
    """

    accepts: float
    minutes: tuple[int, int]
    tries_at_once: float
    reaches: float
    keeps: float
    plans: float
    patience: float
    wins: float


@dataclass(frozen=True, slots=True)
class Seller:
    """A member of Sales: who it is, in which team, how many leads at once, with which habits."""

    email: str
    name: str
    team: str
    capacity: int
    habits: Habits
