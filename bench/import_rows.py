"""Promise: a million rows of eight columns come in at 20,000 a second, in 600 MB, with identity, history, facts."""

import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import people
from bench.figures import HIGHER, LOWER, Figure, rounded
from bench.ground import Ground, say
from bench.memory import Peak
from orchard.kit.errors import Refused

ROWS = 1_000_000
VERSION = 1

# What was known, and what the file says a year later.
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)

_BARE = (
    """CREATE TABLE bare (id text, email text PRIMARY KEY, first_name text, last_name text, company text, title text,
                          country text, signed_up timestamptz)""",
    "CREATE TEMP TABLE staged (LIKE bare)",
)
_UPSERT = (
    "INSERT INTO bare SELECT * FROM staged ON CONFLICT (email) DO UPDATE SET title = excluded.title,"
    " signed_up = excluded.signed_up"
)


def measure(here: Ground) -> list[Figure]:
    """Import a file of which every other row is known, then let PostgreSQL copy and upsert the same two files."""
    rows = here.count(ROWS, 1_000)
    known = here.cached(f"known_{VERSION}", lambda: _know(here, rows // 2))
    first, second, mapping = here.home / "first.csv", here.home / "second.csv", map_file(here)
    people.write_file(second, people.half_known(rows, rows // 2), since=SINCE)
    with here.clone(known):
        process = here.start("import", second, "--map", mapping, "--json", stdout=subprocess.PIPE)
        with Peak(process.pid) as peak:
            done = here.answer(process)
        _check(done, rows)
        nothing = _peak_of_nothing(here, mapping)
        people.write_file(first, (people.person(number) for number in range(rows // 2)), since=BEFORE)
        bare = _bare(here, first, second, rows)
    say(f"  {done['rows']:,} rows in {done['seconds']} s")
    return [
        Figure("rows_per_s", rounded(rows / done["seconds"]), "rows/s", HIGHER, 20_000, rounded(bare)),
        Figure("peak_mb", rounded(peak.megabytes), "MB", LOWER, 600, rounded(nothing)),
    ]


def map_file(here: Ground) -> Path:
    """Return the map of the benches' files."""
    path = here.home / "map.yaml"
    path.write_text(people.MAP)
    return path


def _know(here: Ground, count: int) -> None:
    path = here.home / "known.csv"
    people.write_file(path, (people.person(number) for number in range(count)), since=BEFORE)
    here.orchard("import", path, "--map", map_file(here))


def _check(done: dict[str, int], rows: int) -> None:
    """See that the figure is of the work that was promised."""
    wanted = {"rows": rows, "created": rows // 2, "updated": rows // 4, "rejected": 0, "interactions": rows}
    found = {name: done[name] for name in wanted}
    if found != wanted:
        raise Refused(f"The import did {found}, and should have done {wanted}.")


def _peak_of_nothing(here: Ground, mapping: Path) -> float:
    """Return what the same command takes for a file of one row: interpreter, libraries and all."""
    path = here.home / "one.csv"
    people.write_file(path, [people.person(0)], since=SINCE)
    process = here.start("import", path, "--map", mapping, "--json", stdout=subprocess.PIPE)
    with Peak(process.pid) as peak:
        here.answer(process)
    return peak.megabytes


def _bare(here: Ground, first: Path, second: Path, rows: int) -> float:
    """Return the rows a second of a bare COPY and upsert into one table with one key."""
    with here.connect() as connection:
        for statement in _BARE:
            connection.execute(statement)
        for path in (first, second):
            begun = time.monotonic()
            connection.execute("TRUNCATE staged")
            with (
                path.open("rb") as file,
                connection.cursor().copy("COPY staged FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
            connection.execute(_UPSERT)
    return rows / (time.monotonic() - begun)
