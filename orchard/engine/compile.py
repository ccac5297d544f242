"""Turn a builder, written once in the PySpark DataFrame API, into DuckDB SQL: one at a time, and kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import RLock
from typing import Any

from sqlframe.standalone import StandaloneSession

from orchard.engine.dialect import DUCK, parameter
from orchard.engine.types import ColumnType, Query, TableSpec

Build = Callable[[Any, Mapping[str, Any], Any], Any]
"""`build(F, tables, now) -> DataFrame`: functions, data frames by table name, and the column of the hour."""

KEPT = 512

SPARK_TYPES = {
    ColumnType.BIGINT: "bigint",
    ColumnType.DOUBLE: "double",
    ColumnType.TEXT: "string",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.DATE: "date",
    ColumnType.JSON: "string",
}
"""Our types as Spark names them."""


class _Asked(dict[str, Any]):
    """The data frames by name, which remembers the names that a builder asked for."""

    def __init__(self, frames: Mapping[str, Any]) -> None:
        super().__init__(frames)
        self.names: list[str] = []

    def __getitem__(self, name: str) -> Any:
        if name not in self.names:
            self.names.append(name)
        return super().__getitem__(name)


_lock = RLock()
_kept: OrderedDict[Hashable, Query] = OrderedDict()


def compiled(
    key: Hashable, build: Build, tables: Sequence[TableSpec], *, asks: Sequence[str] = ("now",)
) -> Query:
    """Return `build` as DuckDB SQL over `tables`, with the parameter `$now` (an aware datetime) or those it `asks` for.

    The text is kept under `key` and the shape of the tables, for the `KEPT` that were used last; the key must
    name all that `build` depends on (the version of an agreement, a condition). Compiling takes 50 to 200 ms,
    finding microseconds. Any number of threads may call; they compile one after the other.
    """
    whole_key = (key, tuple((table.name, tuple(table.columns.items())) for table in tables))
    with _lock:
        found = _kept.get(whole_key)
        if found is None:
            found = _kept[whole_key] = _compile(build, tables, asks)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        else:
            _kept.move_to_end(whole_key)
        return found


def forget() -> None:
    """Drop every kept text, as when the catalogue changes under a running process."""
    with _lock:
        _kept.clear()


def _compile(build: Build, tables: Sequence[TableSpec], asks: Sequence[str]) -> Query:
    # SQLFrame keeps one session per process and its functions look it up there: hence the lock, and a session
    # of our own for each compilation, so that no table or name of an earlier one is left in it.
    session = StandaloneSession()
    session.stop()
    session = StandaloneSession()
    try:
        for table in tables:
            columns = {name: SPARK_TYPES[type_] for name, type_ in table.columns.items()}
            session.catalog.add_table(table.name, column_mapping=columns)
        frames = _Asked({table.name: session.table(table.name) for table in tables})
        frame = build(DUCK, frames, parameter("now", "timestamp"))
        # SQLFrame's optimizer takes sum(bigint) for a bigint and drops the cast that makes it one on DuckDB.
        text = frame.sql(dialect="duckdb", optimize=False, pretty=False)
    finally:
        session.stop()
    needs = tuple(name for name in asks if f"${name}" in text)
    return Query(text, {}, tuple(frames.names), needs)
