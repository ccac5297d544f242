"""Pages by which a campaign is added, changed, moved in the tree, started and ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.campaigns import actions, queries
from orchard.campaigns.types import Status
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.marketing.campaigns.forms import Changed, Details, Move, initial_of, offer_places
from orchard.web.marketing.campaigns.words import STANDING
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a campaign, at the top or below the one that `?parent=` names."""
    initial = {"parent": request.GET.get("parent", ""), "status": Status.PLANNED.value}
    form = Details(posted(request), initial=initial)
    offer_places(form, queries.tree(counted=False))
    if form.is_valid():
        try:
            campaign_id = actions.create_campaign(
                now=clock.now(), actor_id=member_of(request).id, **form.changes()
            )
        except Refused as error:
            refuse(form, error, parent_id="parent")
        else:
            toasts.say(request, _("The campaign is added."))
            return redirect("campaigns:show", campaign_id)
    return _form(request, "campaigns/new.html", form, {})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Change what a campaign is."""
    campaign = queries.campaign(campaign_id)
    form = Changed(posted(request), initial=initial_of(campaign))
    if form.is_valid():
        values = form.changes()
        if not values["code"]:
            del values["code"]  # the code it has stays
        try:
            changed = actions.change_campaign(
                campaign_id=campaign_id,
                values=values,
                now=clock.now(),
                actor_id=member_of(request).id,
                seen=form.cleaned_data["seen"],
            )
        except Refused as error:
            form.refuse(error)
        else:
            toasts.say(request, _("The changes are kept.") if changed else _("Nothing was changed."))
            return redirect("campaigns:show", campaign_id)
    return _form(request, "campaigns/edit.html", form, {"campaign": campaign})


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Let a campaign be part of another one, or stand at the top."""
    campaign = queries.campaign(campaign_id)
    form = Move(posted(request), initial={"parent": str(campaign.parent_id or "")})
    below = queries.branch(campaign_id, counted=False)
    offer_places(form, queries.tree(counted=False), without={each.id for each in below})
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        try:
            actions.change_campaign(
                campaign_id=campaign_id,
                values={"parent_id": int(parent) if parent else None},
                now=clock.now(),
                actor_id=member_of(request).id,
            )
        except Refused as error:
            refuse(form, error, parent_id="parent")
        else:
            toasts.say(request, _("%(name)s stands there now.") % {"name": campaign.name})
            return redirect("campaigns:show", campaign_id)
    context = {"form": form, "campaign": campaign, "below": len(below) - 1}
    return render(request, "campaigns/move.html", context, status=422 if form.errors else 200)


@require_POST
def stand(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Set where a campaign stands: planned, running, done, cancelled."""
    before = queries.campaign(campaign_id)
    status = request.POST.get("status") or request.GET.get("status", "")
    actions.change_campaign(
        campaign_id=campaign_id,
        values={"status": status},
        now=clock.now(),
        actor_id=member_of(request).id,
    )
    undo = f"{reverse('campaigns:stand', args=[campaign_id])}?status={before.status}"
    words, _tone = STANDING[status]
    toasts.say(request, _("%(name)s is %(state)s now.") % {"name": before.name, "state": words}, undo=undo)
    return redirect("campaigns:show", campaign_id)


def _form(request: HttpRequest, template: str, form: Details, context: dict[str, object]) -> HttpResponse:
    kinds, channels = queries.kinds()
    context |= {"form": form, "kinds": kinds, "channels": channels}
    return render(request, template, context, status=422 if form.errors else 200)
