"""Tables that are computed once for a place of the ledger and read many times: for a day, a Parquet file each."""

import re
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
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

    None where that moment is over and the table was not made then, or is not kept any more.
    """
    queries = [compiled(("derived", step.makes.name), step.build, step.reads, asks=()) for step in steps]
    if stamp and not STAMP.fullmatch(stamp):
        return None
    if stamp and (found := _named(steps, queries, stamp)).path.exists():
        return found
    reader = files_of()
    if stamp not in ("", _stamp(reader)):
        return None
    found = _named(steps, queries, _stamp(reader))
    if found.path.exists():
        return found
    with _making:  # whoever asks meanwhile wants the same table
        if not found.path.exists():
            _make(found.path, [step.makes.name for step in steps], queries, dict(relations(reader)))
    return found


def _make(path: Path, names: Sequence[str], queries: Sequence[Query], inputs: dict[str, Input]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    database = Duck(Limits(MEMORY_MIB, THREADS, spill_folder=path.parent / "spill"))
    made: list[Path] = []
    try:
        for name, query in zip(names, queries, strict=True):
            made.append(path.parent / f"{name}-{uuid4().hex}.making")
            database.write(query, inputs, made[-1])
            inputs[name] = Files((made[-1],))
        made[-1].rename(path)
    finally:
        database.close()
        for each in made:
            each.unlink(missing_ok=True)


def derive_on(spark: Any, steps: Sequence[Step], reader: Reader) -> Any:
    """Return the table of the last step as a Spark data frame over the same files."""
    made = dict(frames(spark, reader))
    functions = engine_functions()
    for step in steps:
        made[step.makes.name] = step.build(functions, made, None).cache()
    return made[steps[-1].makes.name]


def forget_derived() -> None:
    """Delete all that was made; it is made anew when it is asked for."""
    shutil.rmtree(folder() / DERIVED, ignore_errors=True)


def forget_old() -> None:
    """Delete what was made more than a day ago: who was erased since is still a number in it."""
    oldest = time.time() - KEPT_SECONDS
    for path in (folder() / DERIVED).glob("*.*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _named(steps: Sequence[Step], queries: Sequence[Query], stamp: str) -> Derived:
    text = blake2b(repr([query.text for query in queries]).encode(), digest_size=4).hexdigest()
    return Derived(folder() / DERIVED / f"{steps[-1].makes.name}-{text}-{stamp}.parquet", stamp)


def _stamp(reader: Reader) -> str:
    read_from = [(name, [path.name for path in paths]) for name, paths in sorted(reader.files.items())]
    return f"{reader.pos}-{blake2b(repr(read_from).encode(), digest_size=8).hexdigest()}"
