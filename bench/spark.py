"""Promise: a Spark cluster answers as DuckDB does, to the last digit of every row, in a bounded multiple of its time.

Everybody is computed anew, and the funnel is asked, over the large data set: on a master and two workers, processes of
this machine with a core each, and on DuckDB with two threads. That cannot show what more machines gain; it shows that
nothing but the seconds is another. Spark's seconds are those that a command waits, the start of the session included.
They are many and taken once; DuckDB's are few, and the middle of three runs.
"""

import json
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from bench import facts, leads
from bench.cluster import cluster
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, middle, say
from bench.large import contacts_at, large
from orchard.agreement.queries.computing import MEMORY_MIB, THREADS, everybody
from orchard.agreement.queries.terms import in_force
from orchard.engine import lake, spark
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports.queries import numbers
from orchard.reports.types import Answer, Asked

TIMES = 3
MOST = 20
FUNNEL = numbers.report("funnel")

_UNLIKE = """
SELECT (SELECT count(*) FROM ours),
       (SELECT count(*) FROM (SELECT {columns} FROM ours EXCEPT ALL SELECT {columns} FROM theirs))
     + (SELECT count(*) FROM (SELECT {columns} FROM theirs EXCEPT ALL SELECT {columns} FROM ours))
"""


class Run(NamedTuple):
    """The same asked of both engines: the seconds of each, the rows of DuckDB, and how many rows only one has."""

    spark: float
    duckdb: float
    rows: int
    unlike: int


def measure(here: Ground) -> list[Figure]:
    """Let both engines do the same in turn, and lay all that they answered side by side."""
    with here.clone(large(here)), cluster(here.home / "spark") as master:
        facts.read_to_the_end()
        leads.append(here.count(leads.LEADS, 500), contacts_at(here))
        lake.sync(now=clock.now())
        refreshed = _refreshed(master, clock.full_hour(clock.now()))
        say(
            f"  everybody: {refreshed.spark:.1f} s, DuckDB {refreshed.duckdb:.2f} s; {refreshed.unlike:,} differ"
        )
        asked = _asked(master, here.home / "journeys")
        say(f"  funnel: {asked.spark:.1f} s, DuckDB {asked.duckdb:.2f} s; {asked.unlike:,} differ")
    return [
        Figure("differences", refreshed.unlike + asked.unlike, "rows", LOWER, 0, refreshed.rows + asked.rows),
        _ratio("refresh_ratio", refreshed),
        _ratio("funnel_ratio", asked),
    ]


def _ratio(name: str, run: Run) -> Figure:
    return Figure(name, rounded(run.spark / run.duckdb), "times", LOWER, MOST, rounded(run.duckdb))


def _refreshed(master: str, hour: datetime) -> Run:
    """Compute everybody's verdict, and compare each of them with all its lines and times."""
    force = in_force()
    if force is None:
        raise Refused("The agreement of the bench is not in force.")
    seconds = []
    for _ in range(TIMES - 1):
        with everybody(force.terms, hour) as ours:
            seconds.append(ours.seconds)
    with everybody(force.terms, hour) as ours, everybody(force.terms, hour, engine=master) as theirs:
        rows, unlike = _unlike(ours.tables["found"].paths, theirs.tables["found"].paths)
        return Run(theirs.seconds, middle([*seconds, ours.seconds]), rows, unlike)


def _asked(master: str, journeys: Path) -> Run:
    """Ask the funnel of a new moment; compare the answer and each row of the table that it was read off."""
    seconds = []
    for _ in range(TIMES):
        lake.forget_derived()
        numbers.forget_answers()
        begun = time.monotonic()
        ours = numbers.answer(FUNNEL.name, Asked(by=FUNNEL.by), now=clock.now())
        seconds.append(time.monotonic() - begun)
    table, reader = lake.derive(FUNNEL.steps), lake.files_of()
    if table is None:
        raise Refused("The lake changed while the funnel was asked.")
    begun = time.monotonic()
    with spark.working(master) as session:
        there = numbers.OnSpark(session, FUNNEL.steps, reader)
        theirs = numbers.answer(FUNNEL.name, Asked(by=FUNNEL.by), now=clock.now(), source=there)
        spark_seconds = time.monotonic() - begun
        lake.derive_on(session, FUNNEL.steps, reader).write.mode("overwrite").parquet(str(journeys))
    rows, unlike = _unlike((table.path,), tuple(journeys.glob("*.parquet")))
    lines, their_lines = _lines(ours), _lines(theirs)
    unlike += (lines - their_lines).total() + (their_lines - lines).total()
    return Run(spark_seconds, middle(seconds), rows + lines.total(), unlike)


def _lines(answer: Answer) -> Counter[str]:
    """Return each line of each sheet as text."""
    return Counter(
        f"{sheet.name}: {json.dumps(line, default=str, sort_keys=True)}"
        for sheet in answer.sheets
        for line in (*sheet.rows, sheet.total)
    )


def _unlike(ours: tuple[Path, ...], theirs: tuple[Path, ...]) -> tuple[int, int]:
    """Return how many rows our files hold, and how many rows of either ours or theirs the others lack."""
    with duckdb.connect(config={"threads": THREADS, "memory_limit": f"{2 * MEMORY_MIB}MiB"}) as database:
        for name, paths in (("ours", ours), ("theirs", theirs)):
            listed = ", ".join(f"'{path}'" for path in paths)
            database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")
        columns = {
            name: [column for (column, *_) in database.execute(f"DESCRIBE {name}").fetchall()]
            for name in ("ours", "theirs")
        }
        if columns["ours"] != columns["theirs"]:
            raise Refused(f"The engines answer other columns: {columns}.")
        rows, unlike = database.execute(_UNLIKE.format(columns=", ".join(columns["ours"]))).fetchone() or (
            0,
            0,
        )
        return int(rows), int(unlike)
