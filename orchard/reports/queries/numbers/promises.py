"""How the promises of both sides went, and how far the goals are, by the agreement in force."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.agreement import queries as agreement
from orchard.agreement.types import Document
from orchard.engine.types import ColumnType
from orchard.kit import clock
from orchard.kit.errors import NotFound
from orchard.kit.languages import figure
from orchard.kit.money import minor_units
from orchard.reports import rules
from orchard.reports.queries.numbers.asking import Behind, Given, Source, given_by, narrowed, source_of
from orchard.reports.queries.numbers.dimensions import EPOCH, micros
from orchard.reports.queries.numbers.moved import counts, is_of_others, won_amounts
from orchard.reports.tables import ANSWER_STEPS, counted
from orchard.reports.types import Asked, Column, Kind, Row

_DAY, _HOUR = 24 * 3600 * 1_000_000, 3600 * 1_000_000
_MEASURES = {"won": "won", "qualified": "born", "accepted": "accepted"}

WENT = ("kept", "broken", "running")

PROMISES = (
    Column("promise", gettext_lazy("Promise"), Kind.TEXT),
    Column("side", gettext_lazy("Of"), Kind.TEXT),
    Column("kept", gettext_lazy("Kept"), opens="kept"),
    Column("broken", gettext_lazy("Broken"), opens="broken"),
    Column("running", gettext_lazy("Still running"), opens="running"),
    Column("kept_share", gettext_lazy("Kept of those decided"), Kind.SHARE),
)
GOALS = (
    Column("quarter", gettext_lazy("Quarter"), Kind.TEXT),
    Column("measure", gettext_lazy("Goal"), Kind.TEXT),
    Column("target", gettext_lazy("Target"), Kind.NUMBER),
    Column("actual", gettext_lazy("So far"), Kind.NUMBER),
    Column("share", gettext_lazy("Of the target"), Kind.SHARE),
    Column("elapsed", gettext_lazy("Of the time"), Kind.SHARE),
    Column("pace", gettext_lazy("At this pace"), Kind.NUMBER),
)


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


def promises(document: Document, total: Row, source: Source, asked: Asked, now: datetime) -> list[Row]:
    """Return a line for each promise; `total` holds the counts of all moves that were asked for."""
    sales, marketing = document.promises.sales, document.promises.marketing
    ours, theirs = _("Sales"), _("Marketing")
    words = _("Accept within %(n)s working hours") % {"n": sales.accept_within_hours}
    rows = []
    if not is_of_others(asked):
        rows.append(_Kept(total["accepted"], total["expired"]).row("accept", words, ours))
    if sales.first_attempt_within_hours and not is_of_others(asked):
        words = _("First attempt within %(n)s working hours") % {"n": sales.first_attempt_within_hours}
        running = _how_many(source, asked, "is_running", "accepted")
        rows.append(_Kept(total["attempted"], total["unattempted"], running).row("attempt", words, ours))
    if not asked.where:  # the promise is the company's, and no part of it can keep it
        words = _("%(n)s ripe contacts a month, in whole months") % {"n": figure(marketing.ripe_per_month)}
        rows.append(_ripe_months(source, asked, marketing.ripe_per_month, now).row("ripe", words, theirs))
        del rows[-1]["of"]  # months have no rows
    if marketing.leads_with_phone_share is not None:
        words = _("%(share)s of leads with a phone number") % {
            "share": f"{marketing.leads_with_phone_share:.0%}"
        }
        with_phone = _how_many(source, asked, "has_phone", "given")
        rows.append(_Kept(with_phone, total["given"] - with_phone).row("phone", words, theirs))
    asks = []
    if marketing.answer_question_within_days:
        days = marketing.answer_question_within_days
        asks.append(("question", _("Answer questions within %(n)s days") % {"n": days}))
    if marketing.clock_show_follow_up_within_hours:
        hours = marketing.clock_show_follow_up_within_hours
        asks.append(
            ("visit", _("Follow up show visitors within %(n)s hours, nights included") % {"n": hours})
        )
    if asks:
        answers = source.beside(ANSWER_STEPS)
        rows += [
            _answered(answers, asked, name, document, now).row(name, words, theirs) for name, words in asks
        ]
    return rows


def _ripe_months(source: Source, asked: Asked, promised: int, now: datetime) -> _Kept:
    """Return in how many months (UTC) that lie whole within the days enough became ripe; the present one still runs."""
    months = {value: moved["born"] for value, moved in counts(source, Asked(by="month")).items()}
    if not months:
        return _Kept(0, 0)
    present = _month_of(now)
    month = _month_of(EPOCH + timedelta(microseconds=min(int(each) for each in months if each is not None)))
    if asked.since is not None and asked.since > month:
        month = _month_of(asked.since)
        month = month if month == asked.since else _month_after(month)
    last = present if asked.until is None else min(present, _month_of(asked.until))
    went = []
    while month < last:
        went.append(months.get(micros(month), 0) >= promised)
        month = _month_after(month)
    runs = month == present and (asked.until is None or asked.until >= _month_after(present))
    return _Kept(went.count(True), went.count(False), int(runs))


def _month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _month_after(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


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
    asked = _of_owed(asked)

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
    return _Kept(*(int(row[each] or 0) for each in WENT))


_OWED = ("campaign", "source", "team", "country", "industry")


def _of_owed(asked: Asked) -> Asked:
    """Return the question as questions and visits can be asked: they have no member, and their month is their days."""
    where = {key: value for key, value in asked.where.items() if key in _OWED}
    month = asked.where.get("month")
    if month is None:
        return replace(asked, by="", where=where)
    begins = EPOCH + timedelta(microseconds=int(month))
    ends = _month_after(begins)
    since = begins if asked.since is None else max(begins, asked.since)
    return replace(
        asked, by="", where=where, since=since, until=ends if asked.until is None else min(ends, asked.until)
    )


def _owed_given(
    asked: Asked, name: str, document: Document, now: datetime
) -> dict[str, tuple[ColumnType, Any]]:
    big = ColumnType.BIGINT
    # By the hour, so that an answer is found again within it.
    hour = micros(asked.hour or clock.full_hour(now))
    return {**given_by(asked), "span": (big, _span(document, name)), "now": (big, hour)}


def owed(asked: Asked, name: str, went: str, source: Source | None, *, now: datetime) -> Behind:
    """Return the questions or visits (`name`) of which the promise `went` so."""
    force = agreement.in_force()
    if force is None or force.document is None:
        raise NotFound(_("No agreement is in force, so nothing was promised."))
    source = source or source_of(ANSWER_STEPS, now=now, stamp=asked.stamp)
    asked = _of_owed(asked)

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what") == F.lit(name))
        return frame.where(_went(F, given)[went]).select(F.col("subject_id").alias("id"), "person")

    found = source.ask(
        ("scorecard.owed_people", name, went),
        ask,
        _owed_given(asked, name, force.document, now),
    )
    return Behind(found, source.pos)


def goals(document: Document, source: Source, now: datetime) -> list[Row]:
    """Return a line for each goal: how far it is, and how far it would come at the pace so far."""
    rows = []
    for goal in document.goals:
        since, until = quarter_of(goal.quarter)
        asked = Asked(since=since, until=until)
        if goal.measure == "won_amount":
            actual = won_amounts(source, asked).get(goal.currency, 0) / minor_units(Decimal(1), goal.currency)
            words = _("Won, in %(currency)s") % {"currency": goal.currency}
        else:
            found = counts(source, asked).get(None, {})
            actual = float(found.get(_MEASURES[goal.measure], 0))
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
