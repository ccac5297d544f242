"""Promise: everybody is scored and assessed anew in at most 2.5 times what the bare query of the scores takes."""

import time
from datetime import datetime
from pathlib import Path

import duckdb

from bench import company, facts
from bench.figures import HIGHER, LOWER, Figure, rounded
from bench.ground import Ground, middle, say
from bench.large import large
from orchard.agreement.actions import refresh
from orchard.agreement.queries.computing import MEMORY_MIB, THREADS, everybody
from orchard.agreement.queries.terms import in_force
from orchard.engine.lake import Reader, files_of
from orchard.kit import clock
from orchard.kit.errors import Refused

TIMES = 3

# The scores of the agreement, written by hand for DuckDB: one power for each fact, one grouping, and nothing else.
BARE = """
WITH rule (kind, content_type, line, points, half_life) AS (VALUES
    ('show.visited', NULL, 0, 25000000.0::DOUBLE, 90), ('question.asked', NULL, 1, 15000000.0, 60),
    ('webinar.attended', NULL, 2, 12000000.0, 60), ('call.connected', NULL, 3, 8000000.0, 45),
    ('meeting.held', NULL, 3, 8000000.0, 45), ('form.submitted', NULL, 4, 8000000.0, 45),
    ('content.downloaded', 'case_study', 5, 8000000.0, 45),
    ('content.downloaded', 'data_sheet', 6, 6000000.0, 45),
    ('page.viewed', NULL, 7, 2000000.0, 20), ('email.clicked', NULL, 8, 2000000.0, 30)),
earned AS (
    SELECT l.contact_id, rule.line,
           CAST(round(rule.points * pow(2.0::DOUBLE, -(greatest($now - epoch_us(l.occurred_at), 0)
                                                       / (rule.half_life * 86400000000)))) AS BIGINT) AS points
      FROM {ledger} l LEFT JOIN {content} c ON c.id = l.content_id
      JOIN rule ON rule.kind = l.kind AND (rule.content_type IS NULL OR rule.content_type = c.type)
     WHERE l.kind IN (SELECT kind FROM rule)
       AND l.interaction_id NOT IN (SELECT interaction_id FROM {machine})
),
summed AS (
    SELECT contact_id, {sums} FROM earned GROUP BY contact_id
),
lines AS (
    SELECT c.contact_id,
           CASE WHEN account__industry IN ('food', 'beverages', 'cosmetics', 'pharma') THEN 12000000 ELSE 0 END
               AS line_0,
           CASE WHEN contact__seniority IN ('director', 'vp', 'c_level', 'owner') THEN 18000000 ELSE 0 END AS line_1,
           CASE WHEN account__employees > 49 THEN 10000000 ELSE 0 END AS line_2,
           {earned}
      FROM {contacts} c LEFT JOIN summed s USING (contact_id)
)
SELECT *, {total} AS total FROM lines
"""
FIT, CAPS = 3, (50, 30, 24, 24, 16, 24, 18, 8, 8)
LINES = [f"line_{place}" for place in range(FIT + len(CAPS))]

_UNLIKE = """
SELECT count(*) FROM read_parquet({ours}) o FULL JOIN read_parquet({bare}) b USING (contact_id)
 WHERE (o.total, {our_lines}) IS DISTINCT FROM (b.total, {bare_lines})
"""


def measure(here: Ground) -> list[Figure]:
    """Compute everybody by the product and by hand in turn, hold both to agree, then write a new version's verdicts."""
    with here.clone(large(here)):
        facts.read_to_the_end()
        company.sign(company.agreement().replace("at_least: 60", "at_least: 55"), clock.now())
        hour, ours, bare = clock.full_hour(clock.now()), [], []
        for number in range(TIMES):
            seconds = _both(hour, here.home / "bare.parquet")
            ours.append(seconds[0])
            bare.append(seconds[1])
            say(f"  {number + 1} of {TIMES}: {ours[-1]:.2f} s, by hand {bare[-1]:.2f} s")
        begun = time.monotonic()
        done = refresh(now=clock.now())
        say(
            f"  {done.changed:,} verdicts in {time.monotonic() - begun:.1f} s, {done.write_seconds:.1f} s of it writing"
        )
        copied = _copied(here)
    compute, changed = middle(ours) / middle(bare), done.changed / done.seconds
    return [
        Figure("compute_ratio", rounded(compute), "times", LOWER, 2.5, rounded(middle(bare))),
        Figure("changed_rows_per_s", rounded(changed), "rows/s", HIGHER, 20_000, rounded(copied)),
    ]


def _both(hour: datetime, path: Path) -> tuple[float, float]:
    """Return the seconds of the product and of the bare query; both end in a file, and both files say the same."""
    force = in_force()
    if force is None:
        raise Refused("The agreement of the bench is not in force.")
    with everybody(force.terms, hour) as found:
        bare = _by_hand(hour, files_of(), path)
        ours = ", ".join(f"'{each}'" for each in found.tables["found"].paths)
        text = _UNLIKE.format(
            ours=f"[{ours}]",
            bare=f"'{path}'",
            our_lines=", ".join(f"o.{line}" for line in LINES),
            bare_lines=", ".join(f"b.{line}" for line in LINES),
        )
        (unlike,) = duckdb.sql(text).fetchone() or (0,)
        if unlike:
            raise Refused(f"{unlike:,} contacts have other scores by hand: one of the two queries is wrong.")
        return found.seconds, bare


def _by_hand(hour: datetime, lake: Reader, path: Path) -> float:
    sums = (
        f"least(coalesce(sum(points) FILTER (WHERE line = {place}), 0), {cap} * 1000000)::BIGINT AS line_{FIT + place}"
        for place, cap in enumerate(CAPS)
    )
    text = BARE.format(
        **{name: _files(paths) for name, paths in lake.files.items()},
        sums=", ".join(sums),
        earned=", ".join(f"coalesce(s.{line}, 0) AS {line}" for line in LINES[FIT:]),
        total=" + ".join(LINES),
    ).replace("$now", str(round(hour.timestamp() * 1_000_000)))
    with duckdb.connect(config={"threads": THREADS, "memory_limit": f"{MEMORY_MIB}MiB"}) as database:
        database.execute("SET TimeZone = 'UTC'")
        begun = time.monotonic()
        database.execute(f"COPY ({text}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")
        return time.monotonic() - begun


def _files(paths: tuple[Path, ...]) -> str:
    listed = ", ".join(f"'{path}'" for path in paths)
    return f"read_parquet([{listed}])"


def _copied(here: Ground) -> float:
    """Return how many verdicts a second PostgreSQL copies out and into a bare table with the same indexes."""
    with here.connect() as connection:
        connection.execute("CREATE TABLE bare_verdict (LIKE verdict INCLUDING ALL)")
        begun = time.monotonic()
        rows = connection.execute("INSERT INTO bare_verdict SELECT * FROM verdict").rowcount
        return rows / (time.monotonic() - begun)
