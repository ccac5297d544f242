"""A member's own page: name, time zone, theme, language, password, and where one is signed in."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from orchard.kit import clock, languages
from orchard.kit.errors import Refused
from orchard.tasks import queries as tasks
from orchard.team import actions, queries
from orchard.team.types import WeakPassword, WrongPassword
from orchard.web.account import forms
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted
from orchard.web.ui import theme, toasts


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponseBase:
    """Show and change the profile."""
    member = member_of(request)
    initial = {name: getattr(member, name) for name in ("name", "time_zone", "theme", "language")}
    form = forms.Profile(posted(request), initial=initial)
    if form.is_valid():
        try:
            actions.change_profile(member_id=member.id, now=clock.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            with languages.spoken(form.cleaned_data["language"] or translation.get_language() or ""):
                toasts.say(request, _("Saved."))
            response = redirect("profile:show")
            theme.keep(response, form.cleaned_data["theme"], secure=request.is_secure())
            return response
    sessions = queries.signed_in(member.id, current_key=request.session.session_key, now=clock.now())
    others = sum(not session.current for session in sessions)
    wish = forms.NoticeMail(initial={"mailing": tasks.mailing_of(member.id)})
    context = {"form": form, "mailing": wish, "sessions": sessions, "others": others}
    return render(request, "account/profile.html", context, status=status_of(form))


@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password and stay signed in here alone."""
    member = member_of(request)
    form = forms.ChangePassword(posted(request))
    if form.is_valid():
        try:
            actions.change_password(
                member_id=member.id,
                keep_session=request.session.session_key,
                now=clock.now(),
                **form.cleaned_data,
            )
        except WrongPassword as error:
            form.add_error("old", error.sentence)
        except WeakPassword as error:
            form.add_error("new", error.sentence)
        else:
            update_session_auth_hash(request, queries.member(member.id))
            UserSession.objects.create_from_request(request)
            toasts.say(request, _("Your password is changed. You are signed out everywhere else."))
            return redirect("profile:show")
    return render(request, "account/password_change.html", {"form": form}, status=status_of(form))


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign out on every other device."""
    member = member_of(request)
    ended = actions.sign_out_everywhere(
        member_id=member.id, actor_id=member.id, keep=request.session.session_key, now=clock.now()
    )
    toasts.say(
        request,
        ngettext("Signed out on %(n)s other device.", "Signed out on %(n)s other devices.", ended)
        % {"n": ended},
    )
    return redirect("profile:show")


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out on one device."""
    actions.end_session(session_id=session_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("Signed out there."))
    return redirect("profile:show")
