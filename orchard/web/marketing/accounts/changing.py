"""Pages by which an account is added, changed and removed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orchard.contacts import actions, queries
from orchard.contacts.models import Account
from orchard.kit import clock
from orchard.kit.errors import Conflict, NotFound, Refused
from orchard.web.marketing.accounts.forms import Changed, Details, initial_of
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an account by hand; one of the same name is pointed at first."""
    form = Details(posted(request))
    alike: list[Account] = []
    if form.is_valid():
        alike = queries.accounts_named(form.cleaned_data["name"])
        if not alike or "anyway" in request.POST:
            try:
                account_id = _create(form, actor_id=member_of(request).id)
            except Refused as error:
                refuse(form, error, parent_id="parent")
            else:
                toasts.say(request, _("The company is added."))
                return redirect("accounts:show", account_id)
    context = {"form": form, "alike": alike}
    return render(request, "accounts/new.html", context, status=422 if form.errors or alike else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, account_id: int) -> HttpResponse:
    """Change what is known of an account."""
    account = queries.account(account_id).account
    form = Changed(posted(request), initial=initial_of(account))
    if form.is_valid():
        try:
            values = form.changes() | {"parent_id": _parent(form.cleaned_data["parent"], account)}
            changed = actions.change_account(
                account_id=account_id,
                values=values,
                now=clock.now(),
                actor_id=member_of(request).id,
                seen=form.cleaned_data["seen"],
            )
        except Refused as error:
            form.refuse(error, parent_id="parent")
        else:
            toasts.say(request, _("The changes are kept.") if changed else _("Nothing was changed."))
            return redirect("accounts:show", account_id)
    context = {"form": form, "account": account}
    return render(request, "accounts/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask, then remove an account that nobody belongs to."""
    page = queries.account(account_id)
    if request.method == "POST":
        name = actions.remove_account(account_id=account_id, now=clock.now(), actor_id=member_of(request).id)
        toasts.say(request, _("%(name)s is removed.") % {"name": name})
        return redirect("accounts:list")
    people, companies = queries.held_by(account_id)
    context = {
        "page": page,
        "account": page.account,
        "people": people,
        "companies": companies,
        "files": len(queries.files_of_account(account_id)),
        "act": _("Remove for good"),
        "danger": True,
        "back": reverse("accounts:show", args=[account_id]),
    }
    return render(request, "accounts/remove.html", context)


def _create(form: Details, *, actor_id: int) -> int:
    values: dict[str, Any] = form.changes()
    own = {name: value for name, value in values.items() if name.startswith("custom.")}
    return actions.create_account(
        now=clock.now(),
        actor_id=actor_id,
        parent_id=_parent(form.cleaned_data["parent"], None),
        custom={name.removeprefix("custom."): value for name, value in own.items() if value is not None},
        **{name: value for name, value in values.items() if name not in own},
    )


def _parent(name: str, account: Account | None) -> int | None:
    """Return the account of that name: the present parent, or the only one that is called so."""
    if not name:
        return None
    if account is not None and account.parent is not None and account.parent.name == name:
        return int(account.parent.id)
    known = [each for each in queries.accounts_named(name) if account is None or each.id != account.id]
    if len(known) > 1:
        raise Conflict(
            _("%(n)s companies are called %(name)s. Rename one of them, so that it is clear which is meant.")
            % {"n": len(known), "name": name}
        ).at("parent")
    if not known:
        raise NotFound(
            _("No company is called %(name)s. Add it first, or write it as it stands in the list.")
            % {"name": name}
        ).at("parent")
    return known[0].id
