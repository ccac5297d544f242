"""Forms that come in beside the workers of the house, and how long each takes until somebody finds what it caused."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from bench import facts
from bench.ground import Ground
from orchard import flow
from orchard.agreement import jobs as agreement
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused

SECONDS = 60
PER_SECOND = 20
LOOK = 0.005
"""Seconds between two looks into the basket: what a figure may say too much."""
PATIENCE = 60.0

Found = dict[int, float]
"""Milliseconds until each contact was found."""

Look = Callable[[dict[int, float], Found], None]
"""Looks who of those that asked, each at a moment, is found by now; takes them out of the first and into the second."""


def share(values: Sequence[float], part: float) -> float:
    """Return the value that `part` of all do not exceed (nearest rank)."""
    return sorted(values)[max(0, -(-round(len(values) * part * 1000) // 1000) - 1)]


def catch_up() -> None:
    """Do what came due since the data set was built: it is not what is measured."""
    facts.read_to_the_end()
    while agreement.due(clock.now()):
        ledger.drain(flow.CONSUMERS)
    agreement.refresh_daily(clock.now())
    ledger.drain(flow.CONSUMERS)


def people_far_from_ripe() -> Iterator[int]:
    """Yield contacts who are far from being a lead, scattered over the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.contact_id FROM verdict v JOIN contact c ON c.id = v.contact_id"
            " WHERE NOT v.qualified AND NOT c.is_competitor ORDER BY hashint8extended(v.contact_id, 3) LIMIT 20000"
        )
        found = [contact for (contact,) in cursor.fetchall()]
    yield from found


@contextmanager
def house(here: Ground) -> Iterator[None]:
    """Let all workers of the house run."""
    process = here.start("worker")
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for_the_house(contact_id: int, look: Look) -> None:
    """Wait until the workers have come up and read on: a first form goes through."""
    late: dict[int, float] = {}
    pending = {contact_id: _ask(contact_id)}
    begun = time.monotonic()
    while pending:
        look(pending, late)
        time.sleep(0.1)
        if time.monotonic() - begun > PATIENCE:
            raise Refused("The workers did not come up.")


def _ask(contact_id: int) -> float:
    """Commit the fact that a form leaves, and return when that was."""
    now = clock.now()
    with transaction.atomic():
        ledger.append([NewFact("quote.requested", now, contact_id=contact_id)], now=now)
    return time.monotonic()


def until_after(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so many seconds have passed since now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def send(people_left: Iterator[int], look: Look, *, until: Callable[[], bool]) -> list[float]:
    """Let a form come in every fiftieth of a second until `until`; return the milliseconds of each to the basket."""
    pending: dict[int, float] = {}
    found: dict[int, float] = {}
    failed: list[BaseException] = []
    over = threading.Event()

    def watch() -> None:
        try:
            begun = None
            while not (over.is_set() and not pending):
                if pending:
                    look(pending, found)
                if over.is_set():
                    begun = begun or time.monotonic()
                    if time.monotonic() - begun > PATIENCE:
                        raise Refused(f"{len(pending)} forms never came to the basket.")
                time.sleep(LOOK)
        except BaseException as error:  # noqa: BLE001 - raised again where the forms are sent
            failed.append(error)
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    due = time.monotonic()
    while not until() and not failed:
        contact_id = next(people_left)
        pending[contact_id] = _ask(contact_id)
        due += 1 / PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
    over.set()
    watcher.join()
    if failed:
        raise failed[0]
    return list(found.values())


def spread(found: Sequence[float]) -> str:
    """Return the middle, the slow hundredth and the slowest in words."""
    return ", ".join(
        f"{name} {share(found, part):.0f} ms" for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    )


_TABLES = (
    "CREATE TABLE bare_fact (id bigserial PRIMARY KEY, contact_id bigint, at timestamptz, points float8)",
    """INSERT INTO bare_fact (contact_id, at, points)
       SELECT n % 1000, now() - n * interval '1 minute', 8 FROM generate_series(1, 20000) n""",
    "CREATE INDEX ON bare_fact (contact_id)",
    "CREATE TABLE bare_verdict (contact_id bigint PRIMARY KEY, total float8)",
    "ANALYZE bare_fact",
)
_SCORE = """
INSERT INTO bare_verdict
SELECT contact_id, sum(points * power(2, -extract(epoch FROM now() - at) / 3888000)) FROM bare_fact
 WHERE contact_id = %s GROUP BY contact_id ON CONFLICT (contact_id) DO UPDATE SET total = excluded.total
"""


def bare(here: Ground, times: int) -> list[float]:
    """Return the milliseconds of the bare chain, one after the other: append, notify, hear, score, commit."""
    with here.connect() as writer, here.connect() as reader:
        for statement in _TABLES:
            writer.execute(statement)
        reader.execute("LISTEN bare")
        return [_chain(writer, reader, number % 1000) for number in range(times)]


def _chain(writer: Any, reader: Any, contact_id: int) -> float:
    with writer.transaction():
        writer.execute("INSERT INTO bare_fact (contact_id, at, points) VALUES (%s, now(), 8)", [contact_id])
        writer.execute("NOTIFY bare")
    begun = time.monotonic()
    for _ in reader.notifies(timeout=5, stop_after=1):
        pass
    reader.execute(_SCORE, [contact_id])
    return (time.monotonic() - begun) * 1000
