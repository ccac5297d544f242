"""The orchard: of each campaign how many contacts grow, ripen, are ripe, picked, or rot, now and month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orchard.agreement import queries as agreement
from orchard.engine.types import ColumnType
from orchard.kit.errors import NotFound
from orchard.reports.queries.numbers.asking import (
    Behind,
    Given,
    Source,
    brought_by,
    counted_under,
    given_by,
    narrowed,
    source_of,
)
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, Value, micros, named
from orchard.reports.tables import BANDS, FRUIT_STEPS, ORCHARD_STEPS, hung, in_band, turned
from orchard.reports.types import Answer, Asked, Column, Kind, Layers, Picture, Row, Sheet

NAME = "orchard"
BYS = ("campaign", "source")
MONTHS = 18
"""So many months are told, the present one included."""

EVERYBODY = "contacts"

_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)
BAND_LABELS = {
    EVERYBODY: gettext_lazy("Contacts"),
    "growing": gettext_lazy("Growing"),
    "ripening": gettext_lazy("Ripening"),
    "ripe": gettext_lazy("Ripe"),
    "rotting": gettext_lazy("On the ground"),
    "picked": gettext_lazy("Picked"),
    "disqualified": gettext_lazy("Disqualified"),
}
_SAYS = {
    "growing": gettext_lazy("Known to us and quiet: nothing of their own accord lately, nor a talk"),
    "ripening": gettext_lazy(
        "Did something of their own accord or talked with us lately, or came back from Sales"
    ),
    "ripe": gettext_lazy("Meets the agreement, and nobody in Sales has accepted it yet"),
    "rotting": gettext_lazy("Were ripe, and nobody was in touch for longer than the agreement allows"),
    "picked": gettext_lazy("In the hands of Sales, with a sale open, or a customer"),
}


@dataclass(frozen=True, slots=True)
class Hanging:
    """How many contacts were in each of the bands at a time."""

    growing: int = 0
    ripening: int = 0
    ripe: int = 0
    rotting: int = 0
    disqualified: int = 0
    picked: int = 0

    @property
    def contacts(self) -> int:
        """Return how many there were in all."""
        return sum(getattr(self, band) for band in BANDS)

    def with_(self, other: "Hanging") -> "Hanging":
        """Return both together."""
        return Hanging(**{band: getattr(self, band) + getattr(other, band) for band in BANDS})


@dataclass(frozen=True, slots=True)
class Replay:
    """The orchard month by month: the trees by what they are counted under, each as it stood at each moment.

    `moments` are the midnights (UTC) before which a month was over, the last one the end of today.
    """

    moments: Sequence[datetime]
    trees: Mapping[Value, Sequence[Hanging]]
    by: str
    names: Mapping[Any, str]
    pos: int
    stamp: str

    def name_of(self, value: Value) -> str:
        """Return what a tree is called."""
        return DIMENSIONS[self.by].name_of(value, self.names)


def orchard(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return how ripe those are whom each campaign brought first, at the end of the day of `asked.hour`, else today."""
    by = asked.by or "campaign"
    at = _moment(asked, now)
    source = source or source_of(ORCHARD_STEPS, now=now, stamp=asked.stamp)
    groups = {value: hangings[0] for value, hangings in _hung(source, by, [at], asked).items()}
    names = DIMENSIONS[by].names(groups.keys())
    rows = [
        {**named(by, value, names), **_figures(hanging)}
        for value, hanging in groups.items()
        if hanging.contacts
    ]
    rows.sort(key=lambda row: (-row[EVERYBODY], row[by] or ""))
    total = Hanging()
    for hanging in groups.values():
        total = total.with_(hanging)
    return Answer(
        NAME,
        [
            Sheet(
                "rows",
                _("Contacts by how ripe they are"),
                _columns(by),
                rows,
                {**_figures(total), "of": {}},
                picture=Picture.STAIRS,
                draws=BANDS,
                layers=Layers.STACKED,
            )
        ],
        source.pos,
        source.stamp,
        at,
        _notes(),
    )


def replay(asked: Asked, source: Source | None = None, *, now: datetime) -> Replay:
    """Return the orchard at the end of each of the last `MONTHS` months, the last one as of today, by one question."""
    by = asked.by or "campaign"
    source = source or source_of(ORCHARD_STEPS, now=now, stamp=asked.stamp)
    moments = moments_until(now)
    trees = {
        value: hangings
        for value, hangings in _hung(source, by, moments, asked).items()
        if any(each.contacts for each in hangings)
    }
    return Replay(moments, trees, by, DIMENSIONS[by].names(trees.keys()), source.pos, source.stamp)


def people(
    asked: Asked,
    number: str,
    source: Source | None = None,
    *,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
) -> Behind:
    """Return whom a number counts: a band, or all `contacts`, at the end of the day of `asked.hour`, else of now.

    Raises `NotFound` for a number unknown.
    """
    if number not in (*BANDS, EVERYBODY):
        raise NotFound(_("This link names no number of the orchard. Open the orchard anew."))
    source = source or source_of(FRUIT_STEPS, now=now, stamp=asked.stamp)
    at = _moment(asked, now)

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = in_band(F, narrowed(F, frame, given), given["at"])
        if number != EVERYBODY:
            frame = frame.where(F.col("band") == F.lit(number))
        return frame.select(F.col("person").alias("id"), "person", "campaign_id")

    given = {**given_by(asked), "at": (ColumnType.BIGINT, micros(at))}
    found = source.ask(("orchard.people", number), ask, given)
    return Behind(brought_by(found, campaign_ids), source.pos)


def words(number: str, _went: str) -> str:
    """Return what a number counts, for the page of the people behind it."""
    return str(BAND_LABELS.get(number, number))


def moments_until(now: datetime) -> list[datetime]:
    """Return the midnights before which the last `MONTHS` months were over; the last one ends the day of `now`."""
    begins, moments = _month_of(now), [_midnight_after(now)]
    while len(moments) < MONTHS:
        moments.append(begins)
        begins = _month_of(begins - _DAY)
    return moments[::-1]


def month_of(moment: datetime) -> datetime:
    """Return the first moment of the month that one of the moments of a replay ends."""
    return _month_of(moment - _INSTANT)


def day_of(hour: datetime | None, now: datetime) -> date | None:
    """Return the day at whose end a question asks how things stood; None where that is today."""
    ends = None if hour is None else _midnight_after(hour - _INSTANT)
    return None if ends is None or ends >= _midnight_after(now) else (ends - _DAY).date()


def _month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _midnight_after(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def _moment(asked: Asked, now: datetime) -> datetime:
    """Return the midnight as of which a question is answered: the end of its day, at the latest of today."""
    today = _midnight_after(now)
    return today if asked.hour is None else min(today, _midnight_after(asked.hour - _INSTANT))


def _hung(source: Source, by: str, moments: Sequence[datetime], asked: Asked) -> dict[Value, list[Hanging]]:
    """Return what hung on each tree before each of some midnights: by the changes of each day, added up.

    Those kept are asked; where days choose who came in, those of whom they choose.
    """
    column, names = DIMENSIONS[by].column, [f"at_{place}" for place in range(len(moments))]
    ends = {name: (ColumnType.BIGINT, micros(at)) for name, at in zip(names, moments, strict=True)}
    by_days = asked.since is not None or asked.until is not None

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        turns = turned(F, narrowed(F, frame, given)) if by_days else counted_under(F, frame, given)
        return hung(F, turns, column, [given[name] for name in names])

    asks = source.beside(FRUIT_STEPS) if by_days else source
    found = asks.ask(("orchard", by, len(moments), by_days), ask, {**given_by(asked), **ends})
    return {
        row[column]: [
            Hanging(**{band: int(row[f"{band}_{place}"]) for band in BANDS}) for place in range(len(moments))
        ]
        for row in found.to_pylist()
    }


def _figures(hanging: Hanging) -> Row:
    return {EVERYBODY: hanging.contacts, **{band: getattr(hanging, band) for band in BANDS}}


def _columns(by: str) -> tuple[Column, ...]:
    return (
        Column(by, DIMENSIONS[by].label, Kind.TEXT),
        *(
            Column(key, label, opens=key, says=_SAYS.get(key, ""), rare=key == "disqualified")
            for key, label in BAND_LABELS.items()
        ),
    )


def _notes() -> list[str]:
    force = agreement.in_force_terms()
    rot = force.document.rot if force else None
    return [
        _("A contact hangs on the campaign that brought it first, and on none of those above that."),
        ngettext(
            "By the agreement in force %(n)s day is too long: what was ripe falls, and what was not is quiet.",
            "By the agreement in force %(n)s days are too long: what was ripe falls, and what was not is quiet.",
            rot.contact_days,
        )
        % {"n": rot.contact_days}
        if rot
        else _("Nothing rots, since no agreement in force says after how long it does."),
    ]
