"""Interactions to close: at which real exchange sales were won, and how early others were given up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.engine.types import ColumnType
from orchard.kit import clock
from orchard.kit.errors import NotFound
from orchard.reports import rules
from orchard.reports.queries.numbers.asking import (
    Behind,
    Given,
    Source,
    brought_by,
    given_by,
    narrowed,
    source_of,
)
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, Value, micros, named
from orchard.reports.tables import CLOSING_STEPS, GIVEN_UP, OPEN
from orchard.reports.types import Answer, Asked, Column, Kind, Layers, Picture, Row, Sheet

NAME = "closing"
BYS = ("touches", "month", "campaign", "source", "member", "team", "country", "industry")

MANY = 12
"""From this exchange on, sales are shown together."""

EARLY = 3
"""Who is given up before this exchange was hardly tried."""

CLAIMED = (4, 10)
"""At which exchange most sales are said to close; a popular figure, for which no source can be traced."""

QUIET = timedelta(days=14)
"""A lead in hands without an exchange for so long counts as left alone."""

_Ends = dict[str, dict[int, int]]
"""How many ended so (`won`, `given_up`, `open`, `quiet`), by the number of exchanges until then."""

_KINDS = ("won", "given_up", "open", "quiet")


def closing(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return at which exchange sales were won and leads given up, of what ended when `asked` says."""
    by = asked.by or "touches"
    source = source or source_of(CLOSING_STEPS, now=now, stamp=asked.stamp)
    groups = _ends(source, replace(asked, by="" if by == "touches" else by), now)
    together: _Ends = {kind: defaultdict(int) for kind in _KINDS}
    for ends in groups.values():
        for kind, counts in ends.items():
            for touches, number in counts.items():
                together[kind][touches] += number
    usual = _usual(source, asked, now)
    if by == "touches":
        first = Sheet(
            "rows",
            _("By exchange"),
            _TOUCH_COLUMNS,
            _by_touch(together),
            picture=Picture.COLUMNS,
            draws=("won_share", "given_up_share"),
            layers=Layers.APART,
        )
    else:
        names = DIMENSIONS[by].names(groups.keys())
        rows = [{**named(by, value, names), **_figures(ends, usual)} for value, ends in groups.items()]
        rows.sort(key=lambda row: row[by] or "" if by == "month" else (-row["won"], row[by] or ""))
        first = Sheet(
            "rows",
            _("In groups"),
            (Column(by, DIMENSIONS[by].label, Kind.TEXT), *_GROUP_COLUMNS),
            rows,
            {**_figures(together, usual), "of": {}},
            picture=Picture.STAIRS,
            draws=("won",),
        )
    whole = {**_figures(together, usual), "label": _("This company"), "of": {}}
    claim: Row = {
        "label": _("Often said, without a source"),
        "median": f"{CLAIMED[0]}–{CLAIMED[1]}",
        "claimed_share": None,
        "of": {},
    }
    return Answer(
        NAME,
        [first, Sheet("company", _("What that says"), (_LABEL, *_GROUP_COLUMNS), [whole, claim])],
        source.pos,
        source.stamp,
        _hour(asked, now),
        _notes(),
    )


_LABEL = Column("label", gettext_lazy("Whose figures"), Kind.TEXT)
_TOUCH_COLUMNS = (
    Column("touches", gettext_lazy("Real exchange"), Kind.TEXT),
    Column("won", gettext_lazy("Won"), opens="won"),
    Column("won_share", gettext_lazy("Of all won"), Kind.SHARE),
    Column("so_far_share", gettext_lazy("Won so far"), Kind.SHARE),
    Column("given_up", gettext_lazy("Given up"), opens="given_up"),
    Column("given_up_share", gettext_lazy("Of all given up"), Kind.SHARE),
)
_GROUP_COLUMNS = (
    Column("won", gettext_lazy("Won"), opens="won"),
    Column("median", gettext_lazy("Half were won by exchange"), Kind.COUNT),
    Column("claimed_share", gettext_lazy("Won at the 4th to 10th"), Kind.SHARE),
    Column("given_up", gettext_lazy("Given up"), opens="given_up"),
    Column("early", gettext_lazy("Before the 3rd"), opens="given_up_early"),
    Column("early_share", gettext_lazy("Share before the 3rd"), Kind.SHARE),
    Column("open", gettext_lazy("Leads in hands"), opens="open"),
    Column(
        "left_alone",
        gettext_lazy("Left alone too early"),
        opens="left_alone",
        says=gettext_lazy("No exchange for 14 days, and fewer than half of all sales ever won had needed"),
    ),
)


def people(
    asked: Asked,
    number: str,
    source: Source | None = None,
    *,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
) -> Behind:
    """Return the sales or leads that a number (`won`, `given_up`, `open` ...) counts, as `id` and `person`."""
    if number not in _NUMBERS:
        raise NotFound(_("This link names no number of this report. Open the report anew."))
    source = source or source_of(CLOSING_STEPS, now=now, stamp=asked.stamp)
    asked = replace(asked, by="")
    usual = _usual(source, asked, now) or 0 if number == "left_alone" else 0

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = _narrowed(F, frame, given)
        if number == "given_up_early":
            frame = frame.where(F.col("touches") < F.lit(EARLY))
        if number == "left_alone":
            frame = frame.where((F.col("touches") < given["usual"]) & _is_quiet(F, given))
        return frame.where(F.col("what").isin(*_NUMBERS[number])).select(
            F.col("pos").alias("id"), "person", "campaign_id"
        )

    given = {
        **_given(asked),
        "usual": (ColumnType.BIGINT, usual),
        "quiet": (ColumnType.BIGINT, micros(_hour(asked, now) - QUIET)),
    }
    found = source.ask(("closing.people", number), ask, given)
    return Behind(brought_by(found, campaign_ids), source.pos)


_NUMBERS = {
    "won": ("won",),
    "given_up": GIVEN_UP,
    "given_up_early": GIVEN_UP,
    "open": (OPEN,),
    "left_alone": (OPEN,),
}


def words(number: str, _part: str) -> str:
    """Return what a number counts, for the page of what is behind it."""
    said = {
        "won": _("Won"),
        "given_up": _("Given up"),
        "given_up_early": _("Given up before the 3rd exchange"),
        "open": _("Leads in hands"),
        "left_alone": _("Left alone too early"),
    }
    return said.get(number, number)


def _hour(asked: Asked, now: datetime) -> datetime:
    return asked.hour or clock.full_hour(now)


def _given(asked: Asked) -> dict[str, tuple[ColumnType, Any]]:
    """Return what `_narrowed` needs: whoever narrows to the last line means all that it holds."""
    is_last = asked.where.get("touches") == MANY
    where = {name: value for name, value in asked.where.items() if name != "touches" or not is_last}
    return {**given_by(replace(asked, where=where)), "least": (ColumnType.BIGINT, MANY if is_last else 0)}


def _narrowed(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803
    return narrowed(F, frame, given).where(F.col("touches") >= given["least"])


def _is_quiet(F: Any, given: Given) -> Any:  # noqa: N803
    return F.coalesce(F.col("last_at"), F.col("came_at")) < given["quiet"]


def _ends(source: Source, asked: Asked, now: datetime) -> dict[Value, _Ends]:
    """Return how many ended how, by the number of exchanges; without groups all are in the group None."""
    keys = [DIMENSIONS[asked.by].column] if asked.by else []

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = _narrowed(F, frame, given)
        is_open = F.col("what") == F.lit(OPEN)
        how = (
            F.when(is_open & _is_quiet(F, given), F.lit("quiet"))
            .when(is_open, F.lit("open"))
            .when(F.col("what") == F.lit("won"), F.lit("won"))
            .otherwise(F.lit("given_up"))
        )
        frame = frame.select(*keys, "touches", how.alias("how"))
        return frame.groupBy(*keys, "touches", "how").agg(F.count(F.lit(1)).cast("bigint").alias("number"))

    given = {**_given(asked), "quiet": (ColumnType.BIGINT, micros(_hour(asked, now) - QUIET))}
    groups: dict[Value, _Ends] = defaultdict(lambda: {kind: defaultdict(int) for kind in _KINDS})
    for row in source.ask(("closing", asked.by), ask, given).to_pylist():
        groups[row[keys[0]] if keys else None][row["how"]][int(row["touches"])] += int(row["number"])
    return groups


def _usual(source: Source, asked: Asked, now: datetime) -> int | None:
    """Return by which exchange half of all sales ever had been won."""
    everybody = _ends(source, Asked(hour=_hour(asked, now)), now)
    return _median(everybody[None]["won"]) if None in everybody else None


def _median(counts: Mapping[int, int]) -> int | None:
    """Return the exchange by which half of these had ended, by the nearest rank; None where there are none."""
    whole, so_far = sum(counts.values()), 0
    for touches in sorted(counts):
        so_far += counts[touches]
        if 2 * so_far >= whole:
            return touches
    return None


def _by_touch(ends: _Ends) -> list[Row]:
    won, given_up = (_with_many(ends[kind]) for kind in ("won", "given_up"))
    whole, whole_up = sum(won.values()), sum(given_up.values())
    rows, so_far = [], 0
    for touches in range(MANY + 1) if whole or whole_up else ():
        so_far += won.get(touches, 0)
        rows.append(
            {
                "touches": _("%(n)d or more") % {"n": touches} if touches == MANY else str(touches),
                "won": won.get(touches, 0),
                "won_share": won.get(touches, 0) / whole if whole else None,
                "so_far_share": so_far / whole if whole else None,
                "given_up": given_up.get(touches, 0),
                "given_up_share": given_up.get(touches, 0) / whole_up if whole_up else None,
                "of": {"touches": str(touches)},
            }
        )
    return rows


def _with_many(counts: Mapping[int, int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for touches, number in counts.items():
        found[min(touches, MANY)] += number
    return found


def _figures(ends: _Ends, usual: int | None) -> Row:
    won, given_up = sum(ends["won"].values()), sum(ends["given_up"].values())
    claimed = sum(number for touches, number in ends["won"].items() if CLAIMED[0] <= touches <= CLAIMED[1])
    early = sum(number for touches, number in ends["given_up"].items() if touches < EARLY)
    left_alone = sum(
        number for touches, number in ends["quiet"].items() if usual is not None and touches < usual
    )
    claimed_low, claimed_high = rules.interval(claimed, won) or (None, None)
    early_low, early_high = rules.interval(early, given_up) or (None, None)
    return {
        "won": won,
        "median": _median(ends["won"]),
        "claimed_share": claimed / won if won else None,
        "claimed_low": claimed_low,
        "claimed_high": claimed_high,
        "given_up": given_up,
        "early": early,
        "early_share": early / given_up if given_up else None,
        "early_low": early_low,
        "early_high": early_high,
        "open": sum(ends["open"].values()) + sum(ends["quiet"].values()),
        "left_alone": left_alone,
    }


def _notes() -> list[str]:
    return [
        _(
            "Only real exchanges count (a talk, a meeting, an answer), whoever had them; attempts and mailings do not."
        ),
        _(
            "“Most sales close between the 4th and the 10th contact” is often said. No source for it can be traced:"
            " take it as a belief, and this company's own figures as what happened here."
        ),
        _(
            "Given up: leads returned or disqualified, and sales lost. A person may be counted for several of them."
        ),
    ]
