"""The pages by which teams are made, renamed and removed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import actions, queries
from orchard.web import permissions
from orchard.web.manage import forms
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the teams."""
    member = member_of(request)
    return render(
        request,
        "manage/teams.html",
        {"teams": queries.teams(), "may_change": permissions.may_open(member, "teams:change")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    form = forms.Team(posted(request))
    if form.is_valid():
        try:
            actions.add_team(name=form.cleaned_data["name"], actor_id=member_of(request).id, now=clock.now())
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("%(name)s is a team now.") % form.cleaned_data)
            return redirect("teams:list")
    return render(request, "manage/team.html", {"form": form, "team": None}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename a team."""
    team = queries.team(team_id)
    form = forms.Team(posted(request), initial={"name": team.name})
    if form.is_valid():
        try:
            actions.rename_team(
                team_id=team_id,
                name=form.cleaned_data["name"],
                actor_id=member_of(request).id,
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("Saved."))
            return redirect("teams:list")
    return render(request, "manage/team.html", {"form": form, "team": team}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, team_id: int) -> HttpResponse:
    """Ask, then remove a team."""
    team = queries.team(team_id)
    if request.method == "POST":
        name = actions.remove_team(team_id=team_id, actor_id=member_of(request).id, now=clock.now())
        toasts.say(request, _("%(name)s is no team any more.") % {"name": name})
        return redirect("teams:list")
    return render(
        request,
        "manage/team_remove.html",
        {
            "team": team,
            "act": _("Remove the team"),
            "danger": True,
            "back": reverse("teams:change", args=[team_id]),
        },
    )
