"""Who fits a condition to the last committed fact: for whoever asks for one answer and waits for it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from orchard.engine.conditions import Condition
from orchard.interactions.actions import place
from orchard.kit import clock
from orchard.segments.queries.asking import ask_everybody
from orchard.segments.queries.matching import asked_of


@dataclass(frozen=True, slots=True)
class Counted:
    """How many fit, and how long it took to ask."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """Who fits, in the order of their ids, and how long it took to ask."""

    contact_ids: Sequence[int]
    seconds: float


def count(condition: Condition, *, now: datetime) -> Counted:
    """Return how many living contacts a condition holds for, segments included."""
    begun = time.monotonic()
    found = _ask(condition, now)
    return Counted(len(found), time.monotonic() - begun)


def fitting(condition: Condition, *, now: datetime) -> Found:
    """Return the living contacts whom a condition holds for, segments included."""
    begun = time.monotonic()
    ids = sorted(_ask(condition, now).to_pylist())
    return Found(ids, time.monotonic() - begun)


def _ask(condition: Condition, now: datetime) -> pa.ChunkedArray:
    """Ask everybody, once what is committed has its place in the order: without one, no reader sees a fact."""
    asked = asked_of(condition)
    while place():
        pass
    return ask_everybody(asked, clock.full_hour(now))["contact_id"]
