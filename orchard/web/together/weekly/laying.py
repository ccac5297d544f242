"""How the figures of a week are laid out: each beside that of the week before, with the address of its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.agreement import queries as agreement
from orchard.kit.money import Money
from orchard.reports.queries.numbers import DIMENSIONS, Topic, WeekShown
from orchard.reports.types import Answer, Asked, Column, Kind, Picture, Row, Sheet
from orchard.web.together.reports.asking import Question
from orchard.web.together.reports.cells import Cell, Laid, laid
from orchard.web.together.weekly.asking import days_of
from orchard.web.ui.tags.figures import grouped
from orchard.weekly.types import Week

_HOUR = 3_600

_FIGURES: Sequence[tuple[str, str | Promise, str | Promise]] = (
    ("born", gettext_lazy("Became ripe"), gettext_lazy("Contacts that became leads by the agreement")),
    ("given", gettext_lazy("Given to Sales"), gettext_lazy("Leads first offered, or picked")),
    ("accepted", gettext_lazy("Accepted"), ""),
    ("returned", gettext_lazy("Returned"), ""),
    ("disqualified", gettext_lazy("Disqualified"), ""),
    ("converted", gettext_lazy("Became a sale"), ""),
    ("won", gettext_lazy("Won"), ""),
    ("expired", gettext_lazy("Ran out"), gettext_lazy("Offers that nobody took in time")),
    ("unattempted", gettext_lazy("Tried late"), gettext_lazy("First attempt too late, or not yet")),
)
_OF_MEMBERS = ("member", "given", "accepted", "returned", "converted", "won", "expired", "unattempted")
_WEEK_BEFORE = Column("before_share", gettext_lazy("Week before"), Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: what it counts, of this week and of the one before, and how much more or fewer that is."""

    label: str | Promise
    says: str | Promise
    cells: Sequence[Cell]
    change: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of the agenda, with where its leads of this week and of the one before stand."""

    topic: Topic
    href: str
    before_href: str


class Addresses:
    """Where the rows behind the numbers of a week stand, all of them as of the place that it was read at."""

    def __init__(self, week: Week, shown: WeekShown) -> None:
        answer = shown.this
        self.week, self.at = week, {"at": answer.stamp}
        if answer.hour:
            self.at["hour"] = str(int(answer.hour.timestamp()) // _HOUR)

    def rows(self, report: str, number: str, week: Week | None = None, **narrows: str) -> str:
        """Return the address of the rows of a number, of a week's days or (None) of all time."""
        days = days_of(week) if week else {}
        query = urlencode({**narrows, **days, "number": number, **self.at})
        return f"{reverse('reports:rows', args=[report])}?{query}"

    def question(self, asked: Asked) -> Question:
        """Return the question of the week's scorecard, so that a sheet is laid out as on its own page."""
        return Question(asked, {"by": "member", **days_of(self.week), **self.at}, says_since=True)


def figures(shown: WeekShown, to: Addresses) -> list[Measured]:
    """Return the lines of what happened to leads."""
    now, before = _total(shown.this), _total(shown.before)
    lines = []
    for key, label, says in _FIGURES:
        cells = [
            _cell(_("This week"), now[key], to.rows("scorecard", key, to.week)),
            _cell(_("Week before"), before[key], to.rows("scorecard", key, to.week.before)),
        ]
        lines.append(Measured(label, says, cells, _change(now[key], before[key])))
        if key == "won":
            lines += _amounts(shown, to)
    return lines


def funnel(shown: WeekShown, to: Addresses) -> list[Measured]:
    """Return the lines of the funnel: how far newcomers came, of both weeks, and who is in each stage now."""
    return [
        Measured(
            capfirst(came["label"]),
            "",
            [
                _cell(_("This week"), came["entered"], to.rows("funnel", _stage(came, "entered"), to.week)),
                _cell(
                    _("Week before"),
                    earlier["entered"],
                    to.rows("funnel", _stage(came, "entered"), to.week.before),
                ),
                _cell(_("In it now"), standing["still_in"], to.rows("funnel", _stage(came, "still_in"))),
            ],
        )
        for came, earlier, standing in zip(shown.came, shown.came_before, shown.standing, strict=True)
    ]


def sheets(shown: WeekShown, to: Addresses, asked: Asked) -> dict[str, Laid]:
    """Return the sheets `members`, `promises` and `goals`, laid out as the scorecard's own."""
    found = {sheet.name: sheet for sheet in shown.this.sheets}
    promises, goals = found["promises"], found["goals"]
    earlier = {row["name"]: row["kept_share"] for row in _sheet(shown.before, "promises").rows}
    decided = [
        {**row, "before_share": earlier.get(row["name"])}
        for row in promises.rows
        if row["name"] != "ripe" or row["kept"] + row["broken"]
    ]
    quarter = _quarter(to.week)
    answer = replace(
        shown.this,
        sheets=[
            _members(found["rows"]),
            replace(promises, rows=decided, columns=[*promises.columns, _WEEK_BEFORE]),
            replace(goals, rows=[row for row in goals.rows if row["quarter"] == quarter]),
        ],
    )
    return laid(answer, to.question(asked), by="member")


def ripe_this_month(shown: WeekShown, to: Addresses, month: str, last: str) -> Mapping[str, object] | None:
    """Return how many became ripe since a month began, and how many are promised; None where nothing is promised."""
    force = agreement.in_force()
    if force is None or force.document is None:
        return None
    query = urlencode({"since": month, "until": last, "number": "born", **to.at})
    return {
        "count": shown.ripe_this_month,
        "promised": force.document.promises.marketing.ripe_per_month,
        "href": f"{reverse('reports:rows', args=['scorecard'])}?{query}",
    }


def agenda(shown: WeekShown, to: Addresses) -> list[Reason]:
    """Return why leads came back, each reason with the addresses of its leads."""
    reason = DIMENSIONS["reason"]
    return [
        Reason(
            topic,
            to.rows("came_back", f"leads.{reason.written(topic.reason)}", to.week),
            to.rows("came_back", f"leads.{reason.written(topic.reason)}", to.week.before),
        )
        for topic in shown.topics
    ]


def _members(rows: Sheet) -> Sheet:
    columns = {column.key: column for column in rows.columns}
    return replace(
        rows,
        name="members",
        title=_("Who had what"),
        columns=[columns[key] for key in _OF_MEMBERS],
        rows=[row for row in rows.rows if any(row[key] for key in _OF_MEMBERS[1:])],
        picture=Picture.NONE,
        draws=(),
    )


def _amounts(shown: WeekShown, to: Addresses) -> Iterator[Measured]:
    for currency in sorted({*shown.won, *shown.won_before}):
        pairs = ((shown.won, _("This week"), to.week), (shown.won_before, _("Week before"), to.week.before))
        yield Measured(
            _("Won, in %(currency)s") % {"currency": currency},
            "",
            [
                Cell(
                    str(Money(won[currency], currency)) if currency in won else "–",
                    label,
                    to.rows("scorecard", "won", week) if currency in won else "",
                )
                for won, label, week in pairs
            ],
        )


def _cell(label: str, value: int, href: str) -> Cell:
    return Cell(grouped(value), label, href if value else "")


def _change(now: int, before: int) -> str:
    if now == before:
        return "="
    return f"{'+' if now > before else '−'}{grouped(abs(now - before))}"


def _stage(row: Row, number: str) -> str:
    return f"{row['stage']}.{number}"


def _quarter(week: Week) -> str:
    return f"{week.sunday.year}-Q{(week.sunday.month + 2) // 3}"


def _sheet(answer: Answer, name: str) -> Sheet:
    return next(sheet for sheet in answer.sheets if sheet.name == name)


def _total(answer: Answer) -> Row:
    return answer.sheets[0].total or {}
