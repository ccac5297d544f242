"""What the builder of conditions draws: one row, the choices of its fields, and what is chosen that is no choice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from orchard.kit.words import voiced

_LONG = 8  # choices that are read at a glance
_A_LINE = 40  # characters in the field for a list of values
Choice = tuple[str, str]
Errors = Mapping[str, Sequence[str]]
"""Sentences by the path in the document."""


class Picks:
    """What a picker draws: some chosen of many choices, which a row of the builder and other parts of a form have."""

    __slots__ = ()
    chosen: list[str]
    choices: list[Choice]

    @property
    def picked(self) -> list[Choice]:
        """What is chosen, each with its label."""
        labels = dict(self.choices)
        return [(each, labels.get(each, each)) for each in self.chosen if each]

    @property
    def chosen_words(self) -> str:
        """The labels of what is chosen, or an invitation to choose."""
        return ", ".join(words for _value, words in self.picked) or _("choose …")

    @property
    def searched(self) -> bool:
        """Whether there is so much to choose from that one looks for it by its name."""
        return len(self.choices) > _LONG


@dataclass(slots=True)
class Box(Picks):
    """One row of the builder, or the offer to make a first one where `sort` is empty.

    `at` is the prefix of its fields' names, `path` its place in the document.
    """

    at: str
    path: str
    sort: str = ""
    sorts: list[Choice] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """What is wrong with one field of the row, by the end of the field's id; `errors` are about the row."""
    children: "list[Box]" = field(default_factory=list)
    groups: "list[tuple[str, list[Choice]]]" = field(default_factory=list)
    name: str = ""
    kind: str = ""
    operator: str = ""
    operators: list[Choice] = field(default_factory=list)
    value: str = ""
    high: str = ""
    chosen: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    strange: frozenset[str] = frozenset()
    """Those chosen that are not, or no longer, among what there is to choose from."""
    picks: bool = False
    """The value is chosen from what there is, and not typed."""
    others: bool = False
    """Another value than those there are may be named."""
    window: str = ""
    days: str = ""
    at_least: str = ""
    at_most: str = ""
    where: "Box | None" = None
    where_offered: bool = False
    raw: str = ""
    removable: bool = True
    movable: bool = False
    alone: bool = False
    """Nothing stands beside it or above it: another condition makes `all of` out of the two."""

    @property
    def html_id(self) -> str:
        """The id of the row and the beginning of the ids of its fields."""
        return "c-" + self.at.replace(".", "-")

    @property
    def is_day(self) -> bool:
        """Whether the value is a day, or none yet, and not a day as somebody wrote it or with its time."""
        return all(not each or _is_day(each) for each in (self.value, self.high))

    @property
    def rows(self) -> int:
        """How many lines the values of a list need, so that none of them is cut."""
        return 1 + len(self.value) // _A_LINE

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield the word in the document and the end of the id of each field that a mistake can be about."""
        if self.sort == "field":
            yield "field", "field"
            yield self.operator, "value"
            if self.operator == "between":
                yield "between[1]", "high"
        elif self.sort == "did":
            yield "did", "kinds"
            if self.window in ("within", "day"):
                yield ("within_days", "days") if self.window == "within" else ("since", "since")
        elif self.sort in ("score", "stage", "segment"):
            yield self.sort, self.sort
        if self.sort in ("did", "score"):
            yield from (("at_least", "least"), ("at_most", "most"))


def strangers(known: Iterable[str], chosen: Iterable[str]) -> frozenset[str]:
    """Return those chosen that are not, or no longer, among what there is to choose from."""
    return frozenset(chosen) - frozenset(known) - {""}


def with_chosen(known: Iterable[Choice], chosen: Sequence[str]) -> list[Choice]:
    """Return the choices, and as written those chosen that are none of them."""
    found = {value: voiced(label) for value, label in known}
    return [*found.items(), *((each, strange(each)) for each in chosen if each and each not in found)]


def strange(value: str) -> str:
    """Return what a choice says that is not, or no longer, among those there are."""
    return _("%(value)s (not in the list)") % {"value": value}


def picked(known: Iterable[Choice], chosen: Sequence[str]) -> list[Choice]:
    """Return the choices of a picker: those chosen first, in their order, so that they come back in it."""
    labels = dict(with_chosen(known, chosen))
    return [
        (each, labels[each]) for each in (*chosen, *(each for each in labels if each not in chosen)) if each
    ]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
