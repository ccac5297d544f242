"""The funnel by campaign, read from the lake at its place, and the contacts behind each of its numbers."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any

import pyarrow as pa
from pyarrow import compute

from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.contacts.tables import CONTACTS
from orchard.engine import compile as compiling
from orchard.engine import duck, lake
from orchard.engine.dialect import parameter
from orchard.interactions.tables import FACTS
from orchard.kit import paging
from orchard.reports.queries.contacts import PAGE, rows_of
from orchard.reports.tables import SOURCES, funnel, lives
from orchard.reports.types import ContactRow

_EPOCH = datetime.fromtimestamp(0, UTC)
_EVER = (-(2**62), 2**62)
_KEPT = 32
_SUMS = ("entered", "qualified", "skipped", "won", "early")


class Reached(StrEnum):
    """How far the contacts came that a number of the funnel counts."""

    ENTERED = "entered"
    QUALIFIED = "qualified"
    SKIPPED = "skipped"
    WON = "won"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Step:
    """How far the contacts of one campaign came; `campaign` is None where their source is not known."""

    campaign: str | None
    entered: int
    qualified: int
    skipped: int
    won: int
    early: int
    campaign_id: int | None = None

    @property
    def qualified_share(self) -> float:
        """Qualified of entered, between 0 and 1."""
        return self.qualified / self.entered if self.entered else 0.0

    @property
    def won_share(self) -> float:
        """Won of entered, between 0 and 1."""
        return self.won / self.entered if self.entered else 0.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel: a step per campaign, the largest first, their sum, and the place up to which facts were read."""

    rows: list[Step]
    total: Step
    pos: int

    def data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "rows": [{**asdict(row), "won_share": round(row.won_share, 4)} for row in self.rows],
            "total": {**asdict(self.total), "won_share": round(self.total.won_share, 4)},
            "pos": self.pos,
        }


@dataclass(frozen=True, slots=True)
class FunnelPeople:
    """A page of the contacts that a number of the funnel counts, and that number."""

    page: paging.Page[ContactRow]
    number: int
    pos: int


# The last answers by what they were read from: the same files give the same figures.
_kept: OrderedDict[Hashable, list[dict[str, Any]]] = OrderedDict()
_lock = Lock()


def funnel_by_campaign(
    *, now: datetime, since: datetime | None = None, until: datetime | None = None
) -> Funnel:
    """Return the funnel by first campaign of who came in within [`since`, `until`), as of the lake's place."""
    reader, found = _read(now, since, until)
    names = campaigns.names([row["campaign_id"] for row in found if row["campaign_id"] is not None])
    rows = sorted(
        (_step(row, names.get(row["campaign_id"])) for row in found),
        key=lambda step: (-step.entered, step.campaign or ""),
    )
    return Funnel(rows, Step("all", **_summed(found)), reader.pos)


def figures_of(branches: Mapping[int, Collection[int]], *, now: datetime) -> tuple[dict[int, Step], int]:
    """Return for each key the funnel of these campaigns together, and the place up to which facts were read.

    A contact has one first campaign, so the figures of a branch are the sum of its campaigns'.
    """
    reader, found = _read(now, None, None)
    by_campaign = {row["campaign_id"]: row for row in found}
    steps = {
        key: Step(None, **_summed([by_campaign[each] for each in ids if each in by_campaign]))
        for key, ids in branches.items()
    }
    return steps, reader.pos


def funnel_people(
    *,
    reached: Reached,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
    unknown: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str = "",
) -> FunnelPeople:
    """Return one page of the contacts behind a number: of some first campaigns, of none known, or of all.

    They are walked by their ids, the newest first.
    """
    lake.freshen(now=now)
    reader = lake.files_of()
    back, key = paging.decode(cursor, int)
    query = compiling.compiled(
        ("reports.lives", reached.value),
        _people(reached),
        [FACTS, CONTACTS, SOURCES],
        asks=("since", "until"),
    )
    bound = query.bind(**_range(since, until))
    found = duck.shared().run(bound, lake.relations(reader))
    if unknown:
        found = found.filter(compute.is_null(found["campaign_id"]))
    elif campaign_ids is not None:
        found = found.filter(compute.is_in(found["campaign_id"], pa.array(campaign_ids, pa.int64())))
    left = found
    if key:
        beyond = compute.greater if back else compute.less
        left = found.filter(beyond(found["person"], key[0]))
    order = [("person", "ascending" if back else "descending")]
    ids = left.take(compute.select_k_unstable(left, PAGE + 1, order))["person"].to_pylist()
    page = paging.page(ids, size=PAGE, cursor=cursor, key=lambda each: (each,))
    known = {row.id: row for row in contacts.contacts(ids=list(page.rows), size=PAGE).rows}
    rows = rows_of([known[each] for each in page.rows if each in known], now=now)
    return FunnelPeople(paging.Page(rows, page.next, page.previous), found.num_rows, reader.pos)


def _people(reached: Reached) -> compiling.Build:
    """Return the expression of person and campaign of those who came that far."""

    def build(F: Any, tables: Mapping[str, Any], _now: Any) -> Any:  # noqa: N803 - PySpark's name
        people = lives(F, tables, *_bounds())
        if reached is not Reached.ENTERED:
            people = people.where(F.col(f"was_{reached.value}") == F.lit(1).cast("bigint"))
        return people.select("person", "campaign_id")

    return build


def _read(
    now: datetime, since: datetime | None, until: datetime | None
) -> tuple[lake.Reader, list[dict[str, Any]]]:
    """Return the funnel's plain rows, and from where they were read."""
    lake.freshen(now=now)
    reader = lake.files_of()
    bounds = _range(since, until)
    read_from = tuple(
        (name, paths) for name, paths in sorted(reader.files.items()) if name not in ("campaign", "content")
    )
    key = (read_from, tuple(bounds.values()))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return reader, _kept[key]
    query = compiling.compiled("reports.funnel", _funnel, [FACTS, CONTACTS, SOURCES], asks=("since", "until"))
    found: list[dict[str, Any]] = duck.shared().run(query.bind(**bounds), lake.relations(reader)).to_pylist()
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return reader, found


def _funnel(F: Any, tables: Mapping[str, Any], _now: Any) -> Any:  # noqa: N803 - PySpark's name
    return funnel(F, tables, *_bounds())


def _bounds() -> tuple[Any, Any]:
    return parameter("since", "bigint"), parameter("until", "bigint")


def _range(since: datetime | None, until: datetime | None) -> dict[str, int]:
    return {
        "since": _EVER[0] if since is None else _micros(since),
        "until": _EVER[1] if until is None else _micros(until),
    }


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _summed(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: sum(int(row[name]) for row in rows) for name in _SUMS}


def _step(row: dict[str, Any], name: str | None) -> Step:
    return Step(name, **_summed([row]), campaign_id=row["campaign_id"])
