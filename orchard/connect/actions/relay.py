"""Who stores the chunks of an import: one process, or two that take turns, so that no core of the machine waits.

Whom a chunk names is stored only when the people of all chunks before it are, and what they did only when that of all
chunks before it is. So a file means the same whoever stores it, while one process stores people, the other stores
facts, and both have read ahead.
"""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from enum import StrEnum
from itertools import islice, takewhile
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeAlias

from django.db import connection, transaction

from orchard.connect.actions.store import (
    LOST,
    Chunk,
    Errand,
    chunk_of,
    resumed,
    store_facts,
    store_people,
)
from orchard.connect.csv import Reading
from orchard.connect.csv.types import Record
from orchard.connect.models import Import, StoredChunk
from orchard.connect.types import Lost, State
from orchard.kit import clock
from orchard.kit.beside import second
from orchard.kit.garbage import swept, uncollected

# A second process takes a second to come up: it is started where at least so many chunks wait.
WORTH_TWO = 5

# More rows than a chunk can hold: all up to a last one.
_ALL = sys.maxsize

# Chunks after which the few cycles are freed that storing them has made.
_SWEEP = 32

Pipe: TypeAlias = "Connection[Any, Any]"


class _Alone(Exception):  # noqa: N818 - no fault of this process
    """The other process is gone."""


class _Turn(StrEnum):
    """What only one process at a time may do."""

    PEOPLE = "people"
    FACTS = "facts"


class _Leave(NamedTuple):
    """A process does no more: it is through with its chunks, or was told that the import is cancelled."""

    is_through: bool


class Share(NamedTuple):
    """What a process must know to store chunks of `size` rows of what comes after a row."""

    errand: Errand
    reading: Reading
    size: int
    after_row: int = 0


def store_rest(share: Share, *, progress: Callable[[int], None] | None = None) -> bool:
    """Store all rows that are not stored yet; return False where the import was cancelled meanwhile.

    `progress` is told how many rows are stored. What another process began and left is ended first. Raises `Lost`.
    """
    with uncollected():
        share = _from_here(share)
        if _is_worth_two(share):
            try:
                with second(f"{__name__}:help_on") as pipe:
                    turns = _SharedTurns(pipe, first=True)
                    turns.say(share)
                    return _store(share, turns, place=0, progress=progress)
            except _Alone:
                share = _from_here(share)
        return _store(share, _Turns(), place=0, progress=progress)


def help_on(pipe: Pipe) -> None:
    """Be the second process: store every other chunk. What fails here, the first process does again, and can say so."""
    share: Share = pipe.recv()
    with uncollected(), suppress(_Alone):
        _store(share, _SharedTurns(pipe, first=False), place=1)


def chunks(share: Share, *, place: int = 0, of: int = 1, until_row: int | None = None) -> Iterator[Chunk]:
    """Yield of the chunks after `after_row` every `of`-th from `place` on, each read while the one before is stored."""
    with ThreadPoolExecutor(1) as reader:
        waiting = _chunks(share, place, of, until_row)
        coming = reader.submit(next, waiting, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, waiting, None)
            yield chunk


def _chunks(share: Share, place: int, of: int, until_row: int | None) -> Iterator[Chunk]:
    records: Iterator[Record] = share.reading.records(after=share.after_row)
    if until_row is not None:
        records = takewhile(lambda record: record.number <= until_row, records)
    read, plan, after_row, number = share.reading.read, share.errand.plan, share.after_row, 0
    while block := list(islice(records, share.size)):
        if number % of == place:
            found = [read(record) for record in block]
            remarks = {words: count for words, count in share.reading.remarks.items() if count}
            share.reading.remarks.clear()
            yield chunk_of(found, plan, after_row=after_row, remarks=remarks)
        after_row, number = block[-1].number, number + 1


def _from_here(share: Share) -> Share:
    """Tell the facts of those whose people are stored already; return the share of what comes after them."""
    errand = share.errand
    made = _settled(errand)
    for begun in StoredChunk.objects.filter(made_by=made).order_by("after_row"):
        rest = share._replace(after_row=begun.after_row, size=_ALL)
        found = next(chunks(rest, until_row=begun.last_row), None)
        store_facts(errand, *resumed(found, begun), now=clock.now())
    return share._replace(after_row=made.people_row)


@transaction.atomic
def _settled(errand: Errand) -> Import:
    """Return the import as it stands once whatever a process that died has sent to the database is through."""
    made = Import.objects.select_for_update().filter(id=errand.import_id, claim=errand.token).first()
    if made is None:
        raise Lost(LOST)
    return made


def _is_worth_two(share: Share) -> bool:
    """Whether a second process would gain anything. A workbook is read whole by each, so it is read by one."""
    stored = Import.objects.values_list("rows", flat=True).get(id=share.errand.import_id)
    left = share.reading.tally.rows - stored
    is_seen_by_others = not connection.in_atomic_block
    cores = os.cpu_count() or 1
    is_stored_apart = not share.errand.at_once
    is_read_apart = not share.reading.table.sheet
    return (
        is_seen_by_others
        and is_stored_apart
        and is_read_apart
        and cores > 1
        and left >= WORTH_TWO * share.size
    )


def _store(
    share: Share, turns: "_Turns", *, place: int, progress: Callable[[int], None] | None = None
) -> bool:
    errand, through = share.errand, True
    for count, chunk in enumerate(chunks(share, place=place, of=turns.processes), 1):
        if not turns.wait(_Turn.PEOPLE):
            break
        if _is_cancelled(errand):
            through = False
            break
        with transaction.atomic() if errand.at_once else nullcontext():
            results = store_people(errand, chunk, now=clock.now())
            turns.hand_on(_Turn.PEOPLE)
            turns.wait(_Turn.FACTS)
            store_facts(errand, chunk, results, now=clock.now())
        turns.hand_on(_Turn.FACTS)
        if count % _SWEEP == 0:
            swept()
        if progress:
            progress(Import.objects.values_list("rows", flat=True).get(id=errand.import_id))
    return turns.leave(_Leave(through)).is_through and through


def _is_cancelled(errand: Errand) -> bool:
    return Import.objects.filter(id=errand.import_id, state=State.CANCELLING).exists()


class _Turns:
    """The turns of a process that is alone: they are always its own."""

    processes = 1

    def wait(self, turn: _Turn) -> bool:
        """Wait for a turn; return False where it comes no more, because the other process was told to stop."""
        return turn in _Turn

    def hand_on(self, turn: _Turn) -> None:
        """Give a turn to the other process, if there is one."""

    def leave(self, mine: _Leave) -> _Leave:
        """Say that this process does no more, and return what the other one says of itself once it does no more."""
        return mine


class _SharedTurns(_Turns):
    """The turns of two processes, handed to and fro through a pipe; the first has both to begin with."""

    processes = 2

    def __init__(self, pipe: Pipe, *, first: bool) -> None:
        self._pipe = pipe
        self._mine = set(_Turn) if first else set()
        self._other: _Leave | None = None

    def wait(self, turn: _Turn) -> bool:
        while turn not in self._mine and (self._other is None or self._other.is_through):
            self._hear()
        return turn in self._mine

    def hand_on(self, turn: _Turn) -> None:
        self._mine.discard(turn)
        self.say(turn)

    def leave(self, mine: _Leave) -> _Leave:
        self.say(mine)
        while self._other is None:
            self._hear()
        return self._other

    def say(self, message: Share | _Turn | _Leave) -> None:
        """Send a message. Raises `_Alone` where nobody is there."""
        try:
            self._pipe.send(message)
        except OSError:
            raise _Alone from None

    def _hear(self) -> None:
        try:
            message = self._pipe.recv()
        except (EOFError, OSError):
            raise _Alone from None
        if isinstance(message, _Turn):
            self._mine.add(message)
        else:
            self._other = message
