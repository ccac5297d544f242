"""The pages of the basket: who waits for Sales, why, since when, how fresh; and the release of stale ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from orchard.agreement import queries as agreement
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.paging import Page
from orchard.leads import actions
from orchard.leads import queries as leads
from orchard.leads.types import Freshness
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.sales import forms
from orchard.web.sales.columns import BASKET
from orchard.web.ui import toasts


@listing_page(BASKET)
def listing(request: HttpRequest, wanted: Wanted) -> Found:
    """List the waiting leads, fresh ones or stale ones."""
    now, member = clock.now(), member_of(request)
    stale = request.GET.get("show") == Freshness.STALE
    freshness = Freshness.STALE if stale else Freshness.FRESH

    def walk(cursor: str, size: int) -> Page[leads.Waiting]:
        return leads.basket(now=now, freshness=freshness, by=wanted.by, cursor=cursor, size=size)

    return Found(
        walk,
        "basket/list.html",
        lambda: {
            "counts": leads.counts(now=now),
            "tally": leads.tally(),
            "stale": stale,
            "agreement": agreement.in_force(),
            "takes": member.capacity > 0 and permissions.may_open(member, "leads:pick"),
            "may_release": permissions.may_open(member, "basket:release"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """Let stale leads be offered, the highest scores first."""
    now = clock.now()
    counts, free = leads.counts(now=now), sum(each.free for each in leads.desks())
    form = forms.Release(posted(request), initial={"count": min(free, counts.stale) or 1})
    if form.is_valid():
        try:
            released = actions.release(**form.cleaned_data, actor_id=member_of(request).id, now=now)
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(
                request,
                ngettext("%(n)s stale lead is released.", "%(n)s stale leads are released.", released)
                % {"n": released},
            )
            return redirect("basket:list")
    return render(
        request,
        "basket/release.html",
        {
            "form": form,
            "counts": counts,
            "free": free,
            "act": _("Release"),
            "back": f"{reverse('basket:list')}?show=stale",
        },
        status=422 if form.errors else 200,
    )
