"""Which reports there are: what each is called, says and may be grouped by, and how it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.engine.types import Step
from orchard.kit.errors import NotFound
from orchard.reports.queries.numbers import came_back, closing, cost, funnel, orchard, scorecard
from orchard.reports.queries.numbers.asking import Behind, NoLongerKept
from orchard.reports.tables import CLOSING_STEPS, MOVE_STEPS, ORCHARD_STEPS, STEPS
from orchard.reports.types import Answer, Asked


class UnknownReport(NotFound):
    """There is no report of that name."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `shows` names the sheets of its page in their order; the days of a question choose `days`.

    `number` is the one whose people are shown where an address names none.
    """

    name: str
    title: str | Promise
    says: str | Promise
    days: str | Promise
    bys: Sequence[str]
    by: str
    number: str
    steps: Sequence[Step]
    shows: Sequence[str]
    answer: Callable[..., Answer]
    people: Callable[..., Behind]
    words: Callable[[str, str], str]
    quarterly: bool = False
    """Whether its page begins with this quarter where no days are chosen."""


REPORTS = {
    each.name: each
    for each in (
        Report(
            name=funnel.NAME,
            title=gettext_lazy("Funnel"),
            says=gettext_lazy(
                "Of everybody whom we met: who came how far, how long it took, and what brought them."
            ),
            days=gettext_lazy("Came in"),
            bys=funnel.BYS,
            by="campaign",
            number="contact.entered",
            steps=STEPS,
            shows=("stages", "rows", "cohorts_qualified", "cohorts_customer"),
            answer=funnel.funnel,
            people=funnel.people,
            words=funnel.words,
        ),
        Report(
            name=scorecard.NAME,
            title=gettext_lazy("Scorecard"),
            says=gettext_lazy(
                "What each side gave the other, which promises were kept, and how far the goals are."
            ),
            days=gettext_lazy("Happened"),
            bys=scorecard.BYS,
            by="member",
            number="given",
            steps=MOVE_STEPS,
            shows=("promises", "goals", "rows"),
            answer=scorecard.scorecard,
            people=scorecard.people,
            words=scorecard.words,
            quarterly=True,
        ),
        Report(
            name=came_back.NAME,
            title=gettext_lazy("What came back over time"),
            says=gettext_lazy("Leads that Sales gave back or ended, month by month, and for which reasons."),
            days=gettext_lazy("Came back"),
            bys=came_back.BYS,
            by="month",
            number="leads",
            steps=MOVE_STEPS,
            shows=("rows", "reasons"),
            answer=came_back.came_back,
            people=came_back.people,
            words=came_back.words,
        ),
        Report(
            name=closing.NAME,
            title=gettext_lazy("Interactions to close"),
            says=gettext_lazy(
                "At which real exchange sales were won here, and how early others were given up."
            ),
            days=gettext_lazy("Ended"),
            bys=closing.BYS,
            by="touches",
            number="won",
            steps=CLOSING_STEPS,
            shows=("company", "rows"),
            answer=closing.closing,
            people=closing.people,
            words=closing.words,
        ),
        Report(
            name=cost.NAME,
            title=gettext_lazy("Cost"),
            says=gettext_lazy(
                "What a contact, an accepted lead and a won sale cost, by the campaign that brought them."
            ),
            days=gettext_lazy("Came in"),
            bys=cost.BYS,
            by="campaign",
            number="contact.entered",
            steps=STEPS,
            shows=("rows",),
            answer=cost.cost,
            people=cost.people,
            words=funnel.words,
        ),
        Report(
            name=orchard.NAME,
            title=gettext_lazy("Orchard"),
            says=gettext_lazy(
                "Of everybody whom a campaign brought: who grows, ripens, is ripe, was picked, or rots on the ground."
            ),
            days=gettext_lazy("Came in"),
            bys=orchard.BYS,
            by="campaign",
            number=orchard.EVERYBODY,
            steps=ORCHARD_STEPS,
            shows=("rows",),
            answer=orchard.orchard,
            people=orchard.people,
            words=orchard.words,
        ),
    )
}


def report(name: str) -> Report:
    """Return the report of that name; raises `UnknownReport`."""
    if name not in REPORTS:
        raise UnknownReport(_("There is no report of that name."))
    return REPORTS[name]


def answer(name: str, asked: Asked, *, now: datetime, source: Any = None) -> Answer:
    """Return what a report says, as things stand now or as they stood at `asked.stamp`."""
    try:
        return report(name).answer(asked, source, now=now)
    except NoLongerKept:
        if asked.stamp:
            raise
        return report(name).answer(asked, source, now=now)  # the lake went on between two of its tables
