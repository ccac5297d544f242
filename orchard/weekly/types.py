"""The room's vocabulary: a week, what was noted and decided in its meeting, and what the room refuses."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orchard.kit.errors import NotAllowed, NotFound, Refused

LONGEST_NOTE = 5_000
"""So many characters fit into a note; a decision fits into the title of a step."""

DECISION = "weekly_decision"
"""How the step that a decision became says what it is about."""

_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week from Monday to Sunday, as addresses write it: `2026-W47`."""

    monday: date

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def number(self) -> int:
        """Its number in the year, by ISO 8601."""
        return self.monday.isocalendar().week

    @property
    def before(self) -> "Week":
        """The week before it."""
        return Week(self.monday - _DAYS)

    @property
    def after(self) -> "Week":
        """The week after it."""
        return Week(self.monday + _DAYS)

    def __str__(self) -> str:
        """Write it as addresses do."""
        year, number, _day = self.monday.isocalendar()
        return f"{year}-W{number:02}"


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note of a week's meeting; without words it was erased with somebody whom it named."""

    id: int
    week: Week
    words: str
    member_id: int
    member: str
    written_at: datetime
    seen: datetime
    """What a change of it must have seen."""

    @property
    def is_changed(self) -> bool:
        """Whether its author wrote it anew."""
        return self.seen != self.written_at


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision of a week's meeting: what, by whom, until when, and whether it is done.

    With an owner it is the step `task_id` of that member, who may have put it off or given it on since.
    """

    id: int
    week: Week
    words: str
    made_by: int
    made_by_name: str
    made_at: datetime
    seen: datetime
    owner_id: int | None
    owner: str
    due_on: date | None
    task_id: int | None
    done_at: datetime | None
    dropped_at: datetime | None
    outcome: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.dropped_at is None


@dataclass(frozen=True, slots=True)
class Held:
    """A week that something was noted or decided in: how much, and how many of its decisions are still open."""

    week: Week
    notes: int
    decisions: int
    open: int


class UnknownNote(NotFound):
    """There is no such note."""


class UnknownDecision(NotFound):
    """There is no such decision."""


class NotTheirs(NotAllowed):
    """Only its author may change it."""


class NoSuchWeek(Refused):
    """No week that a meeting could be about."""
