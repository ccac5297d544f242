"""Promise: who asks for a quote is in the basket within 100 ms, half of the time, also while a file comes in."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from bench import facts, people
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, say
from bench.import_rows import ROWS, SINCE, map_file
from bench.large import contacts_at, large
from orchard import flow
from orchard.agreement import jobs as agreement
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import queries as leads

SECONDS = 60
PER_SECOND = 20
LOOK = 0.005
"""Seconds between two looks into the basket: what a figure may say too much."""
PATIENCE = 60.0


def measure(here: Ground) -> list[Figure]:
    """Let forms come in beside the workers of the house: at rest, then while a file of a million rows comes in."""
    seconds = max(3.0, SECONDS * here.scale)
    with here.clone(large(here)):
        _catch_up()
        people_left = _people()
        bare = _bare(here, round(seconds * PER_SECOND))
        with _house(here):
            _wait_for_the_house(next(people_left))
            rest = _forms(people_left, until=_after(seconds))
            say(f"  at rest, {len(rest)} forms: {_spread(rest)}")
            busy = _during_import(here, people_left)
            say(f"  during an import, {len(busy)} forms: {_spread(busy)}")
    return [
        Figure("p50_ms", rounded(share(rest, 0.5)), "ms", LOWER, 100, rounded(share(bare, 0.5))),
        Figure("p99_ms", rounded(share(rest, 0.99)), "ms", LOWER, 500, rounded(share(bare, 0.99))),
        Figure(
            "p99_ms_during_import", rounded(share(busy, 0.99)), "ms", LOWER, 2_000, rounded(share(bare, 0.99))
        ),
    ]


def share(values: Sequence[float], part: float) -> float:
    """Return the value that `part` of all do not exceed (nearest rank)."""
    return sorted(values)[max(0, -(-round(len(values) * part * 1000) // 1000) - 1)]


def _catch_up() -> None:
    """Do what came due since the data set was built: it is not what is measured."""
    facts.read_to_the_end()
    while agreement.due(clock.now()):
        ledger.drain(flow.CONSUMERS)
    agreement.refresh_daily(clock.now())
    ledger.drain(flow.CONSUMERS)


def _people() -> Iterator[int]:
    """Yield contacts who are far from being a lead, scattered over the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.contact_id FROM verdict v JOIN contact c ON c.id = v.contact_id"
            " WHERE NOT v.qualified AND NOT c.is_competitor ORDER BY hashint8extended(v.contact_id, 3) LIMIT 20000"
        )
        found = [contact for (contact,) in cursor.fetchall()]
    yield from found


@contextmanager
def _house(here: Ground) -> Iterator[None]:
    """Let all workers of the house run."""
    process = here.start("worker")
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for_the_house(contact_id: int) -> None:
    """Wait until the workers have come up and read on: a first form goes through."""
    late: dict[int, float] = {}
    pending = {contact_id: _ask(contact_id)}
    begun = time.monotonic()
    while pending:
        _look(pending, late)
        time.sleep(0.1)
        if time.monotonic() - begun > PATIENCE:
            raise Refused("The workers did not come up.")


def _ask(contact_id: int) -> float:
    """Commit the fact that a form leaves, and return when that was."""
    now = clock.now()
    with transaction.atomic():
        ledger.append([NewFact("quote.requested", now, contact_id=contact_id)], now=now)
    return time.monotonic()


def _look(pending: dict[int, float], found: dict[int, float]) -> None:
    """Look who is in the basket by now, and note how long each took in milliseconds."""
    given = dict(pending)
    for lead in leads.handoffs_of(given, now=clock.now()):
        if lead.is_open and lead.contact_id in pending:
            found[lead.contact_id] = (time.monotonic() - pending.pop(lead.contact_id)) * 1000


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _forms(people_left: Iterator[int], *, until: Callable[[], bool]) -> list[float]:
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
                    _look(pending, found)
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


def _during_import(here: Ground, people_left: Iterator[int]) -> list[float]:
    path, rows = here.home / "rows.csv", here.count(ROWS, 1_000)
    people.write_file(path, people.half_known(rows, contacts_at(here)), since=SINCE)
    process = here.start("import", path, "--map", map_file(here), stdout=subprocess.DEVNULL)
    found = _forms(people_left, until=lambda: process.poll() is not None)
    if process.returncode:
        raise Refused("The import beside the forms failed; its words are above.")
    return found


def _spread(found: Sequence[float]) -> str:
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


def _bare(here: Ground, times: int) -> list[float]:
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
