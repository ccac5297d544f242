"""The list of programs, and the page of one: its steps in order, who is where, and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from orchard.agreement import queries as agreement
from orchard.kit import clock
from orchard.nurture import queries
from orchard.nurture.queries import Where
from orchard.nurture.types import UnknownProgram
from orchard.web import permissions
from orchard.web.request import member_of


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


@require_GET
def show(request: HttpRequest, program_id: int) -> HttpResponse:
    """Show a program whole; one that was never live is only a draft."""
    may_change = permissions.may_open(member_of(request), "programs:edit")
    now, given = clock.now(), request.GET.get("version", "")
    if queries.is_draft(program_id):
        draft = queries.draft(program_id)
        return render(request, "programs/draft.html", {"draft": draft, "may_change": may_change})
    if given and not (given.isdigit() and len(given) < 9):  # noqa: PLR2004 - a number of a version
        raise UnknownProgram("This program has no such version.")
    shown = queries.program(program_id, now=now, number=int(given) if given else None)
    word = request.GET.get("show", "")
    where = Where(word) if word in set(Where) else Where.ACTIVE
    step = request.GET.get("step", "")
    cursor = request.GET.get("cursor", "")
    return render(
        request,
        "programs/show.html",
        {
            "shown": shown,
            "where": str(where),
            "step": step,
            "page": queries.people(program_id, where, step=step, cursor=cursor),
            "may_change": may_change,
            "now": now,
            "here": reverse("programs:show", args=[program_id]),
        },
    )


@require_GET
def results(request: HttpRequest, program_id: int) -> HttpResponse:
    """Say what came of who entered; a fragment, since it looks at every one of them."""
    return render(request, "programs/results.html", {"results": queries.results(program_id)})
