"""What a member did today, by whom it was with; read only when somebody opens it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports import queries as reports
from orchard.reports.queries import DoneWith
from orchard.tasks import queries as tasks
from orchard.tasks.queries import Done
from orchard.tasks.types import Happened
from orchard.web.request import member_of
from orchard.web.sales.step_forms import HAPPENED

_SAID = dict(HAPPENED)
_ICONS = {
    Happened.REACHED: "phone",
    Happened.NO_ANSWER: "phone-missed",
    Happened.HELD: "users",
    Happened.MISSED: "user-x",
    Happened.MAIL: "mail",
}


@dataclass(frozen=True, slots=True)
class _Act:
    """One thing that was done, in words."""

    done: Done

    @property
    def icon(self) -> str:
        """Its sign: a step that nothing was logged of is ticked."""
        return _ICONS[self.done.happened] if self.done.happened else "check"

    @property
    def words(self) -> str | Promise:
        """What was logged, else that a step is done."""
        return _SAID[self.done.happened] if self.done.happened else _("Step done")


@dataclass(frozen=True, slots=True)
class _Row:
    """What was done with somebody, the newest first."""

    whom: DoneWith
    acts: Sequence[_Act]


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """List what the member did, the newest first; nobody reads a colleague's."""
    member, now = member_of(request), clock.now()
    found, more = reports.done_with(member, now=now)
    context = {
        "rows": [_Row(each, [_Act(done) for done in each.acts]) for each in found],
        "more": more,
        "most": tasks.DONE_AT_MOST,
        "today": tasks.today_of(member, now),
    }
    return render(request, "today/done.html", context)
