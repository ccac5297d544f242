"""The list of accounts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.contacts.queries import AccountWish
from orchard.kit import clock
from orchard.reports import queries
from orchard.reports.types import AccountShow, AccountSort
from orchard.web.marketing.accounts.forms import Narrow
from orchard.web.request import member_of


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List accounts by words and choices."""
    form = Narrow(request.GET)
    show = AccountShow(form.chosen("show"))
    wish = AccountWish(
        search=form.chosen("words"),
        industry=form.chosen("industry"),
        country=form.chosen("country"),
        owner_id=member_of(request).id if show is AccountShow.MINE else None,
    )
    found = queries.account_list(
        wish,
        now=clock.now(),
        sort=AccountSort(form.chosen("sort") or AccountSort.NAME),
        only_ripe=show is AccountShow.RIPE,
        cursor=request.GET.get("cursor", ""),
    )
    form.offer("industry", list(found.industries))
    form.offer("country", list(found.countries))
    narrows = wish.narrows or show is AccountShow.RIPE
    return render(request, "accounts/list.html", {"narrow": form, "list": found, "narrows": narrows})
