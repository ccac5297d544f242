"""Pages by which a contact is added and its details changed."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orchard.contacts import actions, queries
from orchard.contacts.models import Contact
from orchard.kit import clock
from orchard.kit.errors import Conflict, Refused
from orchard.web.marketing.contacts import forms
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a contact by hand."""
    given = {name: request.GET.get(name, "") for name in ("full_name", "email", "account")}
    form = forms.NewContact(posted(request), initial=given)
    owner = None
    if form.is_valid():
        try:
            contact_id = _create(form, actor_id=member_of(request).id)
        except Refused as error:
            refuse(form, error, address="email", number="phone")
            known = queries.find_by_email(form["email"].value() or "")
            owner = known if known is not None and queries.is_seen(known) else None
        else:
            toasts.say(request, _("The contact is added."))
            return redirect("contacts:show", contact_id)
    context = {"form": form, "owner": owner}
    return render(request, "contacts/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change what is known of a contact; what somebody else changed meanwhile is not written over unseen."""
    contact = queries.contact(contact_id).contact
    form = forms.Changed(contact, posted(request))
    if form.is_valid():
        try:
            changed = _change(form, contact, actor_id=member_of(request).id)
        except Refused as error:
            form.refuse(error)
        else:
            toasts.say(request, _("The changes are kept.") if changed else _("Nothing was changed."))
            return redirect("contacts:show", contact.id)
    context = {"form": form, "contact": contact}
    return render(request, "contacts/edit.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _create(form: forms.NewContact, *, actor_id: int) -> int:
    """Add the contact, and its company where nobody knew that."""
    values = form.changes()
    own = {
        name.removeprefix("custom."): value for name, value in values.items() if name.startswith("custom.")
    }
    given = form.cleaned_data
    return actions.create_contact(
        now=clock.now(),
        actor_id=actor_id,
        emails=[given["email"]] if given["email"] else [],
        phones=[given["phone"]] if given["phone"] else [],
        account_id=_account(given["account"], None, actor_id=actor_id),
        custom={name: value for name, value in own.items() if value is not None},
        **{name: value for name, value in values.items() if not name.startswith("custom.")},
    )


@transaction.atomic
def _change(form: forms.Changed, contact: Contact, *, actor_id: int) -> list[str]:
    """Set the fields that differ from what stands there."""
    values: dict[str, Any] = form.changes()
    if values["full_name"] != contact.full_name:
        # The name as a whole was given anew; its old parts would contradict it.
        values |= {"first_name": None, "last_name": None}
    values["account_id"] = _account(form.cleaned_data["account"], contact, actor_id=actor_id)
    differing = {name: value for name, value in values.items() if value != _standing(contact, name)}
    return actions.change_contact(
        contact_id=contact.id,
        values=differing,
        now=clock.now(),
        actor_id=actor_id,
        seen=form.cleaned_data["seen"],
    )


def _standing(contact: Contact, name: str) -> Any:
    if name.startswith("custom."):
        return contact.custom.get(name.removeprefix("custom."))
    return getattr(contact, name)


def _account(name: str, contact: Contact | None, *, actor_id: int) -> int | None:
    """Return the account of that name: the present one, the only one there is, or a new one."""
    if not name:
        return None
    if contact is not None and contact.account is not None and contact.account.name == name:
        return int(contact.account.id)
    known = queries.accounts_named(name)
    if len(known) > 1:
        raise Conflict(
            _("%(n)s companies are called %(name)s. Open the right one and add the contact there.")
            % {"n": len(known), "name": name}
        ).at("account")
    return known[0].id if known else actions.create_account(name=name, now=clock.now(), actor_id=actor_id)
