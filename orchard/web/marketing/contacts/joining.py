"""Pages by which two records are declared one person, kept apart, or parted again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.contacts import actions
from orchard.contacts import queries as contacts
from orchard.contacts.queries import Order
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries
from orchard.web.request import member_of, number_of
from orchard.web.ui import toasts

_OFFERED = 12


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Choose another record, show what joining the two would do, and do it."""
    other = number_of(request.POST.get("with") or request.GET.get("with", ""))
    if other is None:
        return _choose(request, contact_id)
    if request.method == "POST":
        merge_id = actions.merge(
            survivor_id=contact_id, loser_id=other, now=clock.now(), actor_id=member_of(request).id
        )
        toasts.say(
            request, _("The two are one contact now."), undo=reverse("contacts:unmerge", args=[merge_id])
        )
        return redirect("contacts:show", contact_id)
    shown = queries.merge_shown(survivor_id=contact_id, loser_id=other)
    return render(request, "contacts/merge.html", {"shown": shown})


@require_POST
def unmerge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Part two records again."""
    parted = actions.unmerge(merge_id=merge_id, now=clock.now(), actor_id=member_of(request).id)
    if parted.changed_since:
        toasts.say(
            request,
            _("They are two contacts again. Fields that were changed since stayed: %(fields)s.")
            % {"fields": ", ".join(parted.changed_since)},
        )
    else:
        toasts.say(request, _("They are two contacts again, as before."))
    return redirect("contacts:show", parted.survivor_id)


@require_GET
def doubts(request: HttpRequest) -> HttpResponse:
    """List the pairs that may be one person, side by side."""
    page = contacts.doubts(cursor=request.GET.get("cursor", ""))
    return render(request, "contacts/doubts.html", {"page": page, "waiting": contacts.open_doubts()})


@require_POST
def decide(request: HttpRequest, doubt_id: int) -> HttpResponse:
    """Join a pair of the review list, or keep the two apart for good."""
    answer = request.POST.get("answer", "")
    if answer not in ("one", "two"):
        raise Refused(_("Say whether the two are one person."))
    merge_id = actions.decide_doubt(
        doubt_id=doubt_id, same=answer == "one", now=clock.now(), actor_id=member_of(request).id
    )
    if merge_id is None:
        undo = reverse("contacts:reopen", args=[doubt_id])
        toasts.say(request, _("They stay two people; nobody will ask again."), undo=undo)
    else:
        undo = reverse("contacts:unmerge", args=[merge_id])
        toasts.say(request, _("The two are one contact now."), undo=undo)
    return redirect("contacts:doubts")


@require_POST
def reopen(request: HttpRequest, doubt_id: int) -> HttpResponse:
    """Let a pair that was kept apart wait again."""
    actions.reopen_doubt(doubt_id=doubt_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("The pair waits for a word again."))
    return redirect("contacts:doubts")


def _choose(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Find the other record."""
    contact = contacts.contact(contact_id).contact
    if request.method == "POST":
        raise Refused(_("Choose the record that is the same person."))
    words = request.GET.get("words", (contact.full_name or "").split(" ")[0]).replace("\0", "")
    found = contacts.contacts(search=words, order=Order.NEWEST, size=_OFFERED + 1).rows if words else []
    others = [row for row in found if row.id != contact.id][:_OFFERED]
    return render(
        request, "contacts/merge_choose.html", {"contact": contact, "words": words, "others": others}
    )
