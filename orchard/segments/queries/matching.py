"""Which contacts a condition holds for: asked of everybody at once on DuckDB, from what stands now."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from orchard.engine.conditions import Condition
from orchard.interactions import queries as ledger
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.words import together
from orchard.segments.queries.asking import Asked, ask_everybody
from orchard.segments.queries.names import expanded, known, problems_of_use

KEPT = 8
"""Answers that paging through a list finds again."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Whom a condition holds for, as of a place of the ledger, and how long it took to ask."""

    contact_ids: frozenset[int]
    pos: int
    seconds: float


_kept: OrderedDict[tuple[Any, ...], tuple[tuple[int, int, int], Matching]] = OrderedDict()
_lock = Lock()


def contacts_matching(condition: Condition, *, now: datetime, walking: bool = False) -> Matching:
    """Return the living contacts for whom a condition holds at `now`, scores being those of the last assessment.

    An answer is found again for as long as the ledger stands where it stood and the clock's hour lasts; by who is
    `walking` from page to page, also once the ledger has moved. Raises `Refused` where the condition names what this
    company does not know.
    """
    asked = asked_of(condition)
    hour, pos = clock.full_hour(now), ledger.head()
    key, standing = (asked.conditions, asked.names.fields, hour), (pos, ledger.unplaced(), ledger.progress())
    with _lock:
        if key in _kept and (walking or _kept[key][0] == standing):
            _kept.move_to_end(key)
            return _kept[key][1]
    begun = time.monotonic()
    found = Matching(_ids(asked, hour), pos, time.monotonic() - begun)
    with _lock:
        _kept[key] = standing, found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def asked_of(condition: Condition) -> Asked:
    """Return a condition ready to be asked, with what its segments say; refuse one that cannot be."""
    names = known()
    if problems := problems_of_use(condition, names):
        raise Refused(together(each.told for each in problems))
    return Asked((expanded(condition),), names, only=True)


def _ids(asked: Asked, hour: datetime) -> frozenset[int]:
    return frozenset(ask_everybody(asked, hour)["contact_id"].to_pylist())
