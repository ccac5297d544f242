"""How a report is asked: its derived table as of a place, on DuckDB or Spark, and answers that are found again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from uuid import uuid4

import pyarrow as pa
from django.utils.translation import gettext as _
from pyarrow import compute

from orchard.engine import compile as compiling
from orchard.engine import duck, lake
from orchard.engine.dialect import parameter
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.kit.errors import NotFound
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, micros
from orchard.reports.types import Asked

EVER = (-(2**62), 2**62)
KEPT = 256
SHORT = 5_000
"""An answer of so many rows is remembered, and kept for other processes; a longer one is asked anew."""

Given = Mapping[str, Any]
Ask = Callable[[Any, Any, Given], Any]
"""`ask(F, frame, given) -> DataFrame`: functions, the derived table, and what is given as columns by name."""


class NoLongerKept(NotFound):
    """The rows behind a number were kept for a day, and that is over."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Whom a number counts: a table of `id` (what is counted) and `person`, and as of which place.

    `others` counts those whom the asker may not see: they are in the number, and not in the table.
    """

    table: pa.Table
    pos: int
    others: int = 0


class Source(Protocol):
    """A derived table that can be asked."""

    @property
    def pos(self) -> int:
        """The place up to which facts were read."""

    @property
    def stamp(self) -> str:
        """What finds the same table again."""

    def ask(self, key: Hashable, ask: Ask, given: Mapping[str, tuple[ColumnType, Any]]) -> pa.Table:
        """Return the answer; `key` names all that `ask` depends on."""

    def beside(self, steps: Sequence[Step]) -> "Source":
        """Return the table of the last of other steps, as of the same moment and on the same engine."""


class Kept:
    """A derived table in its file, asked by DuckDB."""

    def __init__(self, table: TableSpec, found: lake.Derived, now: datetime) -> None:
        self.pos, self.stamp = found.pos, found.stamp
        self._table, self._path, self._now = table, found.path, now

    def beside(self, steps: Sequence[Step]) -> Source:
        """Return another table of the same moment."""
        return source_of(steps, now=self._now, stamp=self.stamp)

    def ask(self, key: Hashable, ask: Ask, given: Mapping[str, tuple[ColumnType, Any]]) -> pa.Table:
        """Return the answer, found again where the same was asked of the same table."""
        values = {name: value for name, (_type, value) in given.items()}
        asked = repr((metadata.version("orchard"), key, sorted(values.items())))
        sign = blake2b(asked.encode(), digest_size=16).hexdigest()
        kept = self._path.with_name(f"{self._path.stem}-{sign}.arrow")
        return _found_again(kept, lambda: self._ask(key, ask, given, values))

    def _ask(
        self, key: Hashable, ask: Ask, given: Mapping[str, tuple[ColumnType, Any]], values: Mapping[str, Any]
    ) -> pa.Table:
        def build(F: Any, tables: Mapping[str, Any], _now: Any) -> Any:  # noqa: N803 - PySpark's name
            named = {
                name: parameter(name, compiling.SPARK_TYPES[type_]) for name, (type_, _) in given.items()
            }
            return ask(F, tables[self._table.name], named)

        query = compiling.compiled(("asked", key), build, [self._table], asks=tuple(given))
        return duck.shared().run(query.bind(**values), {self._table.name: duck.Files((self._path,))})


class OnSpark:
    """A derived table on a Spark cluster."""

    stamp = ""

    def __init__(self, spark: Any, steps: Sequence[Step], reader: lake.Reader) -> None:
        self.pos = reader.pos
        self._spark, self._reader = spark, reader
        self._frame = lake.derive_on(spark, steps, reader)

    def beside(self, steps: Sequence[Step]) -> Source:
        """Return another table over the same files."""
        return OnSpark(self._spark, steps, self._reader)

    def ask(self, _key: Hashable, ask: Ask, given: Mapping[str, tuple[ColumnType, Any]]) -> pa.Table:
        """Return the answer."""
        from orchard.engine import spark  # noqa: PLC0415 - an extra

        F = spark.functions()  # noqa: N806 - PySpark's name
        named = {
            name: F.lit(value).cast(compiling.SPARK_TYPES[type_]) for name, (type_, value) in given.items()
        }
        return ask(F, self._frame, named).toArrow()


_answers: OrderedDict[Path, pa.Table] = OrderedDict()
_lock = Lock()


def _found_again(kept: Path, make: Callable[[], pa.Table]) -> pa.Table:
    """Return an answer that this process remembers, that another one kept in the file, or that is made now."""
    with _lock:
        if kept in _answers:
            _answers.move_to_end(kept)
            return _answers[kept]
    found = _read(kept)
    if found is None:
        found = make()
        if found.num_rows > SHORT:
            return found
        _write(kept, found)
    with _lock:
        _answers[kept] = found
        while len(_answers) > KEPT:
            _answers.popitem(last=False)
    return found


def _read(kept: Path) -> pa.Table | None:
    try:
        with pa.OSFile(str(kept)) as file:
            return pa.ipc.open_file(file).read_all()
    except (FileNotFoundError, pa.ArrowInvalid):
        return None


def _write(kept: Path, found: pa.Table) -> None:
    """Keep an answer for other processes; where the disk refuses, each makes its own."""
    making = kept.with_suffix(f".{uuid4().hex[:8]}.making")
    with suppress(OSError):
        with pa.OSFile(str(making), "wb") as file, pa.ipc.new_file(file, found.schema) as writer:
            writer.write_table(found)
        making.rename(kept)


def forget_answers() -> None:
    """Drop the answers that this process found so far."""
    with _lock:
        _answers.clear()


def source_of(steps: Sequence[Step], *, now: datetime, stamp: str = "", at_once: bool = False) -> Kept:
    """Return the table of the last step as things stood at `stamp`, or else as they stand now.

    Where a large house would have to make it anew, whoever wants it `at_once` gets the last one that was made. Raises
    `NoLongerKept` where nothing of that moment is kept any more.
    """
    is_fresh = bool(stamp) or lake.freshen(now=now)
    found = lake.newest(steps) if at_once and not is_fresh else None
    found = found or lake.derive(steps, stamp)
    if found is None:
        raise NoLongerKept(
            _("What stood behind this number was kept for a day, and that is over. Open the report anew.")
        )
    return Kept(steps[-1].makes, found, now)


_ANY, _IS, _IS_UNKNOWN = range(3)
"""How a question narrows a dimension: not at all, to one value, or to where none is known."""


def brought_by(found: pa.Table, campaign_ids: Sequence[int] | None) -> pa.Table:
    """Return the rows of whom one of these campaigns brought first; all of them where none are named."""
    if campaign_ids is not None:
        found = found.filter(compute.is_in(found["campaign_id"], pa.array(list(campaign_ids), pa.int64())))
    return found.select(["id", "person"])


def narrowed(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the rows of whom came in within [`since`, `until`) and is counted under what the question narrows to.

    All of it is given and nothing written into the expression, so that one text serves every question.
    """
    came = (F.col("came_at") >= given["since"]) & (F.col("came_at") < given["until"])
    return counted_under(F, frame.where(came), given)


def counted_under(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803
    """Return the rows that are counted under what the question narrows to, whenever anybody came in."""
    for name, dimension in DIMENSIONS.items():
        if dimension.column not in frame.columns:
            continue
        column, how = F.col(dimension.column), given[f"how_{name}"]
        frame = frame.where(
            (how == _ANY)
            | ((how == _IS) & (column == given[f"is_{name}"]))
            | ((how == _IS_UNKNOWN) & column.isNull())
        )
    return frame


def given_by(asked: Asked) -> dict[str, tuple[ColumnType, Any]]:
    """Return the values that `narrowed` needs."""
    since = EVER[0] if asked.since is None else micros(asked.since)
    until = EVER[1] if asked.until is None else micros(asked.until)
    given: dict[str, tuple[ColumnType, Any]] = {
        "since": (ColumnType.BIGINT, since),
        "until": (ColumnType.BIGINT, until),
    }
    for name, dimension in DIMENSIONS.items():
        value = asked.where.get(name)
        how = _ANY if name not in asked.where else _IS if value is not None else _IS_UNKNOWN
        given |= {f"how_{name}": (ColumnType.BIGINT, how), f"is_{name}": (dimension.type, value)}
    return given
