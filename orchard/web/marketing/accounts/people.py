"""Who belongs to an account: finding somebody to bring in, and letting them go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orchard.contacts import actions, queries
from orchard.contacts.queries import Order
from orchard.contacts.types import BuyingRole
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.request import member_of, way_back
from orchard.web.ui import toasts

_OFFERED = 12
_NONE = "none"


@require_GET
def find(request: HttpRequest, account_id: int) -> HttpResponse:
    """Find contacts that could belong to an account."""
    page = queries.account(account_id)
    words = request.GET.get("words", "").replace("\0", "").strip()
    found = queries.contacts(search=words, order=Order.NEWEST, size=_OFFERED * 2).rows if words else []
    others = [row for row in found if row.account_id != account_id][:_OFFERED]
    here = len(found) > 0 and not others
    context = {"account": page.account, "words": words, "others": others, "all_here": here}
    return render(request, "accounts/people.html", context)


@require_POST
def move(request: HttpRequest, account_id: int, contact_id: int) -> HttpResponse:
    """Let a contact belong to an account."""
    contact = queries.contact(contact_id).contact
    before = contact.account_id
    actions.move_to_account(
        contact_id=contact_id, account_id=account_id, now=clock.now(), actor_id=member_of(request).id
    )
    name = queries.account(account_id).account.name
    undo = (
        reverse("accounts:move", args=[before, contact_id])
        if before
        else reverse("accounts:leave", args=[account_id, contact_id])
    )
    toasts.say(
        request,
        _("%(person)s belongs to %(company)s now.") % {"person": contact, "company": name},
        undo="" if before == account_id else undo,
    )
    return redirect("accounts:show", account_id)


@require_POST
def role(request: HttpRequest, account_id: int, contact_id: int, part: str) -> HttpResponse:
    """Say which part somebody has when the company buys; `none` for none that is known."""
    known = {str(each): each for each in BuyingRole}
    if part not in {*known, _NONE}:
        raise Refused(_("There is no such part in a purchase. Choose one of those that are offered."))
    before = actions.set_role(
        contact_id=contact_id,
        account_id=account_id,
        role=known.get(part),
        now=clock.now(),
        actor_id=member_of(request).id,
    )
    name = queries.names([contact_id]).get(contact_id, "")
    said = (
        _("%(name)s: %(part)s.") % {"name": name, "part": _(known[part].label)}
        if part in known
        else _("%(name)s has no part that is known.") % {"name": name}
    )
    undo = reverse("accounts:role", args=[account_id, contact_id, before or _NONE])
    toasts.say(request, said, undo=undo if (before or _NONE) != part else "")
    return redirect(way_back(request, reverse("accounts:show", args=[account_id])))


@require_POST
def leave(request: HttpRequest, account_id: int, contact_id: int) -> HttpResponse:
    """Let a contact belong to no account any more."""
    contact = queries.contact(contact_id).contact
    if contact.account_id != account_id:
        toasts.warn(request, _("%(person)s does not belong here any more.") % {"person": contact})
        return redirect("accounts:show", account_id)
    actions.move_to_account(
        contact_id=contact_id, account_id=None, now=clock.now(), actor_id=member_of(request).id
    )
    toasts.say(
        request,
        _("%(person)s belongs to no company now.") % {"person": contact},
        undo=reverse("accounts:move", args=[account_id, contact_id]),
    )
    return redirect("accounts:show", account_id)
