"""The funnel: of each stage who entered, left and is in it, by what one likes, as of a place of the ledger."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.agreement import queries as agreement
from orchard.agreement.tables import PLACE
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
from orchard.reports.tables import LINE, MONTH, NUMBERS, STEPS, holds, matured, staged
from orchard.reports.types import Answer, Asked, Column, Kind, Picture, Row, Sheet

NAME = "funnel"
BYS = ("campaign", "source", "member", "team", "country", "industry", "month")

_STAGES = {place: name for name, place in PLACE.items()}
_SECOND = 1_000_000
_COUNTS = (*NUMBERS, "times", "rounds")

STAGE_COLUMNS = (
    Column("label", gettext_lazy("Stage"), Kind.TEXT),
    Column(
        "entered", gettext_lazy("Entered"), opens="entered", says=gettext_lazy("People who ever were in it")
    ),
    Column(
        "skipped",
        gettext_lazy("Skipped"),
        opens="skipped",
        says=gettext_lazy("Of these, people who only went past it to a later stage"),
    ),
    Column("left", gettext_lazy("Left"), opens="left"),
    Column("still_in", gettext_lazy("Still in"), opens="still_in"),
    Column(
        "next_share",
        gettext_lazy("Went on"),
        Kind.SHARE,
        says=gettext_lazy("Share that reached the next stage"),
    ),
    Column(
        "median",
        gettext_lazy("Half stay"),
        Kind.SPAN,
        says=gettext_lazy("Median time in it, of stays that are over"),
    ),
    Column("p90", gettext_lazy("9 of 10 stay"), Kind.SPAN, says=gettext_lazy("90th percentile of the same")),
    Column("times", gettext_lazy("Times"), says=gettext_lazy("Entries: who came round is counted again")),
)


def _group_columns(by: str) -> tuple[Column, ...]:
    return (
        Column(by, DIMENSIONS[by].label, Kind.TEXT),
        Column("entered", gettext_lazy("Came in"), opens="contact.entered"),
        Column("engaged", gettext_lazy("Engaged"), opens="engaged.entered"),
        Column("qualified", gettext_lazy("Qualified"), opens="qualified.entered"),
        Column("skipped", gettext_lazy("Skipped"), opens="qualified.skipped", rare=True),
        Column("accepted", gettext_lazy("Accepted"), opens="accepted.entered"),
        Column("opportunity", gettext_lazy("Sale open"), opens="opportunity.entered"),
        Column("won", gettext_lazy("Won"), opens="customer.entered"),
        Column("early", gettext_lazy("Won before we met"), opens="customer.early", rare=True),
        Column("won_share", gettext_lazy("Won of all"), Kind.SHARE),
        Column("came_back", gettext_lazy("Came back"), opens="contact.came_back"),
        Column("rounds", gettext_lazy("Rounds")),
    )


def funnel(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return the funnel in groups by `asked.by`, of who came in when `asked` says, with its stages.

    Its sheets are `rows` (a line per group), `stages`, and `stages_of_rows` (each stage of each group).
    """
    by = asked.by or "campaign"
    source = source or source_of(STEPS, now=now, stamp=asked.stamp)
    asked = replace(asked, by=by)
    groups = _stages(source, asked)
    labels = agreement.stage_labels()
    names = DIMENSIONS[by].names(groups.keys())
    rows = [_group(by, value, stages, names) for value, stages in groups.items()]
    rows.sort(key=lambda row: row[by] or "" if by == "month" else (-row["entered"], row[by] or ""))
    total = _summed(groups.values())
    whole = _stages(source, replace(asked, by=""))[None]
    long = [
        {by: named(by, value, names)[by], **row}
        for value, stages in sorted(groups.items(), key=lambda item: str(named(by, item[0], names)[by] or ""))
        for row in _stage_rows(stages, labels, {by: DIMENSIONS[by].written(value)})
    ]
    return Answer(
        NAME,
        [
            Sheet(
                "rows",
                _("In groups"),
                _group_columns(by),
                rows,
                total,
                picture=Picture.COLUMNS if by == "month" else Picture.STAIRS,
                draws=("entered", "qualified", "won"),
            ),
            Sheet(
                "stages",
                _("Stages"),
                STAGE_COLUMNS,
                _stage_rows(whole, labels, {}),
                picture=Picture.BARS,
                draws=("entered",),
            ),
            *(_cohorts(source, asked, groups, now) if by == "month" else ()),
            Sheet(
                "stages_of_rows",
                _("Stages of each group"),
                (Column(by, DIMENSIONS[by].label, Kind.TEXT), *STAGE_COLUMNS),
                long,
            ),
        ],
        source.pos,
        source.stamp,
        notes=_notes(total, asked),
    )


def stages(asked: Asked, source: Source) -> list[Row]:
    """Return the line of each stage, of who came in when `asked` says, as the sheet `stages` of the funnel has it."""
    return _stage_rows(_stages(source, replace(asked, by=""))[None], agreement.stage_labels(), {})


def rows_by_campaign(asked: Asked, source: Source) -> list[Row]:
    """Return the figures of each first campaign, that of those whose source is not known under None."""
    groups = _stages(source, replace(asked, by="campaign", where={}))
    return [{"campaign_id": value, **_figures(stages)} for value, stages in groups.items()]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the people came that some campaigns brought first."""

    entered: int = 0
    qualified: int = 0
    won: int = 0

    @property
    def qualified_share(self) -> float:
        """Qualified of entered, between 0 and 1."""
        return self.qualified / self.entered if self.entered else 0.0

    @property
    def won_share(self) -> float:
        """Won of entered, between 0 and 1."""
        return self.won / self.entered if self.entered else 0.0


def figures_of(
    branches: Mapping[int, Collection[int]], *, now: datetime
) -> tuple[dict[int, Reached], int, str]:
    """Return for each key how far those came whom its campaigns brought first, with the place and the stamp of it.

    A contact has one first campaign, so the figures of a branch are the sum of its campaigns'.
    """
    source = source_of(STEPS, now=now)
    groups = _stages(source, Asked(by="campaign"))
    found = {}
    for key, ids in branches.items():
        row = _summed(groups[each] for each in ids if each in groups)
        found[key] = Reached(row["entered"], row["qualified"], row["won"])
    return found, source.pos, source.stamp


def people(
    asked: Asked,
    number: str,
    source: Source | None = None,
    *,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
) -> Behind:
    """Return the people whom a number counts (`qualified.entered`).

    Of `campaign_ids`, where given, only those whom one of these brought first. Raises `NotFound` for a number unknown.
    """
    stage, _dot, what = number.partition(".")
    if stage not in PLACE or what not in NUMBERS:
        raise NotFound(_("This link names no number of the funnel. Open the funnel anew."))
    source = source or source_of(STEPS, now=now, stamp=asked.stamp)
    asked = replace(asked, by="")

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("stage") == PLACE[stage])
        return frame.where(holds(F, what)).select(F.col("person").alias("id"), "person", "campaign_id")

    found = source.ask(("funnel.people", number), ask, given_by(asked))
    return Behind(brought_by(found, campaign_ids), source.pos)


def words(stage: str, number: str) -> str:
    """Return what a number counts, for the page of the people behind it."""
    label = agreement.stage_labels().get(stage, stage).capitalize()
    said = {
        "entered": _("%(stage)s: entered"),
        "skipped": _("%(stage)s: skipped"),
        "left": _("%(stage)s: left"),
        "still_in": _("%(stage)s: still in"),
        "early": _("Won before we met"),
        "came_back": _("Came back as leads"),
    }
    if stage == "contact" and number == "entered":
        return _("Came in")
    return said.get(number, "%(stage)s") % {"stage": label}


def _stages(source: Source, asked: Asked) -> dict[Value, dict[str, Row]]:
    """Return the plain counts of each stage of each group; without a group all are in the group None."""
    keys = [DIMENSIONS[asked.by].column] if asked.by else []

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        return staged(F, narrowed(F, frame, given), keys)

    groups: dict[Value, dict[str, Row]] = defaultdict(dict)
    for row in source.ask(("funnel", asked.by), ask, given_by(asked)).to_pylist():
        groups[row[keys[0]] if keys else None][_STAGES[row["stage"]]] = row
    return groups if groups or asked.by else {None: {}}


def _count(stages: Mapping[str, Row], stage: str, number: str = "entered") -> int:
    return int(stages[stage][number]) if stage in stages else 0


_WITHIN = (1, 2, 3, 6, 9, 12)
"""Within how many months a cohort is looked at."""


def _cohorts(
    source: Source, asked: Asked, groups: Mapping[Value, Mapping[str, Row]], now: datetime
) -> list[Sheet]:
    """Return for each month of entry which share had become ripe, and had bought, within so many months.

    A share stands there once everybody of the month has had that long.
    """
    looks = (("qualified", _("Ripe within so many months")), ("customer", _("Bought within so many months")))
    columns = (
        Column("month", DIMENSIONS["month"].label, Kind.TEXT),
        Column("entered", gettext_lazy("Came in"), opens="contact.entered"),
        *(Column(f"within_{each}_share", str(each), Kind.SHARE) for each in _WITHIN),
    )
    names = DIMENSIONS["month"].names(groups.keys())
    sheets = []
    for stage, title in looks:
        reached = _matured(source, asked, stage)
        rows = [
            {
                **named("month", month, names),
                "entered": _count(stages, "contact"),
                **_shares(month, stages, reached, now),
            }
            for month, stages in sorted(groups.items(), key=lambda item: item[0] or 0)
        ]
        sheets.append(Sheet(f"cohorts_{stage}", title, columns, rows))
    return sheets


def _matured(source: Source, asked: Asked, stage: str) -> dict[Value, dict[int, int]]:
    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        return matured(F, narrowed(F, frame, given), PLACE[stage])

    found: dict[Value, dict[int, int]] = defaultdict(dict)
    for row in source.ask(("funnel.cohorts", stage), ask, given_by(asked)).to_pylist():
        found[row["month"]][int(row["after"])] = int(row["people"])
    return found


def _shares(
    month: Value, stages: Mapping[str, Row], reached: Mapping[Value, Mapping[int, int]], now: datetime
) -> Row:
    entered, after = _count(stages, "contact"), reached.get(month, {})
    lasts = (int(month) if month is not None else 0) + MONTH  # so long the month itself lasts
    shares: Row = {}
    for within in _WITHIN:
        is_over = lasts + within * MONTH <= micros(now)
        people_ = sum(number for months, number in after.items() if months < within)
        shares[f"within_{within}_share"] = people_ / entered if is_over and entered else None
    return shares


def _group(by: str, value: Value, stages: Mapping[str, Row], names: Mapping[Value, str]) -> Row:
    return {**named(by, value, names), **_figures(stages)}


def _figures(stages: Mapping[str, Row]) -> Row:
    row: Row = {name: _count(stages, name) for name in LINE[1:-1]}
    row |= {"entered": _count(stages, "contact"), "won": _count(stages, "customer")}
    row |= {
        "skipped": _count(stages, "qualified", "skipped"),
        "early": _count(stages, "customer", "early"),
        "came_back": _count(stages, "contact", "came_back"),
        "rounds": _count(stages, "contact", "rounds"),
    }
    return _with_shares(row)


def _with_shares(row: Row) -> Row:
    entered = row["entered"]
    low, high = rules.interval(row["won"], entered) or (None, None)
    return {
        **row,
        "qualified_share": row["qualified"] / entered if entered else 0.0,
        "won_share": row["won"] / entered if entered else 0.0,
        "won_low": low,
        "won_high": high,
    }


def _summed(groups: Any) -> Row:
    """Return the figures of several groups together: everybody is in one of them."""
    figures = [_figures(stages) for stages in groups]
    counted = ("entered", *LINE[1:-1], "won", "skipped", "early", "came_back", "rounds")
    return {**_with_shares({name: sum(each[name] for each in figures) for name in counted}), "of": {}}


def _stage_rows(stages: Mapping[str, Row], labels: Mapping[str, str], of: Mapping[str, str]) -> list[Row]:
    rows = []
    for name in PLACE:
        found = stages.get(name)
        place = LINE.index(name) if name in LINE else None
        after = _count(stages, LINE[place + 1]) if place is not None and place + 1 < len(LINE) else None
        entered = _count(stages, name)
        low, high = (after is not None and rules.interval(after, entered)) or (None, None)
        rows.append(
            {
                "stage": name,
                "label": labels[name],
                **{each: int(found[each]) if found else 0 for each in (*NUMBERS[:4], "times")},
                "next_share": after / entered if after is not None and entered else None,
                "next_low": low,
                "next_high": high,
                "median": _seconds(found, "median"),
                "p90": _seconds(found, "p90"),
                "of": {**of, "stage": name},
            }
        )
    return rows


def _seconds(row: Row | None, name: str) -> int | None:
    return None if row is None or row[name] is None else int(row[name]) // _SECOND


def _notes(total: Row, asked: Asked) -> list[str]:
    notes = [
        _(
            "Who enters a stage has passed all before it; who never was in one of them counts there as skipped."
        ),
        _(
            "Entered is left and still in together. A share has the range below it in which the true one lies 19 times"
            " in 20."
        ),
    ]
    if asked.since or asked.until:
        notes.append(_("The days choose who came in; how far they came is asked of all their life."))
    if total["early"]:
        notes.append(
            _(
                "“Won before we met” is a deal older than the first sign from the contact: older business, or a wrong"
                " date."
            )
        )
    return notes
