"""What came back and why, over time and by what one likes: leads returned and disqualified, by reason."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.kit.errors import NotFound
from orchard.leads import queries as leads
from orchard.reports.queries.numbers.asking import (
    Behind,
    Given,
    Source,
    brought_by,
    given_by,
    narrowed,
    source_of,
)
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, UNKNOWN, Value, named
from orchard.reports.tables import MOVE_STEPS, counted
from orchard.reports.types import Answer, Asked, Column, Kind, Layers, Picture, Row, Sheet

NAME = "came_back"
BYS = ("month", "reason", "campaign", "source", "member", "team", "country", "industry")

BACK = ("returned", "disqualified")
MOST = 6
"""So many reasons have a column of their own."""


def came_back(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return how many leads came back, in groups by `asked.by` and by reason, of what came back when `asked` says."""
    by = asked.by or "month"
    source = source or source_of(MOVE_STEPS, now=now, stamp=asked.stamp)
    groups = _groups(source, replace(asked, by=by))
    reasons = Counter[Value]()
    for found in groups.values():
        reasons.update(found)
    labels = leads.reason_labels()
    shown = [] if by == "reason" else [reason for reason, _number in _most_first(reasons)[:MOST]]
    names = DIMENSIONS[by].names(groups.keys())
    rows = [{**named(by, value, names), **_figures(found, shown)} for value, found in groups.items()]
    rows.sort(key=lambda row: row[by] or "" if by == "month" else (-row["leads"], row[by] or ""))
    total = {**_figures(reasons, shown), "of": {}}
    return Answer(
        NAME,
        [
            Sheet(
                "rows",
                _("What came back"),
                _columns(by, shown, labels, others=bool(total["others"])),
                rows,
                total,
                picture=Picture.COLUMNS if by == "month" else Picture.STAIRS,
                draws=[*(_key(each) for each in shown), *(["others"] if total["others"] and shown else [])]
                or ["leads"],
                layers=Layers.STACKED,
            ),
            Sheet(
                "reasons",
                _("Why"),
                _REASON_COLUMNS,
                _reasons(reasons, labels),
                picture=Picture.BARS,
                draws=("leads",),
            ),
        ],
        source.pos,
        source.stamp,
        notes=[
            _("A lead counts on the day on which it came back; one contact may come back more than once.")
        ],
    )


_REASON_COLUMNS = (
    Column("label", gettext_lazy("Reason"), Kind.TEXT),
    Column("leads", gettext_lazy("Leads"), opens="leads"),
    Column("share", gettext_lazy("Share"), Kind.SHARE),
)


def people(
    asked: Asked,
    number: str,
    source: Source | None = None,
    *,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
) -> Behind:
    """Return the leads that a number counts (`leads`, or `leads.` and a reason), as `id` and `person`."""
    what, _dot, reason = number.partition(".")
    if what != "leads":
        raise NotFound(_("This link names no number of this report. Open the report anew."))
    if reason:
        asked = replace(asked, where={**asked.where, "reason": None if reason == UNKNOWN else reason})
    source = source or source_of(MOVE_STEPS, now=now, stamp=asked.stamp)
    asked = replace(asked, by="")

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what").isin(*BACK))
        return frame.select(F.col("pos").alias("id"), "person", "campaign_id")

    found = source.ask("came_back.people", ask, given_by(asked))
    return Behind(brought_by(found, campaign_ids), source.pos)


def words(stage: str, number: str) -> str:
    """Return what a number counts, for the page of what is behind it."""
    if stage == "leads" and number:
        return _("Came back: %(reason)s") % {"reason": leads.reason_labels().get(number, number)}
    return _("Came back")


def _groups(source: Source, asked: Asked) -> dict[Value, Counter[Value]]:
    column = DIMENSIONS[asked.by].column
    keys = (column,) if column == "reason" else (column, "reason")

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        return counted(F, narrowed(F, frame, given).where(F.col("what").isin(*BACK)), keys, BACK)

    groups: dict[Value, Counter[Value]] = defaultdict(Counter)
    for row in source.ask(("came_back", asked.by), ask, given_by(asked)).to_pylist():
        groups[row[column]][row["reason"]] += sum(int(row[each]) for each in BACK)
    return groups


def _most_first(reasons: Counter[Value]) -> list[tuple[Value, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], str(item[0] or "")))


def _key(reason: Value) -> str:
    return f"because_{UNKNOWN if reason is None else reason}"


def _figures(found: Mapping[Value, int], shown: Sequence[Value]) -> Row:
    figures: Row = {_key(reason): found.get(reason, 0) for reason in shown}
    whole = sum(found.values())
    return {"leads": whole, **figures, "others": whole - sum(figures.values()) if shown else 0}


def _columns(by: str, shown: Sequence[Value], labels: Mapping[str, str], *, others: bool) -> list[Column]:
    reasons = [
        Column(_key(each), _label(each, labels), opens=f"leads.{UNKNOWN if each is None else each}")
        for each in shown
    ]
    rest = [Column("others", _("Other reasons"))] if others and shown else []
    return [
        Column(by, DIMENSIONS[by].label, Kind.TEXT),
        Column("leads", _("Came back"), opens="leads"),
        *reasons,
        *rest,
    ]


def _label(reason: Value, labels: Mapping[str, str]) -> str:
    return _("No reason given") if reason is None else labels.get(str(reason), str(reason))


def _reasons(reasons: Counter[Value], labels: Mapping[str, str]) -> list[Row]:
    whole = reasons.total()
    return [
        {
            "reason": reason,
            "label": _label(reason, labels),
            "leads": number,
            "share": number / whole,
            "of": {"reason": UNKNOWN if reason is None else str(reason)},
        }
        for reason, number in _most_first(reasons)
    ]
