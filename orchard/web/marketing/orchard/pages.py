"""The pages of the orchard: the frame; as fragments, since they count everybody, the rest; and who ripens this week."""

import json
from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from orchard.campaigns import queries as campaigns
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries
from orchard.reports.queries import numbers
from orchard.web import permissions
from orchard.web.marketing.orchard.asking import asked_of, month_of, months_of, question_at
from orchard.web.marketing.orchard.drawing import picture_of
from orchard.web.request import member_of
from orchard.web.together.reports.asking import question_of
from orchard.web.together.reports.cells import laid
from orchard.web.together.reports.pages import ENDINGS

LATELY = 90
"""Of so many days it is told what came back."""

_BARE = 6


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the frame of the orchard."""
    mistake = ""
    months = months_of(numbers.moments_until(clock.now()))
    try:
        month = month_of(request.GET, months)
    except Refused as error:
        mistake, month = error.sentence, months[-1]
    is_table = request.GET.get("as") == "table"
    context = {
        "mistake": mistake,
        "is_table": is_table,
        "fragment": reverse("orchard:table" if is_table else "orchard:trees"),
        "query": request.GET.urlencode(),
        "twin": _with(request.GET, **{"as": "" if is_table else "table"}),
        "sources": campaigns.sources(),
        "source": request.GET.get("source", ""),
        "month": month,
        "months": months[::-1],
    }
    return render(request, "orchard/show.html", context, status=422 if mistake else 200)


@require_GET
def trees(request: HttpRequest) -> HttpResponse:
    """Show the trees."""
    try:
        shown = queries.orchard_shown(asked_of(request.GET), now=clock.now())
        months = months_of(shown.moments)
        month = month_of(request.GET, months)
    except Refused as error:
        return _failed(request, error)
    source = request.GET.get("source", "")
    picture = picture_of(shown, months, source)
    context = {
        "shown": shown,
        "picture": json.dumps(picture, ensure_ascii=False, separators=(",", ":")),
        "worth": picture["worth"],
        "trees": len(shown.trees) + shown.more,
        "legend": [(band, numbers.BAND_LABELS[band]) for band in _LEGEND],
        "last": len(months) - 1,
        "place": months.index(month),
        "table": f"{reverse('orchard:show')}?{_with(request.GET, **{'as': 'table'})}",
        "bare": shown.bare[:_BARE],
        "bare_more": len(shown.bare[_BARE:]),
        "source": source,
        "may_add": permissions.may_open(member_of(request), "campaigns:new"),
    }
    return render(request, "orchard/trees.html" if shown.trees else "orchard/none.html", context)


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Show the same as a table, at the end of one month."""
    now = clock.now()
    try:
        month = month_of(request.GET, months_of(numbers.moments_until(now)))
        question = question_at(request.GET, month)
        answer = queries.orchard_table(question.asked, now=now)
    except Refused as error:
        return _failed(request, error)
    question = replace(question, parts={**question.parts, "sort": request.GET.get("sort", "")})
    context = {
        "sheet": laid(answer, question, by="")["rows"],
        "total": answer.sheets[0].total,
        "answer": answer,
        "month": month,
        "source": request.GET.get("source", ""),
        "files": [
            (ending, f"{reverse('reports:file', args=['orchard', ending])}?{question.at(answer, sort=None)}")
            for ending in ENDINGS
        ],
        "may_add": permissions.may_open(member_of(request), "campaigns:new"),
    }
    return render(request, "orchard/table.html" if answer.sheets[0].rows else "orchard/none.html", context)


@require_GET
def beside(request: HttpRequest) -> HttpResponse:
    """Show what accepted leads cost, and what came back."""
    since = timezone.localdate(clock.now()) - timedelta(days=LATELY)
    question = question_of(numbers.report("came_back"), QueryDict(f"by=reason&since={since.isoformat()}"))
    try:
        found = queries.orchard_beside(back=question.asked, now=clock.now())
    except Refused as error:
        return _failed(request, error)
    back = laid(found.back, question, by="reason")["rows"]
    context = {"found": found, "back": back.lines[:6], "days": LATELY, "back_query": question.with_()}
    return render(request, "orchard/beside.html", context)


@require_GET
def soon(request: HttpRequest) -> HttpResponse:
    """Show who ripens this week, and who is nearest to ripe."""
    return render(request, "orchard/soon.html", {"found": queries.orchard_soon(now=clock.now())})


@require_GET
def ripening(request: HttpRequest) -> HttpResponse:
    """List who ripens this week by the calendar alone."""
    return render(request, "orchard/ripening.html", {"found": queries.ripening(now=clock.now())})


_LEGEND = ("growing", "ripening", "ripe", "picked", "rotting")


def _failed(request: HttpRequest, error: Refused) -> HttpResponse:
    """Say in the place of the picture why it cannot be drawn; 422 lets it be shown there."""
    return render(request, "orchard/failed.html", {"sentence": error.sentence}, status=422)


def _with(query: QueryDict, **changed: str) -> str:
    """Return the query of an address with some parts changed; an empty one is left out."""
    parts = query.copy()
    for name, value in changed.items():
        parts[name] = value
        if not value:
            del parts[name]
    parts.pop("sort", None)
    return parts.urlencode()
