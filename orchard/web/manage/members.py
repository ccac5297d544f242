"""The pages by which members are invited, changed and switched off."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.paging import Page
from orchard.reports import queries as reports
from orchard.team import actions, queries
from orchard.team.models import Member
from orchard.team.types import Invited
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.manage import forms
from orchard.web.manage.columns import MEMBERS
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@listing_page(MEMBERS)
def listing(request: HttpRequest, wanted: Wanted) -> Found:
    """List members and open invitations."""
    narrow = forms.Narrow(request.GET)
    chosen = narrow.chosen()

    def walk(cursor: str, size: int) -> Page[Member]:
        return queries.members(chosen, by=wanted.by, cursor=cursor, size=size)

    return Found(
        walk,
        "manage/members.html",
        lambda: {
            "narrow": narrow,
            "found": queries.count(chosen),
            "active": queries.count(queries.Filter(active=True)),
            "invitations": queries.open_invitations(),
            "now": clock.now(),
            "may_change": permissions.may_open(member_of(request), "members:change"),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody, and show the link this once."""
    form = forms.Invite(posted(request))
    if form.is_valid():
        try:
            invited = actions.invite(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                place=form.place(),
                link_to=lambda token: _link(request, token),
                actor_id=member_of(request).id,
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error)
        else:
            return _show_link(request, invited)
    context = {"form": form, "mailed": bool(settings.EMAIL_HOST)}
    return render(request, "manage/invite.html", context, status=status_of(form))


@never_cache
@require_POST
def renew_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Give an invitation a new link, and show it this once."""
    invited = actions.renew_invitation(
        invitation_id=invitation_id,
        link_to=lambda token: _link(request, token),
        actor_id=member_of(request).id,
        now=clock.now(),
    )
    return _show_link(request, invited)


@require_POST
def withdraw_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Let an invitation work no more."""
    email = actions.withdraw_invitation(
        invitation_id=invitation_id, actor_id=member_of(request).id, now=clock.now()
    )
    toasts.say(request, _("The invitation of %(email)s works no more.") % {"email": email})
    return redirect("members:list")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, member_id: int) -> HttpResponse:
    """Show and change one member."""
    member = queries.member(member_id)
    form = forms.Change(posted(request), initial=forms.Change.initial_of(member))
    if form.is_valid():
        try:
            actions.change_member(
                member_id=member_id,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                place=form.place(),
                territory_id=form.territory_id(),
                takes=form.takes(),
                actor_id=member_of(request).id,
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("%(name)s is changed.") % {"name": form.cleaned_data["name"]})
            return redirect("members:list")
    sessions = queries.signed_in(member_id, current_key=request.session.session_key, now=clock.now())
    return render(
        request,
        "manage/member.html",
        {
            "form": form,
            "member": member,
            "sessions": sessions,
            "may_switch_off": member.is_active
            and member_id != member_of(request).id
            and not queries.is_last_admin(member_id),
        },
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest, member_id: int) -> HttpResponse:
    """Ask, then switch a member off."""
    member = queries.member(member_id)
    if request.method == "POST":
        actions.switch_off(member_id=member_id, actor_id=member_of(request).id, now=clock.now())
        toasts.say(
            request,
            _("%(name)s is switched off.") % {"name": member.name},
            undo=reverse("members:switch_on", args=[member_id]),
        )
        return redirect("members:list")
    sessions = queries.signed_in(member_id, now=clock.now())
    return render(
        request,
        "manage/switch_off.html",
        {
            "member": member,
            "sessions": len(sessions),
            "in_hands": reports.in_hands_of(member, now=clock.now()),
            "act": _("Switch off"),
            "danger": True,
            "back": reverse("members:change", args=[member_id]),
        },
    )


@require_POST
def switch_on(request: HttpRequest, member_id: int) -> HttpResponse:
    """Switch a member on again."""
    actions.switch_on(member_id=member_id, actor_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("%(name)s can sign in again.") % {"name": queries.member(member_id).name})
    return redirect("members:list")


@require_POST
def sign_out(request: HttpRequest, member_id: int) -> HttpResponse:
    """Sign a member out everywhere."""
    member = queries.member(member_id)
    admin = member_of(request)
    keep = request.session.session_key if member_id == admin.id else None
    ended = actions.sign_out_everywhere(member_id=member_id, actor_id=admin.id, keep=keep, now=clock.now())
    toasts.say(
        request,
        ngettext("%(name)s is signed out on %(n)s device.", "%(name)s is signed out on %(n)s devices.", ended)
        % {"name": member.name, "n": ended},
    )
    return redirect("members:change", member_id)


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("invitation:accept", args=[token]))


def _show_link(request: HttpRequest, invited: Invited) -> HttpResponse:
    return render(request, "manage/invited.html", {"invited": invited, "mailed": bool(settings.EMAIL_HOST)})
