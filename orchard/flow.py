"""THE table: which consumer reads the ledger, its sort, and what it comes after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from orchard.interactions import consume as interactions
from orchard.interactions.types import Consumer, Sort


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Something looked for again and again: `function(now)` does what is due and returns how much it did."""

    name: str
    function: Callable[[datetime], int]
    every: float
    """Seconds between two looks, at least."""


CONSUMERS: tuple[Consumer, ...] = (
    Consumer(
        name="interactions.classify",
        function=interactions.classify,
        sort=Sort.PROJECTION,
        reset=interactions.forget_classes,
        says="decides whether a person, a machine or nobody can tell made a fact",
    ),
)

# Short things, looked for beside the live lane.
CLOCKWORK: tuple[Clockwork, ...] = ()

# Long things, each taking as long as it takes.
WORK: tuple[Clockwork, ...] = ()


def consumer(name: str) -> Consumer:
    """Return the consumer of that name; KeyError where there is none."""
    return {each.name: each for each in CONSUMERS}[name]
