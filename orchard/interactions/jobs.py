"""The clockwork of the ledger: give places and let consumers read on, as soon as something was noted."""

import contextvars
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from threading import Condition, Event, Thread

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from orchard.interactions.actions import Shared, drain, ensure_cursors, place, place_told, read_on, take_turn
from orchard.interactions.queries import is_read, waiting
from orchard.interactions.types import Consumer, Lane
from orchard.kit import memory
from orchard.kit.garbage import swept, uncollected

logger = logging.getLogger(__name__)

# A lost notification costs at most this long (seconds).
PATIENCE = 1.0
# Facts of the bulk lane at once, beside a live lane: a form of somebody who is among them waits as long as they take.
ASIDE = 2_500
# How long those aside read at once (seconds): what is beside them in the clock waits so long.
SPELL = 5.0
# And where nobody waits, at least so many, and all that wait in so many strides: of contacts who come again and again,
# the past is read less often, however many they are.
ALONE = 50_000
STRIDES = 20
# How many strides the first may be ahead of the last. With the one it reads, their facts take a twelfth of the
# machine's memory, at 520 bytes each (measured).
AHEAD = 7
SHARE = 12
FACT_BYTES = 520
# After how many moves the cycles are collected that were made meanwhile. Between, the collector rests: it would look at
# each fact that is kept again and again, and the more are kept, the longer.
SWEPT_EVERY = 50
# How long to wait before trying a database again that went away (seconds).
BACKOFF = 2.0


def serve_live(consumers: Sequence[Consumer], stop: Event) -> None:
    """Place what is noted and let every consumer read its live lane, until `stop` is set."""

    def turn() -> int:
        return place() + take_turn(consumers, Lane.LIVE, news=place_told)

    _serve(consumers, turn, ("orchard_noted", "orchard_placed"), stop)


def serve_bulk(consumers: Sequence[Consumer], stop: Event) -> None:
    """Let every consumer read its bulk lane, a chunk each in turn, until `stop` is set."""

    def turn() -> int:
        return take_turn(consumers, Lane.BULK, limit=ASIDE)

    _serve(consumers, turn, ("orchard_placed_in_bulk",), stop)


def read_aside(consumers: Sequence[Consumer]) -> int:
    """Let consumers who stand aside read on, the live lane first, for some seconds at most; return how far they moved.

    One who fails, as when the database goes away, does not keep the others.
    """
    moved, ends = 0, time.monotonic() + SPELL
    while time.monotonic() < ends:
        step = sum(_aside(consumer) for consumer in consumers)
        moved += step
        if not step:
            break
    return moved


def _aside(consumer: Consumer) -> int:
    try:
        return take_turn([consumer], Lane.LIVE) + take_turn([consumer], Lane.BULK, limit=ASIDE)
    except Exception:
        logger.exception("%s could not read on; it is tried again.", consumer.name)
        close_old_connections()
        return 0


@uncollected()
def read_to_the_end(consumers: Sequence[Consumer], *, progress: Callable[[int], None] | None = None) -> int:
    """Read the ledger to its end, every consumer in a thread of its own; return how many facts were placed.

    While one writes verdicts, the one before it classifies the next facts: the cursors keep their order. In a caller's
    transaction, which other threads cannot see, they read one after the other.
    """
    if connection.in_atomic_block:
        return drain(consumers, progress=progress)
    ensure_cursors(consumers)
    names = [each.name for each in consumers]
    race, placed = _Race(names, stride(waiting(names), memory.of_machine())), 0
    threads = [
        Thread(target=contextvars.copy_context().run, args=(race.run, consumer)) for consumer in consumers
    ]
    for thread in threads:
        thread.start()
    swept_at = 0
    try:
        while not race.failed:
            seen = race.moves
            if seen - swept_at >= SWEPT_EVERY:
                swept_at = seen
                swept()
            placed += (step := place())
            if progress:
                progress(placed)
            if step:
                race.moved()
            elif is_read(names):
                break
            else:
                race.wait(seen)
    finally:
        race.end()
        for thread in threads:
            thread.join()
    if race.failed:
        raise race.failed[0]
    return placed


def stride(facts: int, machine: int) -> int:
    """Return how many facts to read at once where so many wait, on a machine with so many bytes of memory."""
    return max(ALONE, min(facts // STRIDES, machine // SHARE // FACT_BYTES // (AHEAD + 1)))


class _Race:
    """What consumers who read side by side know of each other: that one has moved, or failed, or that it is over."""

    def __init__(self, names: Iterable[str], limit: int) -> None:
        self.moves = 0
        self.failed: list[BaseException] = []
        self._rests = dict.fromkeys(names, 0)
        self._over = False
        self._limit = limit
        self._shared = Shared(AHEAD * limit)
        self._news = Condition()

    def run(self, consumer: Consumer) -> None:
        """Let a consumer read, the live lane first, until it is over."""
        before = consumer.after if consumer.patient else ()
        try:
            while not self._over:
                seen = self._let_go_ahead(before)
                if self._over:
                    break
                if any(
                    read_on(consumer, lane, limit=self._limit, shared=self._shared)
                    for lane in (Lane.LIVE, Lane.BULK)
                ):
                    self.moved()
                else:
                    self.rest(consumer.name)
                    self.wait(seen)
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self.failed.append(error)
            self.end()
        finally:
            connection.close()

    def _let_go_ahead(self, names: Iterable[str]) -> int:
        """Wait until each of these who is here found nothing to read, and return how often anybody has moved."""
        with self._news:
            rested = {name: self._rests[name] for name in names if name in self._rests}
            self._news.wait_for(
                lambda: self._over or all(self._rests[name] > count for name, count in rested.items())
            )
            return self.moves

    def rest(self, name: str) -> None:
        """Note that somebody found nothing to read, for whoever comes after and is patient."""
        with self._news:
            self._rests[name] += 1
            self._news.notify_all()

    def moved(self) -> None:
        """Tell the others that there may be something to read."""
        with self._news:
            self.moves += 1
            self._news.notify_all()

    def wait(self, seen: int) -> None:
        """Wait until somebody has moved since `seen`."""
        with self._news:
            self._news.wait_for(lambda: self.moves != seen or self._over, timeout=PATIENCE)

    def end(self) -> None:
        """Say that it is over."""
        with self._news:
            self._over = True
            self._news.notify_all()


def _serve(
    consumers: Sequence[Consumer], turn: Callable[[], int], channels: Sequence[str], stop: Event
) -> None:
    """Take turns while they move something, else sleep until a notification; outlive a database that goes away."""
    while not stop.is_set():
        try:
            ensure_cursors(consumers)
            with psycopg.connect(
                **{**connection.get_connection_params(), "cursor_factory": None}, autocommit=True
            ) as ear:
                for channel in channels:
                    ear.execute(f"LISTEN {channel}")
                while not stop.is_set():
                    if not turn():
                        for _ in ear.notifies(timeout=PATIENCE, stop_after=1):
                            pass
        except (OperationalError, InterfaceError, psycopg.OperationalError):
            logger.warning("The database does not answer; trying again.", exc_info=True)
            close_old_connections()
            connection.close()
            time.sleep(BACKOFF)
