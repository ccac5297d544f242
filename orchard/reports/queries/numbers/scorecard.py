"""The scorecard: what each side gave the other, which promises were kept, and how far the goals are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyarrow import compute

from orchard.agreement import queries as agreement
from orchard.agreement.types import Document
from orchard.engine.types import ColumnType
from orchard.kit import clock
from orchard.kit.errors import NotFound
from orchard.kit.money import minor_units
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
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, EPOCH, Value, micros, named
from orchard.reports.tables import ANSWER_STEPS, MOVE_STEPS, counted
from orchard.reports.types import Answer, Asked, Column, Kind, Layers, Picture, Row, Sheet

NAME = "scorecard"
BYS = ("member", "team", "month", "campaign", "source", "country", "industry")

COUNTED = (
    "born",
    "given",
    "accepted",
    "returned",
    "disqualified",
    "converted",
    "won",
    "expired",
    "attempted",
    "attempted_late",
    "unattempted",
)
BREACHES = ("expired", "unattempted")
"""What is shown of oneself, summed up of the team, and by name to managers alone."""

_DAY, _HOUR = 24 * 3600 * 1_000_000, 3600 * 1_000_000
_MEASURES = {"won": "won", "qualified": "born", "accepted": "accepted"}

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
_PROMISES = (
    Column("promise", gettext_lazy("Promise"), Kind.TEXT),
    Column("side", gettext_lazy("Of"), Kind.TEXT),
    Column("kept", gettext_lazy("Kept"), opens="kept"),
    Column("broken", gettext_lazy("Broken"), opens="broken"),
    Column("running", gettext_lazy("Still running"), opens="running"),
    Column("kept_share", gettext_lazy("Kept of those decided"), Kind.SHARE),
)
_GOALS = (
    Column("quarter", gettext_lazy("Quarter"), Kind.TEXT),
    Column("measure", gettext_lazy("Goal"), Kind.TEXT),
    Column("target", gettext_lazy("Target"), Kind.NUMBER),
    Column("actual", gettext_lazy("So far"), Kind.NUMBER),
    Column("share", gettext_lazy("Of the target"), Kind.SHARE),
    Column("elapsed", gettext_lazy("Of the time"), Kind.SHARE),
    Column("pace", gettext_lazy("At this pace"), Kind.NUMBER),
)


def scorecard(asked: Asked, source: Source | None = None, *, now: datetime) -> Answer:
    """Return what happened to leads when `asked` says, in groups by `asked.by`, with promises and goals.

    Of whom `asked.viewer_id` does not see,
    `BREACHES` are left out in the groups by member; the sums hold everybody's.
    """
    by = asked.by or "member"
    source = source or source_of(MOVE_STEPS, now=now, stamp=asked.stamp)
    groups = _counts(source, replace(asked, by=by))
    names = DIMENSIONS[by].names(groups.keys())
    rows: list[Row] = [{**named(by, value, names), **counts} for value, counts in groups.items()]
    rows.sort(key=lambda row: row[by] or "" if by == "month" else (-row["given"], row[by] or ""))
    total = {**{name: sum(row[name] for row in groups.values()) for name in COUNTED}, "of": {}}
    if by == "member" and asked.viewer_id is not None:
        rows = [_discreet(row, asked.viewer_id) for row in rows]
    force = agreement.in_force()
    document = force.document if force else None
    promises = _promises(document, total, source, asked, now) if document else []
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
            Sheet("promises", _("Promises of both sides"), _PROMISES, promises),
            Sheet("goals", _("Goals and pace"), _GOALS, _goals(document, source, now) if document else []),
        ],
        source.pos,
        source.stamp,
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
    if went and (name not in _KINDS or went not in _WENT):
        raise NotFound(_("This link names no number of this report. Open the report anew."))
    if name in ("question", "visit"):
        return _owed(asked, name, went, source, now=now)
    what = _KINDS[name].get(went) if went else (name,)
    if what is None or (not went and name not in COUNTED):
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


_WENT = ("kept", "broken", "running")
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


def _counts(source: Source, asked: Asked) -> dict[Value, dict[str, int]]:
    keys = (DIMENSIONS[asked.by].column,) if asked.by else ()

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        return counted(F, narrowed(F, frame, given), keys, COUNTED)

    found = source.ask(("scorecard", asked.by), ask, given_by(asked)).to_pylist()
    return {row[keys[0]] if keys else None: {name: int(row[name]) for name in COUNTED} for row in found}


def _discreet(row: Row, viewer_id: int) -> Row:
    return row if row["member_id"] == viewer_id else {**row, **dict.fromkeys(BREACHES)}


@dataclass(frozen=True, slots=True)
class _Kept:
    """How a promise went: how often it was kept, broken, and is still running."""

    kept: int
    broken: int
    running: int = 0

    def row(self, name: str, promise: str, side: str) -> Row:
        """Return the line of a promise."""
        decided = self.kept + self.broken
        low, high = rules.interval(self.kept, decided) or (None, None)
        return {
            "name": name,
            "promise": promise,
            "side": side,
            "kept": self.kept,
            "broken": self.broken,
            "running": self.running,
            "kept_share": self.kept / decided if decided else None,
            "kept_low": low,
            "kept_high": high,
            "of": {"stage": name},
        }


def _promises(document: Document, total: Row, source: Source, asked: Asked, now: datetime) -> list[Row]:
    sales, marketing = document.promises.sales, document.promises.marketing
    ours, theirs = _("Sales"), _("Marketing")
    words = _("Accept within %(n)s working hours") % {"n": sales.accept_within_hours}
    rows = [_Kept(total["accepted"], total["expired"]).row("accept", words, ours)]
    if sales.first_attempt_within_hours:
        words = _("First attempt within %(n)s working hours") % {"n": sales.first_attempt_within_hours}
        running = _how_many(source, asked, "is_running", "accepted")
        rows.append(_Kept(total["attempted"], total["unattempted"], running).row("attempt", words, ours))
    rows.append(_ripe_months(source, asked, marketing.ripe_per_month, now).row("ripe", "", theirs))
    rows[-1]["promise"] = _("%(n)s ripe contacts a month, in months") % {"n": f"{marketing.ripe_per_month:,}"}
    del rows[-1]["of"]  # months have no rows
    if marketing.leads_with_phone_share is not None:
        words = _("%(share)s of leads with a phone number") % {
            "share": f"{marketing.leads_with_phone_share:.0%}"
        }
        with_phone = _how_many(source, asked, "has_phone", "given")
        rows.append(_Kept(with_phone, total["given"] - with_phone).row("phone", words, theirs))
    owed = []
    if marketing.answer_question_within_days:
        days = marketing.answer_question_within_days
        owed.append(("question", _("Answer questions within %(n)s days") % {"n": days}))
    if marketing.clock_show_follow_up_within_hours:
        hours = marketing.clock_show_follow_up_within_hours
        owed.append(
            ("visit", _("Follow up show visitors within %(n)s hours, nights included") % {"n": hours})
        )
    if owed:
        answers = source.beside(ANSWER_STEPS)
        rows += [
            _answered(answers, asked, name, document, now).row(name, words, theirs) for name, words in owed
        ]
    return rows


def _ripe_months(source: Source, asked: Asked, promised: int, now: datetime) -> _Kept:
    """Return in how many whole months of those asked for (UTC) enough became ripe; the present one is still running."""
    months = {value: counts["born"] for value, counts in _counts(source, replace(asked, by="month")).items()}
    if not months:
        return _Kept(0, 0)
    present = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    month, last = EPOCH + timedelta(microseconds=int(min(months, key=int))), present  # type: ignore[arg-type]  # all known
    if asked.until is not None:
        last = min(present, asked.until.astimezone(UTC))
    went = []
    while month < last:
        went.append(months.get(micros(month), 0) >= promised)
        month = (month + timedelta(days=32)).replace(day=1)
    return _Kept(went.count(True), went.count(False), int(asked.until is None or asked.until > present))


def _how_many(source: Source, asked: Asked, mark: str, what: str) -> int:
    """Return how many moves of a sort bear a mark."""
    asked = replace(asked, by="")

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        return counted(F, narrowed(F, frame, given).where(F.col(mark) == F.lit(1)), (), (what,))

    return int(source.ask(("scorecard", mark, what), ask, given_by(asked)).to_pylist()[0][what])


def _span(document: Document, name: str) -> int:
    """Return within how many microseconds a question or a visit is to be answered."""
    marketing = document.promises.marketing
    if name == "question":
        return (marketing.answer_question_within_days or 0) * _DAY
    return (marketing.clock_show_follow_up_within_hours or 0) * _HOUR


def _went(F: Any, given: Given) -> dict[str, Any]:  # noqa: N803
    """Return for each way that a promise of an answer may have gone whether it went so."""
    due = F.col("came_at") + given["span"]
    kept = F.coalesce(F.col("answered_at") <= due, F.lit(False))
    return {"kept": kept, "broken": ~kept & (due < given["now"]), "running": ~kept & (due >= given["now"])}


def _answered(answers: Source, asked: Asked, name: str, document: Document, now: datetime) -> _Kept:
    asked = replace(asked, by="", where={key: value for key, value in asked.where.items() if key in _OWED})

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what") == F.lit(name))
        one, none = F.lit(1).cast("bigint"), F.lit(0).cast("bigint")
        return frame.agg(
            *(
                F.sum(F.when(holds, one).otherwise(none)).alias(went)
                for went, holds in _went(F, given).items()
            )
        )

    found = answers.ask(("scorecard.owed", name), ask, _owed_given(asked, name, document, now))
    (row,) = found.to_pylist()
    return _Kept(*(int(row[each] or 0) for each in _WENT))


_OWED = ("campaign", "source", "team", "country", "industry")


def _owed_given(
    asked: Asked, name: str, document: Document, now: datetime
) -> dict[str, tuple[ColumnType, Any]]:
    big = ColumnType.BIGINT
    # By the hour, so that an answer is found again within it.
    hour = micros(clock.full_hour(now))
    return {**given_by(asked), "span": (big, _span(document, name)), "now": (big, hour)}


def _owed(asked: Asked, name: str, went: str, source: Source | None, *, now: datetime) -> Behind:
    force = agreement.in_force()
    if force is None or force.document is None:
        raise NotFound(_("No agreement is in force, so nothing was promised."))
    source = source or source_of(ANSWER_STEPS, now=now, stamp=asked.stamp)
    asked = replace(asked, by="", where={key: value for key, value in asked.where.items() if key in _OWED})

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what") == F.lit(name))
        return frame.where(_went(F, given)[went]).select(F.col("subject_id").alias("id"), "person")

    found = source.ask(
        ("scorecard.owed_people", name, went),
        ask,
        _owed_given(asked, name, force.document, now),
    )
    return Behind(found, source.pos)


def _goals(document: Document, source: Source, now: datetime) -> list[Row]:
    rows = []
    for goal in document.goals:
        since, until = quarter_of(goal.quarter)
        asked = Asked(since=since, until=until)
        if goal.measure == "won_amount":
            actual = _won_amount(source, asked, goal.currency) / minor_units(Decimal(1), goal.currency)
            words = _("Won, in %(currency)s") % {"currency": goal.currency}
        else:
            counts = _counts(source, asked).get(None, {})
            actual = float(counts.get(_MEASURES[goal.measure], 0))
            words = {"won": _("Sales won"), "qualified": _("Ripe contacts"), "accepted": _("Leads accepted")}[
                goal.measure
            ]
        target = float(goal.number)
        elapsed = min(1.0, max(0.0, (now - since) / (until - since)))
        rows.append(
            {
                "quarter": goal.quarter,
                "measure": words,
                "target": target,
                "actual": actual,
                "share": actual / target if target else None,
                "elapsed": elapsed,
                "pace": actual / elapsed if elapsed else None,
                "of": {},
            }
        )
    return rows


def quarter_of(name: str) -> tuple[datetime, datetime]:
    """Return the first moment (UTC) of a quarter such as `2027-Q1`, and of the next one."""
    year, quarter = int(name[:4]), int(name[-1])
    begins = datetime(year, 3 * quarter - 2, 1, tzinfo=UTC)
    after = begins + timedelta(days=100)
    return begins, after.replace(day=1)


def _won_amount(source: Source, asked: Asked, currency: str) -> int:
    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what") == F.lit("won"))
        return frame.where(F.col("currency") == given["currency"]).agg(
            F.sum(F.coalesce(F.col("amount"), F.lit(0))).cast("bigint").alias("amount")
        )

    given = {**given_by(asked), "currency": (ColumnType.TEXT, currency)}
    (row,) = source.ask("scorecard.amount", ask, given).to_pylist()
    return int(row["amount"] or 0)


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
