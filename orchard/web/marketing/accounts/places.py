"""Where an account works and what it is called elsewhere, noted on its page; what is refused comes back filled in."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.contacts import actions, queries
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.marketing.accounts import forms
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def add_site(request: HttpRequest, account_id: int) -> HttpResponse:
    """Note one more place where an account works."""
    form = forms.Site(posted(request), auto_id="site_%s")
    said = (_("Note a place"), _("The place is noted."))
    return _add(request, account_id, form, actions.add_site, said)


@require_POST
def remove_site(request: HttpRequest, site_id: int) -> HttpResponse:
    """Take a place away."""
    account_id = queries.account_of_site(site_id)
    actions.remove_site(site_id=site_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("The place is gone."))
    return redirect("accounts:show", account_id)


@require_http_methods(["GET", "HEAD", "POST"])
def add_id(request: HttpRequest, account_id: int) -> HttpResponse:
    """Note what an account is called in another system."""
    form = forms.ExternalId(posted(request), auto_id="id_%s")
    said = (_("Note an id"), _("The id is noted."))
    return _add(request, account_id, form, actions.add_account_id, said)


@require_POST
def remove_id(request: HttpRequest, account_external_id: int) -> HttpResponse:
    """Forget what an account is called in another system."""
    account_id = queries.account_of_id(account_external_id)
    actions.remove_account_id(
        external_id=account_external_id, now=clock.now(), actor_id=member_of(request).id
    )
    toasts.say(request, _("The id is gone."))
    return redirect("accounts:show", account_id)


def _add(
    request: HttpRequest, account_id: int, form: Form, action: Callable[..., int], said: tuple[str, str]
) -> HttpResponse:
    """Show the form, or do what it asks for and lead back to the account."""
    account = queries.account(account_id).account
    title, done = said
    if form.is_valid():
        try:
            action(
                account_id=account_id, now=clock.now(), actor_id=member_of(request).id, **form.cleaned_data
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, done)
            return redirect("accounts:show", account_id)
    context = {
        "form": form,
        "account": account,
        "heading": title,
        "act": _("Note it"),
        "back": reverse("accounts:show", args=[account_id]),
    }
    return render(request, "accounts/place.html", context, status=status_of(form))
