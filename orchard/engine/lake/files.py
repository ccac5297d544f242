"""How rows of PostgreSQL become a Parquet file, and several files one."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from django.db import connection

from orchard.engine.types import ColumnType, LakeSource

_DUCK_TYPES = {
    ColumnType.BIGINT: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIMESTAMP: "TIMESTAMPTZ",
    ColumnType.DATE: "DATE",
    ColumnType.JSON: "VARCHAR",
}
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)"
_NULL = r"\N"


def write_file(source: LakeSource, path: Path, **bounds: int) -> tuple[int, int]:
    """Write what `source` selects (between `after` and `upto` for a log) to `path`; return its rows and bytes."""
    rows = path.with_suffix(".csv")
    try:
        with rows.open("wb") as file, connection.cursor() as cursor:
            copy = f"COPY ({source.select}) TO STDOUT (FORMAT csv, NULL '{_NULL}')"
            with cursor.copy(_bound(copy, bounds)) as stream:
                for block in stream:
                    file.write(block)
        columns = ", ".join(f"'{name}': '{_DUCK_TYPES[type_]}'" for name, type_ in source.columns.items())
        order = "ORDER BY pos" if source.log else ""
        return _written(
            f"SELECT * FROM read_csv({_text(rows)}, columns={{{columns}}}, header=false, nullstr='{_NULL}',"  # noqa: S608
            f" allow_quoted_nulls=false, delim=',', quote='\"', escape='\"', auto_detect=false, max_line_size=16777216)"
            f" {order}",
            path,
        )
    finally:
        rows.unlink(missing_ok=True)


def merge_files(paths: Sequence[Path], path: Path) -> tuple[int, int]:
    """Write the rows of several files of a log, in order, as one; return its rows and bytes."""
    listed = ", ".join(_text(each) for each in paths)
    return _written(f"SELECT * FROM read_parquet([{listed}]) ORDER BY pos", path)  # noqa: S608


def differing(before: Sequence[Path], after: Sequence[Path]) -> int:
    """Return how many rows of the one or the other set of files have no equal in the other, whichever has more."""
    if not before or not after:
        return _count(before) + _count(after)
    old, new = (f"SELECT * FROM read_parquet([{', '.join(map(_text, paths))}])" for paths in (before, after))  # noqa: S608
    with _opened(before[0].parent) as duck:
        if len({_one(duck, f"SELECT count(*), sum(hash(t)) FROM ({each}) t") for each in (old, new)}) == 1:  # noqa: S608
            return 0
        return max(
            int(_one(duck, f"SELECT count(*) FROM ({some} EXCEPT ALL {others})")[0])  # noqa: S608
            for some, others in ((old, new), (new, old))
        )


def _count(paths: Sequence[Path]) -> int:
    return sum(pq.read_metadata(path).num_rows for path in paths)


def _one(duck: duckdb.DuckDBPyConnection, text: str) -> tuple[Any, ...]:
    return duck.execute(text).fetchone() or (0,)


@contextmanager
def _opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB"}) as duck:
        duck.execute("SET TimeZone = 'UTC'")
        duck.execute(f"SET temp_directory = {_text(folder / 'spill')}")
        yield duck


def _written(select: str, path: Path) -> tuple[int, int]:
    making = path.with_suffix(".making")
    with _opened(path.parent) as duck:
        (count,) = duck.execute(f"COPY ({select}) TO {_text(making)} {_PARQUET}").fetchone() or (0,)
    with making.open("rb") as file:
        os.fsync(file.fileno())
    making.rename(path)
    return int(count), path.stat().st_size


def _bound(copy: str, bounds: dict[str, int]) -> Any:
    """Put whole numbers where COPY, which takes no parameters, needs them."""
    for name, value in bounds.items():
        copy = copy.replace(f"%({name})s", str(int(value)))
    return copy


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
