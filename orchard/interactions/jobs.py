"""The clockwork of the ledger: give places and let consumers read on, as soon as something was noted."""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Event

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from orchard.interactions.actions import ensure_cursors, place, read_on
from orchard.interactions.types import Consumer, Lane

logger = logging.getLogger(__name__)

# A lost notification costs at most this long (seconds).
PATIENCE = 1.0
# How long to wait before trying a database again that went away (seconds).
BACKOFF = 2.0


def serve_live(consumers: Sequence[Consumer], stop: Event) -> None:
    """Place what is noted and let every consumer read its live lane, until `stop` is set."""

    def turn() -> int:
        return place() + sum(_to_the_end(consumer, Lane.LIVE) for consumer in consumers)

    _serve(consumers, turn, ("orchard_noted", "orchard_placed"), stop)


def serve_bulk(consumers: Sequence[Consumer], stop: Event) -> None:
    """Let every consumer read its bulk lane, a chunk each in turn, until `stop` is set."""

    def turn() -> int:
        return sum(read_on(consumer, Lane.BULK) for consumer in consumers)

    _serve(consumers, turn, ("orchard_placed",), stop)


def _to_the_end(consumer: Consumer, lane: Lane) -> int:
    moved = 0
    while step := read_on(consumer, lane):
        moved += step
    return moved


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
