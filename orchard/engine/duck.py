"""Run compiled queries on DuckDB: one database in memory per process, a cursor per thread, bounded."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from orchard.engine.types import IDENTIFIER, Query

_STOPPED = "Query interrupted"
"""What DuckDB says when somebody stops the command in the middle of a query."""
_AGAIN = 0.02
"""Seconds after which a query that is to end is told so again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the database of this process may take: memory and spill in MiB, threads, and where it spills."""

    memory_mib: int = 512
    threads: int = 2
    spill_folder: Path | None = None
    """None means that a query which outgrows its memory fails instead of spilling."""
    spill_mib: int = 10_240
    plans: bool = True
    """False where the rows are so few that thinking about the way costs more than going it."""


@dataclass(frozen=True, slots=True)
class Files:
    """Parquet files that together are one table; an empty list needs `Rows` instead."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """SQL of our own making that yields a table, as for the lake's files with their tail."""

    sql: str


Input: TypeAlias = pa.Table | pa.RecordBatchReader | Files | Relation


class GivenUp(Exception):  # noqa: N818 - what became of the query
    """A query was ended before it was done: by the clock, or since nobody waits for it any more."""


class Stop:
    """What ends a query before it is done: the clock, `seconds` after this was made, or `now` in any thread."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._changed = threading.Condition()
        self._is_over = False
        self._is_done = True

    @property
    def left(self) -> float:
        """Seconds until the clock ends it, at least 0."""
        return max(0.0, self._until - time.monotonic())

    def now(self) -> None:
        """End the query; one that has not begun yet does not begin."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    @contextmanager
    def ending(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Watch over a query; raises `GivenUp` where it was ended."""
        with self._changed:
            if self._is_over or not self.left:
                raise GivenUp
            self._is_done = False
        watch = threading.Thread(target=self._watch, args=(cursor,), daemon=True)
        watch.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise GivenUp from error
        finally:
            with self._changed:
                self._is_done = True
                self._changed.notify_all()
            watch.join()

    def _watch(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self._is_done, self.left)
            while not self._is_done:
                # DuckDB forgets an interrupt that comes before it has begun: it is said until it is heard.
                cursor.interrupt()
                self._changed.wait(_AGAIN)


class Duck:
    """A DuckDB database in memory. Threads may share it: each gets a cursor, whose temporary names are its own."""

    def __init__(self, limits: Limits) -> None:
        spill = limits.spill_folder
        self._root = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{limits.memory_mib}MiB",
                "threads": limits.threads,
                "temp_directory": str(spill) if spill else "",
                "max_temp_directory_size": f"{limits.spill_mib if spill else 0}MiB",
                # It knows a file by name, inode, size and second: one deleted and made anew at once may have all four.
                # The system keeps files in memory anyhow; without it nothing is slower.
                "enable_external_file_cache": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
                # Our joins are written large LEFT JOIN small. Guessed sizes turn them round, and then ten million
                # facts are held in memory to look a few classes up.
                "disabled_optimizers": "build_side_probe_side" if limits.plans else _every_optimizer(),
            },
        )
        self._root.execute("SET GLOBAL TimeZone = 'UTC'")
        self._root.execute("SET GLOBAL lock_configuration = true")
        self._local = threading.local()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._root.cursor()
        return cursor

    def run(self, query: Query, inputs: Mapping[str, Input], *, stop: Stop | None = None) -> pa.Table:
        """Return the whole result; `inputs` holds each table that the query names, `query` all its parameters.

        Raises `GivenUp` where `stop` ended it.
        """
        with self._bound(query, inputs) as cursor, stop.ending(cursor) if stop else nullcontext():
            return cursor.execute(query.text, _values(query)).to_arrow_table()

    def write(self, query: Query, inputs: Mapping[str, Input], path: Path) -> None:
        """Write the whole result as a Parquet file; a query that needs values cannot be written."""
        if query.needs:
            raise LookupError(
                f"A query that is written takes no values; this one needs {', '.join(query.needs)}."
            )
        target = "'" + str(path).replace("'", "''") + "'"
        with self._bound(query, inputs) as cursor:
            cursor.execute(f"COPY ({query.text}) TO {target} (FORMAT parquet, COMPRESSION snappy)")

    @contextmanager
    def batches(
        self, query: Query, inputs: Mapping[str, Input], *, rows: int = 100_000
    ) -> Iterator[pa.RecordBatchReader]:
        """Give the result as a stream of record batches; this thread runs no other query until the block ends."""
        with self._bound(query, inputs) as cursor:
            yield cursor.execute(query.text, _values(query)).to_arrow_reader(rows)

    @contextmanager
    def _bound(self, query: Query, inputs: Mapping[str, Input]) -> Iterator[duckdb.DuckDBPyConnection]:
        missing = sorted(set(query.tables) - set(inputs))
        if missing:
            raise LookupError(f"The query reads {', '.join(missing)}, for which no input was given.")
        cursor = self._cursor()
        try:
            for name in query.tables:
                _bind(cursor, name, inputs[name])
            yield cursor
        except RuntimeError as error:
            # DuckDB makes an ordinary failure of Ctrl-C: whoever tries again what failed would not be stopped by it.
            if str(error) == _STOPPED:
                # Its other threads have not heard of it; closing the database would wait for their share of the query.
                cursor.interrupt()
                raise KeyboardInterrupt from error
            raise
        finally:
            for name in query.tables:
                cursor.execute(f"DROP VIEW IF EXISTS temp.{_quoted(name)}")
                cursor.unregister(name)

    def close(self) -> None:
        """Free the database; queries of other threads that still run are interrupted."""
        self._root.close()


def _values(query: Query) -> dict[str, Any]:
    unbound = sorted(set(query.needs) - set(query.parameters))
    if unbound:
        raise LookupError(f"The query needs a value for {', '.join(unbound)}.")
    return {name: query.parameters[name] for name in query.needs}


def _quoted(name: str) -> str:
    if not IDENTIFIER.match(name):
        raise ValueError(f"{name!r} is not a table name.")
    return f'"{name}"'


def _bind(cursor: duckdb.DuckDBPyConnection, name: str, source: Input) -> None:
    """Let `name` mean `source` for this cursor only."""
    if isinstance(source, Files):
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in source.paths)
        source = Relation(f"SELECT * FROM read_parquet([{paths}])")  # noqa: S608 - quoted above
    if isinstance(source, Relation):
        cursor.execute(f"CREATE OR REPLACE TEMP VIEW {_quoted(name)} AS {source.sql}")
    else:
        cursor.register(_quoted(name).strip('"'), source)


@cache
def _every_optimizer() -> str:
    with duckdb.connect(":memory:") as database:
        return ",".join(
            name for (name,) in database.execute("SELECT name FROM duckdb_optimizers()").fetchall()
        )


_shared: dict[tuple[int, bool], Duck] = {}
_shared_lock = threading.Lock()

FEW = Limits(memory_mib=128, threads=1, plans=False)


def shared(limits: Limits | None = None) -> Duck:
    """Return the database of this process, made with `limits` by whoever comes first; a forked child gets its own."""
    return _of_process(limits or Limits())


def for_few() -> Duck:
    """Return this process's database for a handful of rows, where a query is done before a plan would be."""
    return _of_process(FEW)


def _of_process(limits: Limits) -> Duck:
    with _shared_lock:
        place = (os.getpid(), limits.plans)
        if place not in _shared:
            _shared[place] = Duck(limits)
        return _shared[place]
