"""The pages by which territories are made, changed and removed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import actions, queries
from orchard.web import permissions
from orchard.web.manage.work_forms import Territory
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the territories."""
    return render(
        request,
        "manage/territories.html",
        {
            "territories": queries.territories(),
            "may_change": permissions.may_open(member_of(request), "territories:change"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a territory."""
    member = member_of(request)
    form = Territory(posted(request), initial=Territory.initial_of(None, time_zone=member.time_zone))
    if form.is_valid():
        try:
            actions.add_territory(fields=form.fields_of_territory(), actor_id=member.id, now=clock.now())
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("%(name)s is a territory now.") % form.cleaned_data)
            return redirect("territories:list")
    return _form(request, form, {"territory": None})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, territory_id: int) -> HttpResponse:
    """Show when a territory works, and change it."""
    territory, member, now = queries.territory(territory_id), member_of(request), clock.now()
    form = Territory(posted(request), initial=Territory.initial_of(territory, time_zone=member.time_zone))
    if form.is_valid():
        try:
            actions.change_territory(
                territory_id=territory_id, fields=form.fields_of_territory(), actor_id=member.id, now=now
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("Saved."))
            return redirect("territories:change", territory_id)
    return _form(request, form, {"territory": territory, "days": queries.days_off(territory, now=now)})


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, territory_id: int) -> HttpResponse:
    """Ask, then remove a territory."""
    territory = queries.territory(territory_id)
    if request.method == "POST":
        name = actions.remove_territory(
            territory_id=territory_id, actor_id=member_of(request).id, now=clock.now()
        )
        toasts.say(request, _("%(name)s is no territory any more.") % {"name": name})
        return redirect("territories:list")
    return render(
        request,
        "manage/territory_remove.html",
        {
            "territory": territory,
            "act": _("Remove the territory"),
            "danger": True,
            "back": reverse("territories:change", args=[territory_id]),
        },
    )


def _form(request: HttpRequest, form: Territory, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "manage/territory.html", {"form": form, **context}, status=status)
