"""How the lake is read: the analytical tables as SQL over its listed files, the same text for DuckDB and Spark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchard.engine import catalogue
from orchard.engine.duck import Relation
from orchard.engine.lake.sync import folder
from orchard.engine.models import LakeFile, LakeTable
from orchard.engine.types import LakeSource

# ANSI names that both engines know; a column without any row has no file to tell its type.
_TYPES = {
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "text": "VARCHAR(1)",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "json": "VARCHAR(1)",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """The lake at one moment: its files by table, and the place up to which they hold every fact."""

    files: Mapping[str, tuple[Path, ...]]
    filled: frozenset[str]
    pos: int
    at: Mapping[str, int]
    """How far each table has come."""
    settled: int
    """The place up to which they hold also what is decided about facts later, such as whether a person made them."""

    def without(self, names: Iterable[str]) -> "Reader":
        """Return the lake with these tables empty."""
        gone = set(names)
        files = {name: () if name in gone else paths for name, paths in self.files.items()}
        return replace(self, files=files, filled=self.filled - gone)


def files_of() -> Reader:
    """Return the files that readers may read now."""
    found: dict[str, list[Path]] = {source.name: [] for source in catalogue.installed().lake}
    filled = set()
    shapes = {source.name: source.shape for source in catalogue.installed().lake}
    come = {
        name: pos
        for name, pos, shape in LakeTable.objects.values_list("name", "pos", "shape")
        if shape == shapes.get(name)
    }
    for name, path, rows in (
        LakeFile.objects.filter(retired_at__isnull=True)
        .order_by("first_pos")
        .values_list("table_id", "path", "rows")
    ):
        if name in come and rows:
            found[name].append(folder() / path)
            filled.add(name)
    logs = [come.get(source.name, 0) for source in catalogue.installed().lake if source.log]
    late = [come.get(source.name, 0) for source in catalogue.installed().lake if source.head]
    pos = min(logs, default=0)
    paths_of = {name: tuple(paths) for name, paths in found.items()}
    return Reader(paths_of, frozenset(filled), pos, come, min([pos, *late]))


def relations(reader: Reader, instead: Mapping[str, str] | None = None) -> dict[str, Relation]:
    """Return each analytical table as DuckDB SQL over the lake's files.

    `instead` names tables of the lake that the reader brings itself, as they stand now, with what they are called.
    """
    sources = {source.name: source for source in catalogue.installed().lake}
    own = dict(instead or {})
    named = {name: f"({_scan(sources[name], paths)})" for name, paths in reader.files.items()} | own
    filled = reader.filled | own.keys()
    return {
        name: Relation(view(filled).format(**named)) for name, view in catalogue.installed().views.items()
    }


def frames(spark: Any, reader: Reader) -> dict[str, Any]:
    """Return each analytical table as a Spark data frame over the same files, by the same text."""
    sources = {source.name: source for source in catalogue.installed().lake}
    for name, paths in reader.files.items():
        frame = spark.read.parquet(*map(str, paths)) if paths else spark.sql(_nothing(sources[name]))
        frame.createOrReplaceTempView(f"lake_{name}")
    named = {name: f"lake_{name}" for name in reader.files}
    return {
        name: spark.sql(view(reader.filled).format(**named))
        for name, view in catalogue.installed().views.items()
    }


def _scan(source: LakeSource, paths: tuple[Path, ...]) -> str:
    if not paths:
        return _nothing(source)
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608 - quoted above


def _nothing(source: LakeSource) -> str:
    columns = ", ".join(f"CAST(NULL AS {_TYPES[type_]}) AS {name}" for name, type_ in source.columns.items())
    return f"SELECT {columns} WHERE 1 = 0"
