"""The pages by which managers see who has how much in hands, and hand a desk over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import queries as leads
from orchard.opportunities import actions
from orchard.opportunities import queries as opportunities
from orchard.tasks import queries as tasks
from orchard.team import queries as team
from orchard.web import permissions
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.sales import forms
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show what everybody within reach has in hands, and how much more fits."""
    now, member = clock.now(), member_of(request)
    sales, steps = opportunities.open_by_member(), tasks.open_by_member()
    reach = team.reach()
    found = [each for each in leads.desks([*sales, *steps]) if reach.covers(each.member_id)]
    return render(
        request,
        "leads/desks.html",
        {
            "desks": [(each, sales.get(each.member_id, 0), steps.get(each.member_id, 0)) for each in found],
            "held": sum(each.held for each in found),
            "counts": leads.counts(now=now),
            "free": sum(each.free for each in found),
            "may_change": permissions.may_open(member, "members:change"),
            "may_hand_over": permissions.may_open(member, "leads:hand_over"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, member_id: int) -> HttpResponse:
    """Give what a member has in hands to others, by a list."""
    member = team.member(member_id)
    held, sales = leads.held_by(member_id), opportunities.held_by(member_id)
    left = tasks.counts([member], now=clock.now())[member.id]
    form = forms.HandOver(posted(request), leads=held, sales=sales, member_id=member_id)
    if form.is_valid():
        try:
            moved = actions.hand_over_desk(
                from_id=member_id,
                lead_ids=form.leads(),
                sale_ids=form.sales(),
                rest_to=form.rest(),
                actor_id=member_of(request).id,
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(
                request,
                ngettext("%(n)s thing is handed over.", "%(n)s things are handed over.", moved)
                % {"n": moved},
            )
            return redirect("leads:desks")
    return render(
        request,
        "leads/hand_over.html",
        {
            "form": form,
            "member": member,
            "leads": [(each, form.field_of_lead(each.id)) for each in held],
            "sales": [(each, form.field_of_sale(each.id)) for each in sales],
            "steps": left.overdue + left.today + left.coming,
            "act": _("Hand over"),
            "back": reverse("leads:desks"),
        },
        status=422 if form.errors else 200,
    )
