"""Pages by which the cost of a campaign is booked and taken back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orchard.campaigns import actions, queries
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.money import Money, minor_units
from orchard.web.marketing.campaigns.forms import Cost
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Book an amount on a campaign."""
    campaign = queries.campaign(campaign_id)
    today = timezone.localdate(clock.now())
    form = Cost(posted(request), initial={"currency": campaign.currency, "on": today})
    if form.is_valid():
        given = form.cleaned_data
        currency = given["currency"].upper()
        money = Money(minor_units(given["amount"], currency), currency)
        try:
            actions.add_cost(
                campaign_id=campaign_id,
                amount=money.minor,
                currency=currency,
                what=given["what"],
                on=given["on"],
                now=clock.now(),
                actor_id=member_of(request).id,
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("%(amount)s is booked.") % {"amount": money})
            return redirect("campaigns:show", campaign_id)
    context = {"form": form, "campaign": campaign}
    return render(request, "campaigns/cost.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, cost_id: int) -> HttpResponse:
    """Ask, then take back an amount that was booked by mistake."""
    cost = queries.cost(cost_id)
    campaign = cost.campaign
    money = Money(cost.amount, campaign.currency)
    if request.method == "POST":
        campaign_id = actions.remove_cost(cost_id=cost_id, now=clock.now(), actor_id=member_of(request).id)
        toasts.say(request, _("%(amount)s is taken back.") % {"amount": money})
        return redirect("campaigns:show", campaign_id)
    context = {
        "cost": cost,
        "campaign": campaign,
        "money": money,
        "left": Money((campaign.actual_cost or 0) - cost.amount, campaign.currency),
        "act": _("Take it back"),
        "danger": True,
        "back": reverse("campaigns:show", args=[campaign.id]),
    }
    return render(request, "campaigns/cost_remove.html", context)
