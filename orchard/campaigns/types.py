"""The room's vocabulary: what a campaign is, how it stands, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orchard.kit.errors import Conflict, NotFound, Refused
from orchard.kit.money import Money


class Status(StrEnum):
    """Where a campaign stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class UnknownCampaign(NotFound):
    """There is no such campaign."""


class CodeTaken(Conflict):
    """Another campaign has this code."""


class WrongCampaign(Refused):
    """A value that a campaign cannot have."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A campaign in its tree, with what it and all below it cost and brought.

    `depth` is 0 for a root; `planned` and `actual` hold one amount for each currency, `own_planned` and `own_actual`
    what the campaign itself cost. `first_contacts` and `contacts` are 0 where they were not counted.
    """

    id: int
    parent_id: int | None
    depth: int
    name: str
    code: str
    type: str
    channel: str
    status: str
    starts_on: date | None
    ends_on: date | None
    own_planned: Money | None
    own_actual: Money | None
    planned: Sequence[Money]
    actual: Sequence[Money]
    first_contacts: int
    contacts: int
