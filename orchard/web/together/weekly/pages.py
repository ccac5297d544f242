"""The meeting of one week to read and to print, its figures as a fragment, and the list of past meetings."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports.queries import numbers
from orchard.reports.types import Asked
from orchard.tasks import queries as tasks
from orchard.team.types import Scope
from orchard.web import permissions
from orchard.web.renewal import renewed
from orchard.web.request import member_of, wants_fragment
from orchard.web.together.weekly import asking, laying
from orchard.web.together.weekly.forms import DecisionForm, NoteForm
from orchard.weekly import queries
from orchard.weekly.types import Week

PARTS = ("notes", "decisions")
"""What of the page renews itself, so that those who sit together see what each of them writes."""


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the meeting about the last whole week."""
    return week_page(request, asking.week_asked(""))


@require_GET
def week(request: HttpRequest, week: str) -> HttpResponse:
    """Show the meeting about one week, or one part of it (`?part=notes`) for a page that renews itself."""
    asked, part = asking.week_asked(week), request.GET.get("part", "")
    if wants_fragment(request) and part in PARTS:
        return renewed(request, render(request, f"weekly/{part}.html", _written(request, asked)))
    return week_page(request, asked)


@require_GET
def figures(request: HttpRequest, week: str) -> HttpResponse:
    """Show the figures of a week; a fragment, since it counts everybody."""
    asked, member = asking.week_asked(week), member_of(request)
    span = asking.span_of(asked)
    viewer_id = None if member.role in {role.value for role in permissions.MANAGERS} else member.pk
    shown = numbers.week_shown(span, now=clock.now(), viewer_id=viewer_id)
    to = laying.Addresses(asked, shown)
    days = asking.days_of(asked)
    since, reasons = timezone.localdate(span.month).isoformat(), laying.agenda(shown, to)
    context = {
        "week": asked,
        "shown": shown,
        "figures": laying.figures(shown, to),
        "funnel": laying.funnel(shown, to),
        "sheets": laying.sheets(
            shown, to, Asked(by="member", since=span.since, until=span.until, viewer_id=viewer_id)
        ),
        "ripe": laying.ripe_this_month(shown, to, since, days["until"]),
        "month": span.month,
        "agenda": [each for each in reasons if each.topic.leads],
        "earlier": [each for each in reasons if not each.topic.leads],
        "hears_all": member.scope == Scope.ALL,
        "names": viewer_id is None,
        "is_running": queries.is_running(asked, today=asking.today()),
    }
    return render(request, "weekly/figures.html", context)


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """List the weeks that something was noted or decided in."""
    page = queries.history(cursor=request.GET.get("cursor", ""))
    return render(request, "weekly/history.html", {"page": page})


def week_page(
    request: HttpRequest,
    week: Week,
    *,
    note_form: NoteForm | None = None,
    decision_form: DecisionForm | None = None,
) -> HttpResponse:
    """Show the meeting about a week; a form that was refused stands there as it was sent."""
    refused = note_form or decision_form
    context = {
        **_written(request, week),
        "note_form": note_form or NoteForm(auto_id="note_%s"),
        "decision_form": decision_form or DecisionForm(auto_id="decision_%s"),
        "after": week.after if week < queries.week_of(asking.today()) else None,
        "is_running": queries.is_running(week, today=asking.today()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "weekly/show.html", context, status=status)


def _written(request: HttpRequest, week: Week) -> dict[str, Any]:
    """Return what was written of a week, and what is still to be done of earlier ones."""
    member = member_of(request)
    return {
        "week": week,
        "notes": queries.notes(week),
        "decisions": queries.decisions(week),
        "open_before": queries.open_before(week),
        "manages": member.role in {role.value for role in permissions.MANAGERS},
        "today": tasks.today_of(member, clock.now()),
    }
