"""The tree of campaigns and the page of one; what they brought comes as a fragment, since it counts everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.campaigns import queries as campaigns
from orchard.kit import clock
from orchard.kit.money import Money
from orchard.reports import queries
from orchard.web import permissions
from orchard.web.marketing.campaigns.words import STANDING, lines_of, spent
from orchard.web.request import member_of

_CAME = {"first": True, "again": False}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the tree with its cost."""
    tree = campaigns.tree(counted=False)
    return render(
        request,
        "campaigns/list.html",
        {"lines": lines_of(tree, None), "running": sum(each.status == "running" for each in tree)}
        | _rights(request),
    )


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the tree with its cost and with what each branch brought."""
    tree = campaigns.tree(counted=False)
    found = queries.campaign_figures(tree, now=clock.now())
    context = {"lines": lines_of(tree, found), "pos": found.pos, "stamp": found.stamp}
    return render(request, "campaigns/tree.html", context)


@require_GET
def show(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show a campaign with its cost, those below it, and who came by it."""
    which = request.GET.get("show", "")
    shown = queries.campaign_shown(
        campaign_id, now=clock.now(), is_first=_CAME.get(which), cursor=request.GET.get("cursor", "")
    )
    campaign = shown.campaign
    words, tone = STANDING[campaign.status]
    context = {
        "shown": shown,
        "campaign": campaign,
        "lines": lines_of(shown.below, None),
        "which": which if which in _CAME else "",
        "words": words,
        "tone": tone,
        "own_planned": _money(campaign.planned_cost, campaign.currency),
        "own_actual": _money(campaign.actual_cost, campaign.currency),
        "spent": spent(shown.branch.planned, shown.branch.actual),
    }
    return render(request, "campaigns/show.html", context | _rights(request))


@require_GET
def brought(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show what a campaign and all below it brought, and those below it one by one."""
    branches = campaigns.branch(campaign_id, counted=False)
    found = queries.campaign_figures(branches, now=clock.now())
    context = {
        "campaign_id": campaign_id,
        "lines": lines_of(branches[1:], found),
        "brought": found.of[campaign_id],
        "pos": found.pos,
        "stamp": found.stamp,
    }
    return render(request, "campaigns/brought.html", context)


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_change": permissions.may_open(member_of(request), "campaigns:edit")}


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
