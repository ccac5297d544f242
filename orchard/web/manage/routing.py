"""The page of routing: who gets a lead by the agreement, who is next in each pool, and where one contact's would go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports import queries as reports
from orchard.web import permissions
from orchard.web.request import member_of, number_of

_LONGEST = 100


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show how leads are given as things stand, and where that of a chosen contact would go."""
    words = " ".join(request.GET.get("words", "").replace("\0", "").split())[:_LONGEST]
    shown = reports.routing_shown(
        now=clock.now(), contact_id=number_of(request.GET.get("contact", "")), words=words
    )
    member = member_of(request)
    context = {
        "shown": shown,
        "words": words,
        "may_change": permissions.may_open(member, "members:change"),
        "may_edit": permissions.may_open(member, "agreement:edit"),
    }
    return render(request, "manage/routing.html", context)
