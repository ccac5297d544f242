"""Tables that are computed once for a place of the ledger and read many times: for a day, a Parquet file each."""

import fcntl
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from orchard.engine.compile import compiled
from orchard.engine.duck import Duck, Files, Input, Limits
from orchard.engine.lake.read import Reader, files_of, frames, relations
from orchard.engine.lake.sync import DERIVED, folder
from orchard.engine.spark import functions as engine_functions
from orchard.engine.types import Query, Step

KEPT_SECONDS = 24 * 3600.0
MEMORY_MIB = 2_048
THREADS = 2
STAMP = re.compile(r"[0-9]{1,19}-[0-9a-f]{16}")

_making = Lock()


@dataclass(frozen=True, slots=True)
class Derived:
    """A table made of the lake as it lay at one moment; the same `stamp` means the same moment, whatever the table."""

    path: Path
    stamp: str

    @property
    def pos(self) -> int:
        """The place up to which facts were read."""
        return int(self.stamp.partition("-")[0])


def derive(steps: Sequence[Step], stamp: str = "") -> Derived | None:
    """Return the table of the last step, made of the lake as it lies there now, or as it lay at `stamp`.

    The tables of the steps before it are kept as well: other reports of that moment need them too. None where that
    moment is over and the table was not made then, or is not kept any more.
    """
    if stamp and not STAMP.fullmatch(stamp):
        return None
    queries = [compiled(("derived", step.makes.name), step.build, step.reads, asks=()) for step in steps]
    if stamp and (found := _named(steps, queries, stamp)[-1]).path.exists():
        return found
    reader = files_of()
    if stamp not in ("", _stamp(reader)):
        return None
    tables = _named(steps, queries, _stamp(reader))
    if not tables[-1].path.exists():
        with _alone():
            inputs: dict[str, Input] = dict(relations(reader))
            for step, query, table in zip(steps, queries, tables, strict=True):
                if not table.path.exists():
                    _make(table.path, query, inputs)
                inputs[step.makes.name] = Files((table.path,))
    return tables[-1]


def newest(steps: Sequence[Step]) -> Derived | None:
    """Return the table of the last step that was made last, of whichever moment; None where none is kept."""
    queries = [compiled(("derived", step.makes.name), step.build, step.reads, asks=()) for step in steps]
    path = _named(steps, queries, "*")[-1].path
    kept = []
    for each in path.parent.glob(path.name):
        with suppress(FileNotFoundError):
            kept.append((each.stat().st_mtime, each))
    if not kept:
        return None
    _made_at, found = max(kept)
    return Derived(found, found.stem.removeprefix(path.name.partition("*")[0]))


@contextmanager
def _alone() -> Iterator[None]:
    """Make tables one after the other: whoever asks meanwhile, in whatever process, wants the same ones."""
    place = folder() / DERIVED
    place.mkdir(parents=True, exist_ok=True)
    with _making, (place / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(path: Path, query: Query, inputs: Mapping[str, Input]) -> None:
    making = path.with_suffix(f".{uuid4().hex[:8]}.making")
    spill = making.with_suffix(".spill")  # each its own: databases name what they spill alike
    database = Duck(Limits(MEMORY_MIB, THREADS, spill_folder=spill))
    try:
        database.write(query, inputs, making)
        making.rename(path)
    finally:
        database.close()
        making.unlink(missing_ok=True)
        shutil.rmtree(spill, ignore_errors=True)


def derive_on(spark: Any, steps: Sequence[Step], reader: Reader) -> Any:
    """Return the table of the last step as a Spark data frame over the same files."""
    made = dict(frames(spark, reader))
    functions = engine_functions()
    for step in steps:
        made[step.makes.name] = _by_itself(spark, step.build(functions, made, None)).cache()
    return made[steps[-1].makes.name]


def _by_itself(spark: Any, frame: Any) -> Any:
    """Return the same rows, made the same way if a worker is lost, without the plan that leads to them.

    Spark describes every question with the whole plan of each table that it reads, as often as it reads it: of tables
    that are made of tables this outgrows its memory.
    """
    java = frame._jdf  # noqa: SLF001 - PySpark has no other way to what lies beneath
    session = spark._jsparkSession  # noqa: SLF001
    rows = session.internalCreateDataFrame(java.queryExecution().toRdd(), java.schema(), False)
    return type(frame)(rows, spark)


def forget_derived() -> None:
    """Delete all that was made; it is made anew when it is asked for."""
    with _alone():
        for path in (folder() / DERIVED).glob("*.*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def forget_old() -> None:
    """Delete what was made more than a day ago: who was erased since is still a number in it."""
    oldest = time.time() - KEPT_SECONDS
    for path in (folder() / DERIVED).glob("*.*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _named(steps: Sequence[Step], queries: Sequence[Query], stamp: str) -> list[Derived]:
    """Return where the tables of all steps lie: each by what makes it, and what makes the tables it reads."""
    signs: dict[str, str] = {}
    tables = []
    for step, query in zip(steps, queries, strict=True):
        made_of = [query.text, *(signs[read.name] for read in step.reads if read.name in signs)]
        name = step.makes.name
        signs[name] = blake2b(repr(made_of).encode(), digest_size=4).hexdigest()
        tables.append(Derived(folder() / DERIVED / f"{name}-{signs[name]}-{stamp}.parquet", stamp))
    return tables


def _stamp(reader: Reader) -> str:
    read_from = [(name, [path.name for path in paths]) for name, paths in sorted(reader.files.items())]
    return f"{reader.pos}-{blake2b(repr(read_from).encode(), digest_size=8).hexdigest()}"
