"""How one gives what a contact did to the person whose it is, and takes that back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.contacts import actions
from orchard.contacts import queries as contacts
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries
from orchard.web.request import member_of, number_of
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, contact_id: int, fact_id: int) -> HttpResponse:
    """Find whose it was, and let it stand with that person."""
    if request.method == "POST":
        to = number_of(request.POST.get("to", ""))
        if to is None:
            raise Refused(_("Choose the person whose it was."))
        actions.move_fact(
            interaction_id=fact_id,
            of=contact_id,
            to=to,
            member_id=member_of(request).id,
            now=clock.now(),
        )
        toasts.say(
            request,
            _("It stands with %(name)s now.") % {"name": contacts.names([to])[to]},
            undo=reverse("contacts:move_back", args=[to, fact_id]),
        )
        return redirect("contacts:show", contact_id)
    words = request.GET.get("words", "").replace("\0", "").strip()
    shown = queries.moving(contact_id, fact_id, words=words)
    return render(request, "contacts/move.html", {"shown": shown, "contact": shown.contact, "words": words})


@require_POST
def move_back(request: HttpRequest, contact_id: int, fact_id: int) -> HttpResponse:
    """Let it stand with whom it stood before."""
    before = actions.move_fact_back(
        interaction_id=fact_id, of=contact_id, member_id=member_of(request).id, now=clock.now()
    )
    toasts.say(request, _("It stands where it stood before."))
    return redirect("contacts:show", before)
