"""The scorecard: what each side gave the other, which promises were kept, and how far the goals are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyarrow import compute

from orchard.agreement import queries as agreement
from orchard.kit import clock
from orchard.kit.errors import NotFound
from orchard.reports.queries.numbers.asking import (
    Behind,
    Given,
    Source,
    brought_by,
    given_by,
    narrowed,
    source_of,
)
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, named
from orchard.reports.queries.numbers.moved import BREACHES, COUNTED, counts, is_of_others
from orchard.reports.queries.numbers.promises import GOALS, PROMISES, WENT, goals, owed
from orchard.reports.queries.numbers.promises import promises as promises_of
from orchard.reports.tables import MOVE_STEPS
from orchard.reports.types import Answer, Asked, Column, Kind, Layers, Picture, Row, Sheet

NAME = "scorecard"
BYS = ("member", "team", "month", "campaign", "source", "country", "industry")

_FIGURES = (
    Column(
        "given",
        gettext_lazy("Given"),
        opens="given",
        says=gettext_lazy("Leads first offered to Sales, or picked"),
    ),
    Column("accepted", gettext_lazy("Accepted"), opens="accepted"),
    Column("returned", gettext_lazy("Returned"), opens="returned"),
    Column("disqualified", gettext_lazy("Disqualified"), opens="disqualified"),
    Column("converted", gettext_lazy("Became a sale"), opens="converted"),
    Column("won", gettext_lazy("Won"), opens="won"),
    Column(
        "expired",
        gettext_lazy("Ran out"),
        opens="expired",
        says=gettext_lazy("Offers that nobody took in time"),
    ),
    Column(
        "unattempted",
        gettext_lazy("Tried late"),
        opens="unattempted",
        says=gettext_lazy("Accepted leads whose first attempt came too late, or not yet"),
    ),
)


def scorecard(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return what happened to leads when `asked` says, in groups by `asked.by`, with promises and goals.

    Of whom `asked.viewer_id` does not see, `BREACHES` are left out; sums over members hold everybody's.
    """
    by = asked.by or "member"
    source = source or source_of(MOVE_STEPS, now=now, stamp=asked.stamp)
    groups = counts(source, replace(asked, by=by))
    names = DIMENSIONS[by].names(groups.keys())
    # Whoever had a lead that rests or was withdrawn, and nothing else, tells nothing here.
    rows: list[Row] = [
        {**named(by, value, names), **moved}
        for value, moved in groups.items()
        if any(moved[name] for name in COUNTED)
    ]
    rows.sort(key=lambda row: row[by] or "" if by == "month" else (-row["given"], row[by] or ""))
    total = {**{name: sum(row[name] for row in groups.values()) for name in COUNTED}, "of": {}}
    promised = dict(total)
    if is_of_others(asked):
        rows, total = [_without_breaches(row) for row in rows], _without_breaches(total)
    elif by in ("member", "team") and asked.viewer_id is not None:
        rows = [row if row.get("member_id") == asked.viewer_id else _without_breaches(row) for row in rows]
    force = agreement.in_force()
    document = force.document if force else None
    promises = promises_of(document, promised, source, asked, now) if document else []
    return Answer(
        NAME,
        [
            Sheet(
                "rows",
                _("In groups"),
                (Column(by, DIMENSIONS[by].label, Kind.TEXT), *_FIGURES),
                rows,
                total,
                picture=Picture.COLUMNS if by == "month" else Picture.STAIRS,
                draws=("given", "accepted", "converted"),
                layers=Layers.APART,
            ),
            Sheet("promises", _("Promises of both sides"), PROMISES, promises),
            Sheet("goals", _("Goals and pace"), GOALS, goals(document, source, now) if document else []),
        ],
        source.pos,
        source.stamp,
        asked.hour or clock.full_hour(now),
        _notes(asked, by),
    )


def people(
    asked: Asked,
    number: str,
    source: Source | None = None,
    *,
    now: datetime,
    campaign_ids: Sequence[int] | None = None,
) -> Behind:
    """Return the leads, questions or visits that a number counts, as `id` and `person`.

    `accepted`, or the moves of a promise as it went: `attempt.broken`.
    """
    name, _dot, went = number.partition(".")
    if (went and (name not in _KINDS or went not in WENT)) or (not went and name not in COUNTED):
        raise NotFound(_("This link names no number of this report. Open the report anew."))
    if is_of_others(asked) and (name in BREACHES or name in ("accept", "attempt")):
        raise NotFound(_("Whose promise broke is shown to themselves and to managers."))
    if name in ("question", "visit"):
        return owed(asked, name, went, source, now=now)
    what = _KINDS[name].get(went) if went else (name,)
    if what is None:
        raise NotFound(_("This link names no number of this report. Open the report anew."))
    source = source or source_of(MOVE_STEPS, now=now, stamp=asked.stamp)
    asked = replace(asked, by="")

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what").isin(*what))
        if name == "phone":
            frame = frame.where(F.col("has_phone") == F.lit(1 if went == "kept" else 0))
        if (name, went) == ("attempt", "running"):
            frame = frame.where(F.col("is_running") == F.lit(1))
        return frame.select(F.col("pos").alias("id"), "person", "campaign_id", "member_id")

    found = source.ask(("scorecard.people", number), ask, given_by(asked))
    if asked.viewer_id is None or not set(what) & set(BREACHES):
        return Behind(brought_by(found, campaign_ids), source.pos)
    mine = found.filter(compute.equal(found["member_id"], asked.viewer_id))
    others = brought_by(found, campaign_ids).num_rows - brought_by(mine, campaign_ids).num_rows
    return Behind(brought_by(mine, campaign_ids), source.pos, others)


_KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "accept": {"kept": ("accepted",), "broken": ("expired",)},
    "attempt": {"kept": ("attempted",), "broken": ("unattempted",), "running": ("accepted",)},
    "phone": {"kept": ("given",), "broken": ("given",)},
    "question": {},
    "visit": {},
}


def words(number: str, went: str) -> str:
    """Return what a number counts, for the page of what is behind it."""
    said = {
        "born": _("Became ripe"),
        "given": _("Given"),
        "accepted": _("Accepted"),
        "returned": _("Returned"),
        "disqualified": _("Disqualified"),
        "converted": _("Became a sale"),
        "won": _("Won"),
        "expired": _("Offers that ran out"),
        "unattempted": _("Tried late"),
        "accept": _("Accepting in time"),
        "attempt": _("First attempt in time"),
        "phone": _("Leads with a phone number"),
        "question": _("Questions answered in time"),
        "visit": _("Show visitors followed up in time"),
    }
    how = {"kept": _("kept"), "broken": _("broken"), "running": _("still running")}
    return f"{said.get(number, number)}: {how[went]}" if went in how else said.get(number, number)


def _without_breaches(row: Row) -> Row:
    return {**row, **dict.fromkeys(BREACHES)}


def _notes(asked: Asked, by: str) -> list[str]:
    notes = [
        _(
            "A lead counts on the day on which something happened to it: it may be given in one month and accepted in"
            " the next."
        ),
        _(
            "Promises of Sales are judged by the clock of their day, in working hours; a promise once broken stays so."
        ),
    ]
    if by == "member" and asked.viewer_id is not None:
        notes.append(
            _("Broken promises are shown of yourself, and of all together; by name only managers see them.")
        )
    return notes
