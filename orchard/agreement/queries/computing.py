"""How verdicts are computed: of a few contacts from their rows, of everybody from the lake, on DuckDB or a cluster."""

import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from pyarrow import parquet

from orchard.agreement.queries.terms import names_for, query_of
from orchard.agreement.verdict import Terms, Verdict
from orchard.engine import catalogue, duck, lake, rows, spark
from orchard.engine.duck import Duck, Files, Input, Limits
from orchard.engine.lake.read import frames as lake_frames
from orchard.engine.types import Query, TableSpec
from orchard.kit import clock

DUCKDB = "duckdb"
MEMORY_MIB = 2_048
THREADS = 2
LEFT_BEHIND = 86_400
"""Seconds after which the folder of a refresh is that of a killed one."""
FEW = 500
"""Contacts for whom computing is quicker than planning how to."""

Progress = Callable[[str, int], None]
"""Told how far a step is: what is being done, and how many rows of it."""


def of_contacts(terms: Terms, contact_ids: Collection[int], hour: datetime) -> pa.Table:
    """Return the verdicts of living contacts as `agreement.verdict.Verdict` gives them, from what stands now."""
    query, tables = query_of(terms)
    ids = sorted(contact_ids)
    inputs = {table.name: rows.of_contacts(table, ids, kinds=terms.kinds) for table in tables}
    database = duck.for_few() if len(ids) <= FEW else duck.shared()
    return database.run(query.bind(now=hour), inputs)


@dataclass(frozen=True)
class Found:
    """The verdicts of everybody, in files: ask them by SQL over `found` and other tables."""

    database: Duck
    tables: Mapping[str, Files]
    facts: int
    seconds: float
    """How long the computation alone took."""

    def ask(self, text: str, **parameters: Any) -> pa.Table:
        """Return the answer to SQL of our own over `found` and the tables read besides."""
        return self.database.run(Query(text, parameters, tuple(self.tables), tuple(parameters)), self.tables)


@contextmanager
def everybody(
    terms: Terms,
    hour: datetime,
    *,
    engine: str = DUCKDB,
    first: Sequence[TableSpec] = (),
    progress: Progress | None = None,
) -> Iterator[Found]:
    """Give the verdicts of everybody at `hour` (a full one), read from what stands now; nothing is written.

    The files live as long as the block. `engine` is `duckdb`, or the address of a Spark master; `first` are tables
    to be read before all others, and asked beside the verdicts.
    """
    folder = Path(tempfile.mkdtemp(prefix="refresh-", dir=_place()))
    database = Duck(Limits(MEMORY_MIB, THREADS, spill_folder=folder / "spill"))
    try:
        besides = {table.name: _file(table, folder, progress) for table in first}
        query, tables = query_of(terms)
        synced = lake.sync(now=clock.of_machine())
        if progress:
            progress("facts in the lake", synced.rows)
        reader = lake.files_of()
        views = catalogue.installed().views
        own = {table.name: _file(table, folder, progress) for table in tables if table.name not in views}
        begun, answer = time.monotonic(), folder / "found"
        if engine == DUCKDB:
            _by_duckdb(database, query.bind(now=hour), {**lake.relations(reader), **own}, answer)
        else:
            _by_spark(engine, terms, hour, reader, own=own, answer=answer)
        seconds = time.monotonic() - begun
        files = Files(tuple(sorted(answer.glob("*.parquet"))))
        yield Found(database, {"found": files, **besides}, synced.rows, seconds)
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


def _file(table: TableSpec, folder: Path, progress: Progress | None) -> Files:
    """Write a table that the lake does not hold to a file, as it stands."""
    path, count = folder / f"{table.name}.parquet", 0
    schema = pa.schema([(name, rows.ARROW[type_]) for name, type_ in table.columns.items()])
    with parquet.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for batch in rows.streamed(table):
            writer.write_batch(batch)
            count += batch.num_rows
            if progress:
                progress(table.name, count)
    return Files((path,))


def _by_duckdb(database: Duck, query: Query, inputs: Mapping[str, Input], answer: Path) -> None:
    answer.mkdir()
    with (
        database.batches(query, inputs) as batches,
        parquet.ParquetWriter(answer / "0.parquet", batches.schema, compression="snappy") as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)


def _by_spark(
    master: str,
    terms: Terms,
    hour: datetime,
    reader: lake.Reader,
    *,
    own: Mapping[str, Files],
    answer: Path,
) -> None:
    verdict = Verdict(terms, names_for(terms))
    with spark.working(master) as session:
        frames = {name: spark.frame(session, files.paths) for name, files in own.items()}
        found = spark.run(session, verdict, {**lake_frames(session, reader), **frames}, hour)
        found.write.parquet(str(answer))


def _place() -> Path:
    place: Path = settings.ORCHARD_HOME / "work"
    place.mkdir(parents=True, exist_ok=True)
    for left in place.glob("refresh-*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(left, ignore_errors=True)
    return place
