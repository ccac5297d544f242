"""How one can reach a contact, changed beside its page: addresses, numbers, ids, consents.

Each form is a page of its own and a dialog on the contact's page; what is refused comes back with the form, filled in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from orchard.contacts import actions, queries
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.marketing.contacts import forms
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted, wants_fragment
from orchard.web.ui import toasts


@dataclass(frozen=True, slots=True)
class Adding:
    """One thing that can be noted about a contact: its form, the action, and the words around them."""

    name: str
    form: type[Form]
    action: Callable[..., Any]
    title: str | Promise
    act: str | Promise
    done: str | Promise

    @property
    def url_name(self) -> str:
        """The name of its address."""
        return f"contacts:{self.name}"

    def blank(self, data: Any = None, **initial: str) -> Form:
        """Return its form; several stand on one page, so each has ids of its own."""
        return self.form(data, auto_id=f"{self.name}_%s", initial=initial)


EMAIL = Adding(
    "add_email",
    forms.Email,
    actions.add_email,
    gettext_lazy("Add an e-mail"),
    gettext_lazy("Add"),
    gettext_lazy("The address is added."),
)
PHONE = Adding(
    "add_phone",
    forms.Phone,
    actions.add_phone,
    gettext_lazy("Add a phone"),
    gettext_lazy("Add"),
    gettext_lazy("The number is added."),
)
EXTERNAL_ID = Adding(
    "add_external_id",
    forms.ExternalId,
    actions.add_external_id,
    gettext_lazy("Add an id"),
    gettext_lazy("Add"),
    gettext_lazy("The id is added."),
)
CONSENT_GIVEN = Adding(
    "give_consent",
    forms.ConsentGiven,
    actions.grant_consent,
    gettext_lazy("Note a consent"),
    gettext_lazy("They agreed"),
    gettext_lazy("The consent is noted."),
)
CONSENT_TAKEN_BACK = Adding(
    "withdraw_consent",
    forms.ConsentTakenBack,
    actions.withdraw_consent,
    gettext_lazy("Take a consent back"),
    gettext_lazy("They took it back"),
    gettext_lazy("The consent is taken back."),
)
ON_THE_PAGE = (EMAIL, PHONE, EXTERNAL_ID, CONSENT_GIVEN)
"""What the contact's page offers in dialogs."""


@require_http_methods(["GET", "HEAD", "POST"])
def add_email(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give a contact one more address."""
    return _add(request, contact_id, EMAIL)


@require_http_methods(["GET", "HEAD", "POST"])
def add_phone(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give a contact one more number."""
    return _add(request, contact_id, PHONE)


@require_http_methods(["GET", "HEAD", "POST"])
def add_external_id(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note what a contact is called in another system."""
    return _add(request, contact_id, EXTERNAL_ID)


@require_http_methods(["GET", "HEAD", "POST"])
def give_consent(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note that a contact agreed to something."""
    return _add(request, contact_id, CONSENT_GIVEN)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_consent(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note that a contact took a consent back."""
    return _add(request, contact_id, CONSENT_TAKEN_BACK, purpose=request.GET.get("purpose", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_email(request: HttpRequest, email_id: int) -> HttpResponse:
    """Ask, then take an address away."""
    return _remove(
        request,
        queries.email(email_id),
        lambda: actions.remove_email(email_id=email_id, now=clock.now(), actor_id=member_of(request).id),
        _("Mail does not go there any more; what was sent stays in the timeline."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove_phone(request: HttpRequest, phone_id: int) -> HttpResponse:
    """Ask, then take a number away."""
    return _remove(
        request,
        queries.phone(phone_id),
        lambda: actions.remove_phone(phone_id=phone_id, now=clock.now(), actor_id=member_of(request).id),
        _("Calls that were made stay in the timeline."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove_external_id(request: HttpRequest, external_id: int) -> HttpResponse:
    """Ask, then take an id in another system away."""
    return _remove(
        request,
        queries.external_id(external_id),
        lambda: actions.remove_external_id(
            external_id=external_id, now=clock.now(), actor_id=member_of(request).id
        ),
        _("A file from that system finds this contact by its addresses alone from then on."),
    )


@require_POST
def make_primary(request: HttpRequest, email_id: int) -> HttpResponse:
    """Let mail go to this address."""
    contact_id, address = queries.email(email_id)
    actions.make_primary(email_id=email_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("Mail goes to %(address)s from now on.") % {"address": address})
    return redirect("contacts:show", contact_id)


def _add(request: HttpRequest, contact_id: int, adding: Adding, **initial: str) -> HttpResponse:
    """Show the form, or do what it asks for and lead back to the contact."""
    contact = queries.contact(contact_id).contact
    form = adding.blank(posted(request), **initial)
    if form.is_valid():
        try:
            adding.action(
                contact_id=contact.id, now=clock.now(), actor_id=member_of(request).id, **form.cleaned_data
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, str(adding.done))
            where = resolve_url("contacts:show", contact.id)
            return HttpResponseClientRedirect(where) if wants_fragment(request) else redirect(where)
    template = "contacts/add_form.html" if wants_fragment(request) else "contacts/add.html"
    context = {"form": form, "contact": contact, "adding": adding}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)


def _remove(
    request: HttpRequest, whose: tuple[int, str], act: Callable[[], None], words: str
) -> HttpResponse:
    """Ask whether it shall go, or let it go."""
    contact_id, what = whose
    if request.method == "POST":
        act()
        toasts.say(request, _("%(what)s is gone.") % {"what": what})
        return redirect("contacts:show", contact_id)
    context = {
        "contact": queries.contact(contact_id).contact,
        "what": what,
        "words": words,
        "act": _("Remove it"),
        "danger": True,
        "back": reverse("contacts:show", args=[contact_id]),
    }
    return render(request, "contacts/remove.html", context)
