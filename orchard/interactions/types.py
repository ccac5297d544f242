"""The ledger's vocabulary: facts, kinds, lanes, batches and consumers."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from orchard.interactions.kinds import (
    ATTEMPTS,
    CHANNELS,
    KINDS,
    MACHINE_PRONE,
    MOVABLE,
    SCORING,
    STEP_TURNS,
    TALKS,
    TOUCHES,
    TRIES,
    Kind,
    channel_of,
    kinds_in,
)
from orchard.kit import paging
from orchard.kit.errors import NotFound, Refused
from orchard.kit.words import Phrase, marked

__all__ = [
    "ATTEMPTS",
    "CHANNELS",
    "CHUNK",
    "DISCOUNTS",
    "KINDS",
    "MACHINE_PRONE",
    "MOVABLE",
    "SCORING",
    "STEP_TURNS",
    "TALKS",
    "TOUCHES",
    "TRIES",
    "Batch",
    "Consumer",
    "Discounted",
    "Fact",
    "Facts",
    "Kind",
    "Lane",
    "Moment",
    "NewFact",
    "NotUseful",
    "Seen",
    "Sort",
    "Timeline",
    "UnknownDiscount",
    "UnknownFact",
    "UnknownKind",
    "brings",
    "channel_of",
    "kinds_in",
]

# Facts a consumer is handed at once, at most.
CHUNK = 10_000


class Lane(StrEnum):
    """Which queue a fact stands in: a form never waits behind an import."""

    LIVE = "live"
    BULK = "bulk"


class Sort(StrEnum):
    """What a consumer makes: something that may be rebuilt, or something that happens once."""

    PROJECTION = "projection"
    REACTION = "reaction"


class NotUseful(StrEnum):
    """Why something that happened says nothing for a lead, in the eyes of who knows the contact."""

    NOT_THEM = "not_them"
    MACHINE = "machine"
    COMPETITOR = "competitor"
    NO_BUYER = "no_buyer"
    OLD = "old"

    @property
    def label(self) -> str:
        """What it is called."""
        return _NOT_USEFUL[self]


_NOT_USEFUL = {
    NotUseful.NOT_THEM: Phrase("It was not this person"),
    NotUseful.MACHINE: Phrase("A machine did it"),
    NotUseful.COMPETITOR: Phrase("A competitor looks at us"),
    NotUseful.NO_BUYER: Phrase("A student, applicant or seller"),
    NotUseful.OLD: Phrase("An old interest"),
}

DISCOUNTS = frozenset({"fact.discounted", "fact.counted"})
"""Kinds that say whether an earlier fact speaks for a lead."""


@dataclass(frozen=True, slots=True)
class Discounted:
    """A fact that is said to be not useful: why, by whom and when."""

    id: int
    interaction_id: int
    why: NotUseful
    member_id: int
    said_at: datetime


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to append. `key` makes the append safe to repeat: the same key is appended once, ever."""

    kind: str
    occurred_at: datetime
    contact_id: int | None = None
    account_id: int | None = None
    subject: tuple[str, int] | None = None
    direction: str | None = None
    campaign_id: int | None = None
    content_id: int | None = None
    member_id: int | None = None
    amount: int | None = None
    currency: str = ""
    key: str | None = None


class Fact(NamedTuple):
    """A fact as consumers and timelines read it: aliases applied, with its place in the order."""

    pos: int
    id: int
    contact_id: int | None
    account_id: int | None
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    direction: str
    subject_kind: str
    subject_id: int | None
    campaign_id: int | None
    content_id: int | None
    member_id: int | None
    amount: int | None
    currency: str
    import_id: int | None


class Seen:
    """Whom a consumer looked at with everything that stands of them: it need not look again for facts up to there.

    It lasts while one reader reads on and nobody else moves the cursor.
    """

    def __init__(self) -> None:
        self._by: Hashable = None
        self._upto: dict[int, int] = {}

    def yet(self, contact_ids: Iterable[int], *, last: int, by: Hashable) -> set[int]:
        """Return whom of these nobody looked at yet, by these terms, with all facts up to the place `last`."""
        if by != self._by:
            self._by, self._upto = by, {}
        # Who was looked at before that is of no use any more: a reader only goes on.
        self._upto = {contact: upto for contact, upto in self._upto.items() if upto >= last}
        return set(contact_ids).difference(self._upto)

    def note(self, contact_ids: Iterable[int], *, upto: int) -> None:
        """Note that these were looked at with all facts up to a place."""
        self._upto |= dict.fromkeys(contact_ids, upto)


class Facts(list[Fact]):
    """Facts in order, sorted out once for all who read them: by kind, and whom they are about.

    Of hundreds of thousands most consumers look for a few, and to go through all of them costs more than the look.
    """

    __slots__ = ("_about", "_by_kind", "_contact_ids")

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        super().__init__()
        self._by_kind: dict[str, list[Fact]] = defaultdict(list)
        self._about: set[int | None] = set()
        self._contact_ids: list[int] | None = None
        self.take(list(facts))

    @classmethod
    def sorted_out(cls, facts: Iterable[Fact]) -> "Facts":
        """Return facts in order as they are, if somebody sorted them out before."""
        return facts if isinstance(facts, Facts) else cls(facts)

    def take(self, facts: Sequence[Fact]) -> None:
        """Add those that come next."""
        self.extend(facts)
        for fact in facts:
            self._by_kind[fact.kind].append(fact)
        self._about.update(map(attrgetter("contact_id"), facts))
        self._contact_ids = None

    def of(self, kinds: Collection[str]) -> Sequence[Fact]:
        """Return those of these kinds, in order."""
        kinds = frozenset(kinds)
        found = [self._by_kind[kind] for kind in kinds & self._by_kind.keys()]
        if len(found) <= 1:
            return found[0] if found else ()
        if MANY * sum(map(len, found)) > len(self):
            return [fact for fact in self if fact.kind in kinds]
        return sorted((fact for each in found for fact in each), key=attrgetter("pos"))

    @property
    def contact_ids(self) -> Sequence[int]:
        """The living contacts they are about, in order."""
        if self._contact_ids is None:
            self._contact_ids = sorted(contact for contact in self._about if contact is not None)
        return self._contact_ids


MANY = 4
"""Where more than one of so many is of the kinds that are asked for, all are gone through."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a consumer is handed: the facts in order, some at least.

    All it comes after have read up to the place `upto`, which may lie beyond these facts.
    """

    facts: Facts
    lane: Lane
    now: datetime
    upto: int
    seen: Seen

    @property
    def contact_ids(self) -> Sequence[int]:
        """The living contacts they are about, in order."""
        return self.facts.contact_ids


WAITS_BEHIND = marked("Waits behind an earlier fact of the same contact.")
"""What is kept as the error of a contact that nothing is wrong with but that."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """One reader of the ledger.

    `reset` empties what a projection made, so that it can be rebuilt; `folds` names its tables, each with the key and
    the columns that a rebuild gives back exactly. `with_next` lets the live lane read it in one transaction with the
    one after it in the table: for those who lock rows of their own room alone. One that stands `aside` is read by a
    clock of its own, so that nobody in the lanes waits for it. `kinds` names the only facts that concern it, so that it
    is handed no others. While it is `idle` no fact has an effect on it, and its cursor moves on without reading any.
    One that is `patient` lets those it comes after go ahead where all read side by side: it looks at people with
    everything that stands of them, and the more stands, the less often. For who looks after Orchard and is no engineer,
    it is `named`, `says` in half a sentence what it does, and `lacks` tells what the teams miss while it stands.
    """

    name: str
    function: Callable[[Batch], None]
    sort: Sort
    after: tuple[str, ...] = ()
    reset: Callable[[], None] | None = None
    folds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    named: str = ""
    says: str = ""
    lacks: str = ""
    with_next: bool = False
    aside: bool = False
    kinds: frozenset[str] = frozenset()
    idle: Callable[[], bool] | None = None
    patient: bool = False


class UnknownKind(Refused):
    """A fact of a kind that the list of kinds lacks."""


class UnknownFact(NotFound):
    """A correction of a fact that is not there, or that was withdrawn before."""


def brings(kind: str) -> bool:
    """Tell whether a fact of this kind brings a contact to us: all but a mail sent or opened, which proves nothing."""
    return kind not in {"email.sent", "email.opened"}


class UnknownDiscount(NotFound):
    """There is nothing said of this fact that could be taken back."""


class Moment(NamedTuple):
    """A fact on a timeline: whether a person made it, the how manieth touch of its contact it is, and what was said.

    `about` is the kind of the fact that it corrects or judges; empty where it does neither.
    """

    fact: Fact
    human: bool
    touch: int | None
    words: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of what happened, and how many facts of each kind there are over all pages."""

    page: paging.Page[Moment]
    counts: Mapping[str, int]
