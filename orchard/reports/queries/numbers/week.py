"""A week as its meeting looks at it: its figures beside those of the week before, and what came back, by reason."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.leads import queries as leads
from orchard.reports.queries.numbers.asking import Given, NoLongerKept, Source, given_by, narrowed, source_of
from orchard.reports.queries.numbers.came_back import BACK
from orchard.reports.queries.numbers.dimensions import EPOCH, Value
from orchard.reports.queries.numbers.funnel import stages
from orchard.reports.queries.numbers.moved import counts, won_amounts
from orchard.reports.queries.numbers.scorecard import scorecard
from orchard.reports.tables import MOVE_STEPS, STEPS
from orchard.reports.types import Answer, Asked, Row
from orchard.team import queries as team

SAID = 3
"""So many of the newest words stand under a reason."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a week as moments: the one before begins at `before`, it at `since`, the next at `until`.

    `month` is when the month began in which it ends.
    """

    before: datetime
    since: datetime
    until: datetime
    month: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What Sales said when it gave a lead back."""

    contact_id: int
    name: str
    words: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """Why leads came back: how many did in this week and in the one before, and from when they may come again.

    `again` counts those that may, between `first` and `last`; `for_good` those that were ended. `said` are the newest
    words that the reader may see, `unsaid` counts those that are not among them.
    """

    reason: Value
    label: str
    leads: int
    before: int
    for_good: int
    again: int
    first: datetime | None
    last: datetime | None
    said: Sequence[Said]
    unsaid: int


@dataclass(frozen=True, slots=True)
class WeekShown:
    """The figures of a week (`this`) and of the one before, all of them as of one place.

    `came` holds for each stage how many of this week's newcomers came that far, `came_before` of those before, and
    `standing` everybody of all time; the rows are the funnel's. `won` are amounts in minor units, by currency.
    """

    this: Answer
    before: Answer
    came: Sequence[Row]
    came_before: Sequence[Row]
    standing: Sequence[Row]
    won: Mapping[str, int]
    won_before: Mapping[str, int]
    ripe_this_month: int
    topics: Sequence[Topic]

    @property
    def came_back(self) -> int:
        """How many leads came back in the week."""
        return sum(topic.leads for topic in self.topics)


def week_shown(span: Span, *, now: datetime, viewer_id: int | None = None) -> WeekShown:
    """Return a week beside the one before, with the words of members within one's reach.

    `viewer_id` is who reads, where it is somebody who sees no one else's broken promises.
    """
    try:
        return _shown(span, now, viewer_id)
    except NoLongerKept:
        return _shown(span, now, viewer_id)  # the lake went on between two of its tables


def _shown(span: Span, now: datetime, viewer_id: int | None) -> WeekShown:
    moves = source_of(MOVE_STEPS, now=now)
    journeys = moves.beside(STEPS)
    this = Asked(since=span.since, until=span.until, viewer_id=viewer_id)
    before = Asked(since=span.before, until=span.since, viewer_id=viewer_id)
    month = counts(moves, Asked(since=span.month, until=span.until)).get(None, {})
    return WeekShown(
        this=scorecard(this, moves, now=now),
        before=scorecard(before, moves, now=now),
        came=stages(this, journeys),
        came_before=stages(before, journeys),
        standing=stages(Asked(), journeys),
        won=won_amounts(moves, this),
        won_before=won_amounts(moves, before),
        ripe_this_month=month.get("born", 0),
        topics=_topics(_back(moves, this), _back(moves, before)),
    )


def _back(source: Source, asked: Asked) -> list[Row]:
    """Return each lead that came back, the newest last."""

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        frame = narrowed(F, frame, given).where(F.col("what").isin(*BACK))
        return frame.select("subject_id", "pos", "person", "what", "reason", "member_id", "came_at")

    found = source.ask("week.back", ask, given_by(asked)).to_pylist()
    return sorted(found, key=lambda row: (row["came_at"], row["pos"]))


def _topics(rows: Sequence[Row], before: Sequence[Row]) -> list[Topic]:
    """Return the reasons of these rows, the one with most leads first; one of the week before alone comes last."""
    groups: dict[Value, list[Row]] = {row["reason"]: [] for row in before}
    for row in rows:
        groups.setdefault(row["reason"], []).append(row)
    earlier = Counter(row["reason"] for row in before)
    labels = leads.reason_labels()
    again = leads.may_come_again(row["subject_id"] for row in rows if row["what"] == "returned")
    spoken, reach = _spoken(rows), team.reach()
    hidden = contacts.hidden_among(row["person"] for row in rows)
    newest = {
        reason: [
            row
            for row in reversed(found)
            if row["pos"] in spoken and reach.covers(row["member_id"]) and row["person"] not in hidden
        ][:SAID]
        for reason, found in groups.items()
    }
    said = _said([row for some in newest.values() for row in some], spoken)
    topics = []
    for reason, found in groups.items():
        heard = [said[row["pos"]] for row in newest[reason] if row["pos"] in said]
        number, first, last = again.get(str(reason or ""), (0, None, None))
        topics.append(
            Topic(
                reason=reason,
                label=_("No reason given") if reason is None else labels.get(str(reason), str(reason)),
                leads=len(found),
                before=earlier[reason],
                for_good=sum(row["what"] == "disqualified" for row in found),
                again=number,
                first=first,
                last=last,
                said=heard,
                unsaid=sum(row["pos"] in spoken for row in found) - len(heard),
            )
        )
    return sorted(topics, key=lambda topic: (-topic.leads, -topic.before, topic.label))


def _spoken(rows: Sequence[Row]) -> dict[int, int]:
    """Return around which of these facts something was said: its id by its place."""
    leads_back = {row["subject_id"] for row in rows}
    facts = ledger.about("lead", leads_back, kinds=("lead.returned", "lead.disqualified"))
    spoken = ledger.with_words(facts.values())
    return {
        row["pos"]: fact
        for row in rows
        if (fact := facts.get(row["subject_id"])) is not None and fact in spoken
    }


def _said(rows: Sequence[Row], spoken: Mapping[int, int]) -> dict[int, Said]:
    """Return what was said of leads that came back, by the place of the fact."""
    words = ledger.words_of(spoken[row["pos"]] for row in rows)
    names = contacts.names(row["person"] for row in rows)
    members = team.names([row["member_id"] for row in rows if row["member_id"] is not None])
    return {
        row["pos"]: Said(
            contact_id=row["person"],
            name=names[row["person"]],
            words=said,
            member=members.get(row["member_id"], ""),
            at=EPOCH + timedelta(microseconds=row["came_at"]),
        )
        for row in rows
        # Between the two questions somebody may have been erased.
        if row["person"] in names and (said := words.get(spoken[row["pos"]]))
    }
