"""How one can reach a contact, changed on its page: addresses, numbers, consents."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orchard.contacts import actions, queries
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.marketing.contacts import forms
from orchard.web.request import member_of
from orchard.web.ui import toasts


@require_POST
def add_email(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give a contact one more address."""
    return _added(
        request, contact_id, forms.Email(request.POST), actions.add_email, _("The address is added.")
    )


@require_POST
def add_phone(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give a contact one more number."""
    return _added(
        request, contact_id, forms.Phone(request.POST), actions.add_phone, _("The number is added.")
    )


@require_POST
def remove_email(request: HttpRequest, email_id: int) -> HttpResponse:
    """Take an address away."""
    contact_id = queries.owner_of_email(email_id)
    actions.remove_email(email_id=email_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("The address is gone."))
    return redirect("contacts:show", contact_id)


@require_POST
def make_primary(request: HttpRequest, email_id: int) -> HttpResponse:
    """Let mail go to this address."""
    contact_id = queries.owner_of_email(email_id)
    actions.make_primary(email_id=email_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("Mail goes there from now on."))
    return redirect("contacts:show", contact_id)


@require_POST
def remove_phone(request: HttpRequest, phone_id: int) -> HttpResponse:
    """Take a number away."""
    contact_id = queries.owner_of_phone(phone_id)
    actions.remove_phone(phone_id=phone_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("The number is gone."))
    return redirect("contacts:show", contact_id)


@require_POST
def withdraw_consent(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note that a contact took a consent back."""
    member = member_of(request)
    actions.withdraw_consent(
        contact_id=contact_id,
        purpose=request.POST.get("purpose", ""),
        source=_("told %(name)s") % {"name": member.name},
        now=clock.now(),
        actor_id=member.id,
    )
    toasts.say(request, _("The consent is taken back."))
    return redirect("contacts:show", contact_id)


def _added(
    request: HttpRequest, contact_id: int, form: Form, action: Callable[..., Any], sentence: str
) -> HttpResponse:
    """Do what a one-line form asks for; say in a corner why not, where it cannot be."""
    if form.is_valid():
        try:
            action(
                contact_id=contact_id,
                now=clock.now(),
                actor_id=member_of(request).id,
                **form.cleaned_data,
            )
        except Refused as error:
            toasts.warn(request, str(error))
        else:
            toasts.say(request, sentence)
    else:
        toasts.warn(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("contacts:show", contact_id)
