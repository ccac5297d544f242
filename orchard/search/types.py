"""The room's vocabulary: what was typed and how it is read, how well a record fits it, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """The sorts of records that are found by words."""

    PEOPLE = "people"
    ACCOUNTS = "accounts"
    CAMPAIGNS = "campaigns"


class Fit(IntEnum):
    """How well a word fits what was typed; less is better, and one typo weighs more than all beginnings together."""

    EXACT = 0
    BEGINS = 1
    TYPO = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was typed: its words, and how many of them stand before the sign @, if there is one.

    Other ways than the plain one take a space or dot for left out or put in by mistake, which is a typo. In them no
    other one is forgiven, and the first `strict` words must be there letter by letter.
    """

    words: tuple[str, ...]
    before_at: int
    strict: int = 0
    is_typo: bool = False

    @property
    def is_too_short(self) -> bool:
        """Whether there is too little to look for: nothing of two letters."""
        return max(map(len, self.words), default=0) < len("ab")


class Match(NamedTuple):
    """How a record fits: what it costs, the words that were found in it, and how many of its words nobody asked for."""

    cost: int
    words: tuple[str, ...]
    others: int

    @property
    def is_typo(self) -> bool:
        """Whether it fits only if something was mistyped."""
        return self.cost >= Fit.TYPO


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found: what it is called, what else says who it is, and the words by which it was found."""

    group: Group
    id: int
    name: str
    details: Sequence[str]
    match: Match


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, by group, the best first; `is_too_short` where nothing was looked for."""

    people: Sequence[Hit] = ()
    accounts: Sequence[Hit] = ()
    campaigns: Sequence[Hit] = ()
    is_too_short: bool = False

    @property
    def count(self) -> int:
        """How many records there are in all groups."""
        return len(self.people) + len(self.accounts) + len(self.campaigns)
