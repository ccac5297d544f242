"""The pages by which managers see who has how much in hands, and hand a desk over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import actions
from orchard.leads import queries as leads
from orchard.team import queries as team
from orchard.web import permissions
from orchard.web.request import member_of, posted
from orchard.web.sales import forms
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show what everybody has in hands, and how much more fits."""
    found, now, member = leads.desks(), clock.now(), member_of(request)
    return render(
        request,
        "leads/desks.html",
        {
            "desks": found,
            "held": sum(each.held for each in found),
            "counts": leads.counts(now=now),
            "free": sum(each.free for each in found),
            "may_change": permissions.may_open(member, "members:change"),
            "may_hand_over": permissions.may_open(member, "leads:hand_over"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, member_id: int) -> HttpResponse:
    """Give the leads of a member to others, by a list."""
    member = team.member(member_id)
    held = leads.held_by(member_id)
    form = forms.HandOver(posted(request), leads=held, member_id=member_id)
    if form.is_valid():
        try:
            moved = actions.hand_over(
                from_id=member_id, leads=form.chosen(), actor_id=member_of(request).id, now=clock.now()
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            toasts.say(
                request,
                ngettext("%(n)s lead is handed over.", "%(n)s leads are handed over.", moved) % {"n": moved},
            )
            return redirect("leads:desks")
    return render(
        request,
        "leads/hand_over.html",
        {
            "form": form,
            "member": member,
            "rows": form.rows(),
            "act": _("Hand over"),
            "back": reverse("leads:desks"),
        },
        status=422 if form.errors else 200,
    )
