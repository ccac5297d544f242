"""The room's vocabulary: tasks and what can be logged, notices and how they are worded, and what the room refuses."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from orchard.kit.errors import Conflict, NotFound
from orchard.kit.words import Phrase

Subject = tuple[str, int]
"""What a task or a notice is about, as facts name it: `("lead", 7)`."""

TITLE_LENGTH = 200
PLACE_LENGTH = 300

# How long the one who logged something may take it back.
TAKEN_BACK_WITHIN = timedelta(minutes=15)

NOTE_LENGTH = 5_000

# How long a note that was removed may be brought back; then its words are gone.
BROUGHT_BACK_WITHIN = timedelta(days=1)

# How long before a meeting its member is told.
BEFORE_A_MEETING = timedelta(minutes=15)


class Holder(Protocol):
    """What this room needs to know of a member."""

    pk: int
    name: str
    time_zone: str
    is_active: bool


class Named(Protocol):
    """What a note needs to know of a member whom it may name."""

    pk: int
    name: str
    email: str


class What(StrEnum):
    """What a task asks for."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"
    TODO = "todo"

    @property
    def label(self) -> str:
        """The word that stands where a task has none of its own."""
        return _LABELS[self]

    @property
    def icon(self) -> str:
        """Its sign."""
        return _ICONS[self]


_LABELS = {
    What.CALL: Phrase("Call"),
    What.MAIL: Phrase("Mail"),
    What.MEETING: Phrase("Meeting"),
    What.TODO: Phrase("To do"),
}
_ICONS = {What.CALL: "phone", What.MAIL: "mail", What.MEETING: "users", What.TODO: "check"}


class Turn(StrEnum):
    """What may become of a task."""

    PLANNED = "planned"
    CHANGED = "changed"
    DONE = "done"
    DROPPED = "dropped"


class Happened(StrEnum):
    """What a member may log of a contact."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    HELD = "held"
    MISSED = "missed"
    MAIL = "mail"

    @property
    def kind(self) -> str:
        """The kind of the fact that tells it."""
        return _TELLS[self]


_TELLS = {
    Happened.REACHED: "call.connected",
    Happened.NO_ANSWER: "call.attempted",
    Happened.HELD: "meeting.held",
    Happened.MISSED: "meeting.missed",
    Happened.MAIL: "mail.logged",
}


class When(StrEnum):
    """Where a task stands to its member's today."""

    OVERDUE = "overdue"
    TODAY = "today"
    COMING = "coming"


class Aside(StrEnum):
    """Why a member puts somebody aside for some days."""

    ASKED_TO_WAIT = "asked_to_wait"
    AWAY = "away"
    NEEDS_SOMETHING = "needs_something"
    NO_TIME = "no_time"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What it is called."""
        return _REASONS[self]


_REASONS = {
    Aside.ASKED_TO_WAIT: Phrase("They asked to wait"),
    Aside.AWAY: Phrase("They are away"),
    Aside.NEEDS_SOMETHING: Phrase("They need something from us first"),
    Aside.NO_TIME: Phrase("No time for it today"),
    Aside.OTHER: Phrase("Something else"),
}


class Mailing(StrEnum):
    """How often notices come by e-mail."""

    NONE = "none"
    HOURLY = "hourly"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to plan: a day, or for a meeting its begin and end. `member_id` None: whoever plans it does it."""

    what: What
    due_on: date | None = None
    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A task as pages read it; `contact_id` is the living contact, `seen` what a change of it must have seen."""

    id: int
    what: What
    title: str
    due_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    member_id: int
    member: str
    made_by: int | None
    contact_id: int | None
    account_id: int | None
    subject: Subject | None
    created_at: datetime
    seen: datetime
    done_at: datetime | None
    dropped_at: datetime | None
    outcome: str

    @property
    def words(self) -> str:
        """Its own words, or what it asks for."""
        return self.title or self.what.label

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.dropped_at is None

    def when(self, today: date) -> When:
        """Where it stands to a day."""
        if self.due_on < today:
            return When.OVERDUE
        return When.TODAY if self.due_on == today else When.COMING


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks a member has."""

    overdue: int = 0
    today: int = 0
    coming: int = 0


@dataclass(frozen=True, slots=True)
class Logged:
    """What was logged: the entry that can be taken back, its fact, and the step planned with it.

    `fresh` is False where the same form had come before; then nothing was written.
    """

    id: int
    interaction_id: int
    next_id: int | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class JustLogged:
    """What somebody logged a short time ago and may still take back."""

    id: int
    happened: Happened
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """How notices of one kind are worded and where they lead; rooms list theirs as `NOTICES` in their `tables.py`.

    `words` may name `%(contact)s`, who the notice is about, and `%(details)s`, what `details` says of its subject
    when it is read. `mail` is one sentence for one and one for `%(n)s`, without names: it leaves the house.
    `address` is the name of the page; `of` says whether it takes the id of the `subject`, of the `contact`, or none.
    All words are message ids (`gettext_noop`) and are translated when they are read.
    """

    name: str
    words: str
    mail: tuple[str, str]
    address: str
    of: str = "subject"
    icon: str = "bell"
    details: Callable[[Collection[int]], Mapping[int, str]] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it is kept: ids alone."""

    id: int
    kind: str
    subject: Subject | None
    contact_id: int | None
    """The living contact."""
    created_at: datetime
    seen_at: datetime | None


class UnknownTask(NotFound):
    """There is no such task."""


class UnknownNotice(NotFound):
    """There is no such notice."""


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note as pages read it, about a living contact or about an account; `mentions` are ids of members."""

    id: int
    member_id: int
    contact_id: int | None
    account_id: int | None
    fact_id: int
    text: str
    mentions: frozenset[int]
    written_at: datetime
    changed_at: datetime | None
    removed_at: datetime | None


class UnknownNote(NotFound):
    """There is no such note."""


class UnknownLog(NotFound):
    """There is no such entry."""


class NotOpen(Conflict):
    """The task was done or dropped before."""
