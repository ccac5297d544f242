"""How many contacts a draft of the agreement would hand over now, asked again and again while somebody writes it."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Lock
from typing import Any

import duckdb
from django.conf import settings

from orchard.agreement import queries as agreement
from orchard.agreement.queries.computing import MEMORY_MIB, THREADS
from orchard.agreement.queries.terms import query_of, terms_of
from orchard.agreement.types import Document
from orchard.engine import catalogue, rows
from orchard.engine.duck import Duck, GivenUp, Input, Limits, Stop
from orchard.engine.types import CONTACTS, FACTS
from orchard.interactions import queries as ledger
from orchard.kit import clock
from orchard.segments.queries.recent import contacts_now, facts_of_kinds

LONGEST = 8.0
"""Seconds after which a count is given up: who writes does not wait longer."""
AT_ONCE = 2
"""Counts that go on together: each may take as much memory as one who assesses everybody."""
KEPT = 32
"""Counts that are found again: most edits change nothing that decides about contacts."""


@dataclass(frozen=True, slots=True)
class Would:
    """How many contacts a draft would hand over now, and how many the version in force does by the last assessments.

    `qualified` is None where counting took too long.
    """

    qualified: int | None
    ripe: int | None
    version: int | None

    @property
    def more(self) -> int | None:
        """How many more that are than by the version in force, below 0 for fewer; None where there is none."""
        return None if self.qualified is None or self.ripe is None else self.qualified - self.ripe

    @property
    def fewer(self) -> int | None:
        """How many fewer that are; below 0 for more."""
        return None if self.more is None else -self.more


_kept: OrderedDict[tuple[Any, ...], tuple[tuple[int, int, int], int]] = OrderedDict()
_turns: dict[Hashable, Stop] = {}
_lock = Lock()
_room = BoundedSemaphore(AT_ONCE)


def would_qualify(document: Document, *, now: datetime, turn: Hashable, longest: float = LONGEST) -> Would:
    """Count whom `document` would hand over now, were it in force: everybody is asked, and nothing is written.

    A count that began earlier for the same `turn` is given up, since nobody reads it any more; it raises `GivenUp`.
    """
    terms, hour = terms_of(document), clock.full_hour(now)
    force = agreement.in_force()
    ripe = agreement.qualified_count() if force else None
    key = (terms, catalogue.installed().fields, hour)
    standing = (ledger.head(), ledger.unplaced(), ledger.progress())
    number = force.number if force else None
    with _lock:
        if (found := _kept.get(key)) and found[0] == standing:
            return Would(found[1], ripe, number)
    stop = _begin(turn, longest)
    try:
        with _place(stop):
            qualified = _count(document, hour, stop)
    except GivenUp:
        if _is_over(turn, stop):
            raise
        return Would(None, ripe, number)
    except duckdb.OutOfMemoryException:
        return Would(None, ripe, number)
    finally:
        _end(turn, stop)
    with _lock:
        _kept[key] = standing, qualified
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return Would(qualified, ripe, number)


def _count(document: Document, hour: datetime, stop: Stop) -> int:
    """Return how many fit. Of a verdict only whether it is one is asked, so that nothing else of it is reckoned."""
    terms = terms_of(document)
    query, tables = query_of(terms)
    inputs: dict[str, Input] = {}
    for table in tables:
        if table.name not in query.tables:
            continue
        if table.name == CONTACTS:
            inputs |= contacts_now(table)
        elif table.name == FACTS:
            inputs |= facts_of_kinds(table, terms.kinds)
        else:
            inputs[table.name] = rows.everybody(table)
    own = tuple(name for name in inputs if name not in query.tables)
    counting = replace(
        query.bind(now=hour),
        text=f"SELECT count(*) AS n FROM ({query.text}) AS verdict WHERE qualified",  # noqa: S608 - compiled by us
        tables=(*own, *query.tables),
    )
    with _database() as database:
        (row,) = database.run(counting, inputs, stop=stop).to_pylist()
    return int(row["n"])


@contextmanager
def _database() -> Iterator[Duck]:
    """Give a database that may take as much as one who assesses everybody, for as long as the count lasts."""
    work = Path(settings.ORCHARD_HOME) / "work"
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="counting-", dir=work) as folder:
        database = Duck(Limits(MEMORY_MIB, THREADS, spill_folder=Path(folder)))
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _place(stop: Stop) -> Iterator[None]:
    """Wait for a place among the counts that go on; raises `GivenUp` where none came free in time."""
    if not _room.acquire(timeout=stop.left):
        raise GivenUp
    try:
        yield
    finally:
        _room.release()


def _begin(turn: Hashable, longest: float) -> Stop:
    stop = Stop(longest)
    with _lock:
        before, _turns[turn] = _turns.get(turn), stop
    if before is not None:
        before.now()
    return stop


def _is_over(turn: Hashable, stop: Stop) -> bool:
    """Tell whether a newer count has begun for the same turn."""
    with _lock:
        return _turns.get(turn) is not stop


def _end(turn: Hashable, stop: Stop) -> None:
    with _lock:
        if _turns.get(turn) is stop:
            del _turns[turn]
