"""Which reports there are: what each is called, says and may be grouped by, and how it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.engine.types import Step
from orchard.kit.errors import NotFound
from orchard.reports.queries.numbers import funnel
from orchard.reports.tables import STEPS
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
    people: Callable[..., tuple[pa.Array, int, str]]
    words: Callable[[str, str], str]


REPORTS = {
    each.name: each
    for each in (
        Report(
            name=funnel.NAME,
            title=gettext_lazy("Funnel"),
            says=gettext_lazy("Of everybody whom we met: who came how far, how long it took, and what brought them."),
            days=gettext_lazy("Came in"),
            bys=funnel.BYS,
            by="campaign",
            number="contact.entered",
            steps=STEPS,
            shows=("stages", "rows"),
            answer=funnel.funnel,
            people=funnel.people,
            words=funnel.words,
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
    found: Answer = report(name).answer(asked, source, now=now)
    return found
