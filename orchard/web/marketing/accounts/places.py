"""Where an account works and what it is called elsewhere, changed on its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orchard.contacts import actions, queries
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.marketing.accounts import forms
from orchard.web.request import member_of
from orchard.web.ui import toasts


@require_POST
def add_site(request: HttpRequest, account_id: int) -> HttpResponse:
    """Note one more place where an account works; say in a corner why not, where it cannot be."""
    form = forms.Site(request.POST)
    if not form.is_valid():
        toasts.warn(request, _("Give the place a name."))
        return redirect("accounts:show", account_id)
    try:
        actions.add_site(
            account_id=account_id, now=clock.now(), actor_id=member_of(request).id, **form.cleaned_data
        )
    except Refused as error:
        toasts.warn(request, error.sentence)
    else:
        toasts.say(request, _("The place is noted."))
    return redirect("accounts:show", account_id)


@require_POST
def remove_site(request: HttpRequest, site_id: int) -> HttpResponse:
    """Take a place away."""
    account_id = queries.account_of_site(site_id)
    actions.remove_site(site_id=site_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("The place is gone."))
    return redirect("accounts:show", account_id)


@require_POST
def add_id(request: HttpRequest, account_id: int) -> HttpResponse:
    """Note what an account is called in another system."""
    form = forms.ExternalId(request.POST)
    if not form.is_valid():
        toasts.warn(request, _("Give the system and the id that the company has there."))
        return redirect("accounts:show", account_id)
    try:
        actions.add_account_id(
            account_id=account_id, now=clock.now(), actor_id=member_of(request).id, **form.cleaned_data
        )
    except Refused as error:
        toasts.warn(request, error.sentence)
    else:
        toasts.say(request, _("The id is noted."))
    return redirect("accounts:show", account_id)


@require_POST
def remove_id(request: HttpRequest, account_external_id: int) -> HttpResponse:
    """Forget what an account is called in another system."""
    account_id = queries.account_of_id(account_external_id)
    actions.remove_account_id(
        external_id=account_external_id, now=clock.now(), actor_id=member_of(request).id
    )
    toasts.say(request, _("The id is gone."))
    return redirect("accounts:show", account_id)
