"""The start page's redirect, and the page behind an invitation."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import actions, queries
from orchard.team.types import WeakPassword
from orchard.web import permissions
from orchard.web.account import forms
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where the day of this member begins: Sales to what is to be done, Marketing to what ripens."""
    begins = "today:show" if permissions.may_open(member_of(request), "today:show") else "orchard:show"
    return HttpResponseRedirect(reverse(begins))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose name and password, and come in."""
    invitation = queries.invitation_by_token(token, now=clock.now())
    form = forms.Acceptance(posted(request), initial={"name": invitation.name})
    if form.is_valid():
        try:
            member_id = actions.accept_invitation(token=token, now=clock.now(), **form.cleaned_data)
        except WeakPassword as error:
            form.add_error("password", error.sentence)
        except Refused as error:
            refuse(form, error)
        else:
            response: HttpResponse = perform_login(request, queries.member(member_id), "none")
            return response
    context = {"form": form, "invitation": invitation}
    return render(request, "account/accept.html", context, status=status_of(form))
