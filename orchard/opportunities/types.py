"""The room's vocabulary: the states of an opportunity and the reasons for which one is lost."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orchard.kit.errors import Conflict, NotFound
from orchard.kit.money import Money

NAME_LENGTH = 200
NOTE_LENGTH = 2_000


class State(StrEnum):
    """Where an opportunity is."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Lost(StrEnum):
    """Why an opportunity was lost."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_DECISION = "no_decision"
    TIMING = "timing"
    NO_FIT = "no_fit"
    NO_CONTACT = "no_contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fields:
    """What can be said of an opportunity: its name, what it may be worth, by when it may be decided."""

    name: str
    amount: Money | None = None
    expected_on: date | None = None


class UnknownOpportunity(NotFound):
    """There is no such opportunity, or none that the member may see."""


class Over(Conflict):
    """The opportunity is over, or somebody else has it."""
