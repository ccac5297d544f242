"""The page of the basket: who waits for Sales, why, since when, and how fresh."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.agreement import queries as agreement
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.leads.types import Freshness


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the waiting leads, fresh ones or stale ones, the highest score first."""
    now = clock.now()
    stale = request.GET.get("show") == Freshness.STALE
    freshness = Freshness.STALE if stale else Freshness.FRESH
    return render(
        request,
        "basket/list.html",
        {
            "page": leads.basket(now=now, freshness=freshness, cursor=request.GET.get("cursor", "")),
            "counts": leads.counts(now=now),
            "stale": stale,
            "agreement": agreement.in_force(),
        },
    )
