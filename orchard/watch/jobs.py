"""The thread by which a process says that it is alive, what it is busy with, and what was slow."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread, get_ident

from django.db import Error, connection

from orchard.kit import clock, logs, memory, slow
from orchard.watch import actions
from orchard.watch.types import EVERY

logger = logging.getLogger(__name__)

_busy: dict[int, tuple[str, datetime]] = {}
"""What each thread of this process is busy with, and since when."""


@contextmanager
def busy(name: str) -> Iterator[None]:
    """Say what this thread is busy with, in the log, and in the heartbeat if nothing else has gone on for longer."""
    _busy[get_ident()] = (name, clock.now())
    try:
        with logs.within(logs.Here(route=name)):
            yield
    finally:
        _busy.pop(get_ident(), None)


def begin(part: str, stop: Event | None = None) -> None:
    """Let this process tell of itself from now on, in a thread of its own, until `stop` or its end."""
    logs.be(part)
    Thread(target=_tell, args=(part, stop or Event()), daemon=True, name="heartbeat").start()


def tell(part: str) -> None:
    """Say once that this process is alive, and what was slow in it since the last time."""
    doing, since = min(_busy.copy().values(), key=lambda each: each[1], default=("", None))
    actions.beat(
        part=part,
        host=socket.gethostname(),
        pid=os.getpid(),
        memory=memory.of_process(),
        doing=doing,
        doing_since=since,
        now=clock.now(),
    )
    actions.keep_slow(slow.taken(), now=clock.now())


def _tell(part: str, stop: Event) -> None:
    """Tell now and then, over a connection that is closed in between; a database that is away hears it later."""
    while True:
        try:
            tell(part)
        except Error as error:
            logger.warning(
                "The heartbeat was not heard: the database does not answer (%s).", type(error).__name__
            )
        finally:
            connection.close()
        if stop.wait(EVERY.total_seconds()):
            return
