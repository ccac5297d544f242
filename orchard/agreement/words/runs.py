"""Words as data: clauses of sentences, sentences of runs, and which runs are figures one may argue about."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from orchard.kit.words import voiced

_PLACE = re.compile(r"%\((\w+)\)s")


class Mark(StrEnum):
    """What became of a sentence between two versions."""

    SAME = ""
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words. A `term` is a figure or choice, at `path` in the document; `was` stood there before."""

    text: str
    term: bool = False
    path: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing the contract says.

    `id` finds it again in another version. `opening` and `closing` join it to its neighbours and mean nothing by
    themselves. `row` sentences stand each on a line of a list.
    """

    id: str
    runs: tuple[Run, ...]
    opening: str = ""
    closing: str = "."
    row: bool = False
    mark: Mark = Mark.SAME

    @property
    def shape(self) -> tuple[str, ...]:
        """The words without the figures: equal where only figures changed."""
        return tuple("" if run.term else run.text for run in self.runs)

    @property
    def text(self) -> str:
        """The words as one text."""
        return f"{self.opening}{''.join(run.text for run in self.runs)}{self.closing}"

    @property
    def core(self) -> str:
        """The words without what joins them to their neighbours, as a list of changes shows them."""
        words = "".join(run.text for run in self.runs)
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause."""

    key: str
    number: int
    title: str
    sentences: tuple[Sentence, ...] = field(default=())

    @property
    def rows(self) -> bool:
        """Whether the clause is a list of rules rather than running text."""
        return any(sentence.row for sentence in self.sentences)


def term(text: object, path: str = "") -> Run:
    """Return a figure or choice."""
    return Run(voiced(text), term=True, path=path)


def say(template: str, **parts: object) -> tuple[Run, ...]:
    """Fill a translated template (`%(name)s`) with runs, tuples of runs and plain words."""
    runs: list[Run] = []
    for number, piece in enumerate(_PLACE.split(template)):
        if number % 2 == 0:
            runs.append(Run(piece))
            continue
        part = parts[piece]
        if isinstance(part, Run):
            runs.append(part)
        elif isinstance(part, tuple):
            runs.extend(part)
        else:
            runs.append(Run(voiced(part)))
    return joined(runs)


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs with neighbours of plain words made one, empty ones left out."""
    found: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if found and not run.term and not found[-1].term:
            found[-1] = replace(found[-1], text=found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)
