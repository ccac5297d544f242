"""The page of a member's day: who is to be called, why, until when, and what was done already."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.picking import queries
from orchard.tasks import queries as tasks
from orchard.web.request import member_of
from orchard.web.sales.leads import SOON


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show at most fifteen names, the most urgent first."""
    member, now = member_of(request), clock.now()
    return render(
        request,
        "today/show.html",
        {
            "day": queries.today(member, now=now),
            "now": now,
            "soon": now + SOON,
            "today": tasks.today_of(member, now),
            "takes": member.capacity,
        },
    )
