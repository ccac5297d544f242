"""Promise: everything goes into one file and comes back at 30 MB/s at least, and nothing is other than it was."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench import company, facts, people
from bench.figures import HIGHER, LOWER, Figure, rounded
from bench.ground import Ground, say
from orchard.kit import clock
from orchard.kit.errors import Refused

CONTACTS, FACTS = 300_000, 2_000_000
VERSION = 1

# What making and restoring a backup write themselves; of the journal and the backups, what stood before must stand.
ADDED = {"journal", "backup_made"}
OWN = {"outbox_gate"}

_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
)


def measure(here: Ground) -> list[Figure]:
    """Write a company into a file and bring it back into an empty database, then compare both, row by row."""
    path = here.home / "bench.backup"
    template = here.cached(f"backup_{VERSION}", lambda: _build(here))
    with here.clone(template):
        bare = _copied_out(here)
        out = here.orchard("backup", path)
        say(
            f"  out: {out['bytes'] / 1e6:,.0f} MB in {out['seconds']} s, {out['file_bytes'] / 1e6:,.0f} MB in the file"
        )
        with here.beside() as name:
            back = _restored(here, path, name)
            say(f"  back: {back['seconds']} s")
            differences = _differences(here, name)
    slower = max(out["seconds"], back["seconds"])
    return [
        Figure("mb_per_s", rounded(out["bytes"] / 1e6 / slower), "MB/s", HIGHER, 30, rounded(bare)),
        Figure("differences", differences, "tables", LOWER, 0, None),
    ]


def _build(here: Ground) -> None:
    """Fill the tables as the other benches do, without lake and verdicts."""
    now = clock.now()
    contacts, count = here.count(CONTACTS, 1_000), here.count(FACTS, 20_000)
    company.found(now - facts.SPAN)
    people.store(contacts, now - facts.SPAN)
    with facts.unordered():
        facts.append(count, contacts, until=now - timedelta(minutes=1), bulk="mod(f.n, 2) = 0")
    facts.read_to_the_end()
    with here.connect() as connection:
        connection.execute(
            "INSERT INTO seen (key) SELECT md5(id::text)::uuid FROM interaction; INSERT INTO interaction_words"
            " (interaction_id, contact_id, text) SELECT id, contact_id, 'They asked: ' || repeat(md5(id::text), 6)"
            " FROM interaction WHERE kind = 'question.asked'"
        )


def _copied_out(here: Ground) -> float:
    """Return how many megabytes a second the bare COPY of every table gives, in the same format."""
    size, begun = 0, time.monotonic()
    with here.connect() as connection:
        for (name,) in connection.execute(_TABLES).fetchall():
            statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT binary)").format(
                sql.Identifier(name)
            )
            with connection.cursor().copy(statement) as copy:
                size += sum(map(len, copy))
    return size / 1e6 / (time.monotonic() - begun)


def _restored(here: Ground, path: Path, name: str) -> dict[str, Any]:
    """Bring the backup back into another database, as an operator would: a command in a home of its own."""
    before = {each: os.environ[each] for each in ("DATABASE_URL", "ORCHARD_HOME")}
    parts = urlsplit(before["DATABASE_URL"])
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    os.environ["ORCHARD_HOME"] = str(here.home / "back")
    try:
        return here.orchard("restore", path)
    finally:
        os.environ.update(before)


def _differences(here: Ground, other: str) -> int:
    """Return how many tables have other rows in the second database: counted, and hashed in any order."""
    with here.connect() as one, psycopg.connect(**{**here.server, "dbname": other}, autocommit=True) as two:
        names = [name for (name,) in one.execute(_TABLES).fetchall()]
        if names != [name for (name,) in two.execute(_TABLES).fetchall()]:
            raise Refused("The restored database has other tables.")
        unlike = [name for name in names if name not in OWN and _unlike(one, two, name)]
    for name in unlike:
        say(f"  {name} differs")
    return len(unlike)


def _unlike(one: "psycopg.Connection[Any]", two: "psycopg.Connection[Any]", name: str) -> bool:
    table = sql.Identifier(name)
    upto = sql.SQL("true")
    if name in ADDED:
        # The first database noted the backup once it was written, the second one that it was restored.
        both = [
            each.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(table)) for each in (one, two)
        ]
        most = min(found.fetchone()[0] for found in both)  # type: ignore[index]  # an aggregate has a row
        upto = sql.SQL("id <= {}").format(sql.Literal(most))
    text = sql.SQL("SELECT count(*), sum(hashtextextended(t::text, 7)) FROM {} t WHERE {}").format(
        table, upto
    )
    return one.execute(text).fetchone() != two.execute(text).fetchone()
