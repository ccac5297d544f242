"""The list of programs, and the page of one: its steps in order, who is where, and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from orchard.agreement import queries as agreement
from orchard.kit import clock
from orchard.kit.paging import Page
from orchard.nurture import queries
from orchard.nurture.queries import Where
from orchard.nurture.types import UnknownProgram
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.programs.columns import PEOPLE
from orchard.web.request import counter_of, member_of


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List every program, and the reasons of the agreement in force with what answers them."""
    force = agreement.in_force_terms()
    reasons = queries.answers(queries.reason_labels()) if force else []
    return render(
        request,
        "programs/list.html",
        {
            "programs": queries.programs(now=clock.now()),
            "answers": reasons,
            "may_change": permissions.may_open(member_of(request), "programs:edit"),
        },
    )


@listing_page(PEOPLE)
def show(request: HttpRequest, wanted: Wanted, program_id: int) -> Found | HttpResponse:
    """Show a program whole; one that was never live is only a draft."""
    may_change = permissions.may_open(member_of(request), "programs:edit")
    now, given = clock.now(), request.GET.get("version", "")
    number = counter_of(given)
    if queries.is_draft(program_id):
        draft = queries.draft(program_id)
        return render(request, "programs/draft.html", {"draft": draft, "may_change": may_change})
    if given and number is None:
        raise UnknownProgram("This program has no such version.")
    shown = queries.program(program_id, now=now, number=number)
    word, step = request.GET.get("show", ""), request.GET.get("step", "")
    where = Where(word) if word in set(Where) else Where.ACTIVE

    def walk(cursor: str, size: int) -> Page[queries.Person]:
        return queries.people(program_id, where, step=step, by=wanted.by, cursor=cursor, size=size)

    return Found(
        walk,
        "programs/show.html",
        lambda: {
            "shown": shown,
            "where": str(where),
            "step": step,
            "may_change": may_change,
            "now": now,
            "here": reverse("programs:show", args=[program_id]),
        },
    )


@require_GET
def results(request: HttpRequest, program_id: int) -> HttpResponse:
    """Say what came of who entered; a fragment, since it looks at every one of them."""
    return render(request, "programs/results.html", {"results": queries.results(program_id)})
