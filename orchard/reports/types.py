"""The room's vocabulary: what a page about contacts, a contact or an account is told in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from orchard.contacts.types import FileShown
from orchard.engine.conditions import Condition
from orchard.kit.paging import By, Page

Label: TypeAlias = Any
"""A text, or what becomes one in the language of whoever reads it."""

# Of which days the funnel tells: any zone's midnight of theirs is a moment that can be reckoned with.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


class Grade(StrEnum):
    """How well something is."""

    WELL = "well"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing of the house is, in a sentence, and what to do where it is not well."""

    about: str
    grade: Grade
    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure that goes up and down, by the values of its labels."""

    name: str
    says: str
    samples: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = ()


class Sort(StrEnum):
    """What a list of contacts is sorted by."""

    SCORE = "score"
    NAME = "name"
    ADDED = "added"


RIPEST_FIRST = By(Sort.SCORE, down=True)


class Show(StrEnum):
    """Which contacts a list is about."""

    ALL = ""
    RIPE = "ripe"
    BASKET = "basket"
    MINE = "mine"


class Tells(StrEnum):
    """What a line of a list of contacts can tell beside the record itself; each is asked for apart."""

    VERDICT = "verdict"
    LEAD = "lead"
    TOUCH = "touch"
    STAGE = "stage"


EVERYTHING = frozenset(Tells)


class AccountSort(StrEnum):
    """What a list of accounts is sorted by."""

    NAME = "name"
    RIPE = "ripe"
    ADDED = "added"


class AccountShow(StrEnum):
    """Which accounts a list is about."""

    ALL = ""
    RIPE = "ripe"
    MINE = "mine"


class Tone(StrEnum):
    """How ripe a contact is, as its ring is coloured; the agreement alone decides it."""

    GROWING = "growing"
    RIPENING = "ripening"
    RIPE = "ripe"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list of contacts is asked for; a condition narrows what the words found."""

    search: str = ""
    show: Show = Show.ALL
    member_id: int | None = None
    """Whose are `Show.MINE`."""
    condition: Condition | None = None
    by: By = RIPEST_FIRST

    @property
    def owner_id(self) -> int | None:
        """Whose the contacts are; None for whosesoever."""
        return self.member_id if self.show is Show.MINE else None

    @property
    def narrows(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.search.strip() or self.show or self.condition is not None)


@dataclass(frozen=True, slots=True)
class Point:
    """One condition of a hand-off: whether it is as it should be, and how many tenths of a point a score lacks.

    `negated` says that the words must not hold.
    """

    words: str
    met: bool
    negated: bool = False
    lacks: int | None = None
    ask: str = ""
    """The question that could close the gap."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to become a lead: all its points must be met."""

    points: Sequence[Point]

    @property
    def missing(self) -> list[Point]:
        """What is not there yet."""
        return [point for point in self.points if not point.met]


@dataclass(frozen=True, slots=True)
class Ripeness:
    """How a contact stands to the agreement: one of the ways is enough, anything that forbids is too much."""

    qualified: bool
    tone: Tone
    ways: Sequence[Way]
    forbids: Sequence[Point]
    nearest: Way | None
    """The way that lacks least, or by which the contact is a lead."""
    because: Sequence[str] = ()
    """Why it is a lead, in a few words, where that is told."""


@dataclass(frozen=True, slots=True)
class Touch:
    """The newest real exchange with a contact."""

    words: str
    icon: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of a list of contacts; `tenths` of a point is None before the first assessment."""

    id: int
    name: str
    title: str
    email: str
    phone: str
    account_id: int | None
    account: str
    country: str
    owner: str
    created_at: datetime
    tenths: int | None
    score_at: datetime | None
    """When it was assessed last."""
    ripeness: Ripeness | None
    stage: str
    """The word for its stage; empty for a mere contact."""
    lead_since: datetime | None
    """From when on it is a lead that is not over."""
    waits: bool
    """Whether that lead is in the basket, with nobody."""
    stale: bool
    touch: Touch | None
    role: str = ""
    """The part they have when their company buys, where a page asks for it."""

    @property
    def points(self) -> float:
        """The score in points, for a ring."""
        return (self.tenths or 0) / 10


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, in words, for a timeline. `touch` numbers real exchanges with the contact."""

    id: int
    what: str
    icon: str
    at: datetime
    where: str
    """The campaign and the content it was about, or the stage that was entered."""
    words: str
    member: str
    amount: int | None
    currency: str
    touch: int | None
    human: bool
    contact_id: int | None
    contact: str
    speaks: bool = False
    """Whether it speaks for a lead as things stand, so that one may say that it is not useful."""
    moves: bool = False
    """Whether it may be given to another person, who did it."""
    said: "Judgement | None" = None
    note: "NoteMark | None" = None
    file: FileShown | None = None
    steps: "Sequence[StepTold]" = ()
    """What became of steps by the same act, which is told with it."""


@dataclass(frozen=True, slots=True)
class StepTold:
    """What became of a step, and what the step was; empty where nobody knows it any more."""

    what: Label
    title: str


@dataclass(frozen=True, slots=True)
class NoteMark:
    """Which note an event tells, who wrote it, and whether it was changed since."""

    id: int
    member_id: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """That something is said to be not useful: why, by whom and when; `id` takes it back."""

    id: int
    why: Label
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """One of the channels that a timeline can be narrowed to, and how many facts it has there; `key` names it."""

    key: str
    words: Label
    count: int


@dataclass(frozen=True, slots=True)
class Told:
    """One page of what happened, the newest first; `channel` is the key of what it is narrowed to, empty for all."""

    page: Page[Event]
    channels: Sequence[Channel]
    """Those that anything happened in, the first being all of them."""
    channel: str = ""
    people: int | None = None
    """Of how many people of a company it tells, where those are not all."""

    @property
    def rows(self) -> Sequence[Event]:
        """What stands on this page."""
        return self.page.rows


@dataclass(frozen=True, slots=True)
class Replaced:
    """A value that a field had until then, in words."""

    field: str
    value: str
    until: datetime
    member: str


Names = Mapping[int, str]


# What reports answer.


class Kind(StrEnum):
    """What the values of a column are.

    A share lies between 0 and 1, a span is whole seconds, money is minor units of the row's `currency`.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    SPAN = "span"
    MONEY = "money"


class Picture(StrEnum):
    """How a sheet is drawn: not at all, a bar each line above the table or in it, or columns along time."""

    NONE = ""
    BARS = "bars"
    STAIRS = "stairs"
    COLUMNS = "columns"


class Layers(StrEnum):
    """How what a picture draws lies to each other: each within the one before it, on top of it, or beside it."""

    WITHIN = "within"
    STACKED = "stacked"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet; `opens` names the rows that its numbers open, `says` explains it in a sentence."""

    key: str
    label: Label
    kind: Kind = Kind.COUNT
    opens: str = ""
    says: Label = ""
    rare: bool = False
    """Left out on a page where it would be 0 in every line."""


Row = dict[str, Any]
"""The values of a line by the keys of the columns; `of` holds what tells its rows from others, for an address."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an answer; `total` is its last line.

    Its picture draws the columns `draws`, one to the other as `layers` says.
    """

    name: str
    title: Label
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    picture: Picture = Picture.NONE
    draws: Sequence[str] = ()
    layers: Layers = Layers.WITHIN


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: of whom, in which groups, and as of which stamp (empty: as things stand now).

    Whom it is about came in within [`since`, `until`); `where` narrows by dimension, None standing for "not known".
    """

    by: str = ""
    since: datetime | None = None
    until: datetime | None = None
    where: Mapping[str, str | int | None] = field(default_factory=dict)
    stamp: str = ""
    viewer_id: int | None = None
    """Who asks, where it is somebody who sees no one else's broken promises; None for who sees all of them."""
    hour: datetime | None = None
    """The full hour as of which promises are running or broken; None: the present one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a report says: its sheets, the first being its rows, and the place of the ledger up to which it read."""

    report: str
    sheets: Sequence[Sheet]
    pos: int
    stamp: str
    hour: datetime | None = None
    """The hour that its numbers depend on beside the place, where they do."""
    notes: Sequence[Label] = ()
    """What a reader must know to take the numbers right."""

    def data(self) -> dict[str, Any]:
        """Return it as JSON holds it: whole numbers as they are, nothing rounded."""
        first, *others = self.sheets
        return {
            "rows": [_bare(row) for row in first.rows],
            "total": _bare(first.total) if first.total else None,
            **{sheet.name: [_bare(row) for row in sheet.rows] for sheet in others},
            "pos": self.pos,
        }


def _bare(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "of"}
