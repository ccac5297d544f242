"""The page that asks before a person is erased, and says exactly what goes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orchard.contacts import actions
from orchard.kit import clock
from orchard.reports import queries
from orchard.web.request import member_of
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Ask, then erase a person for good."""
    traces = queries.traces_of(contact_id)
    if request.method == "POST":
        actions.erase_contact(contact_id=contact_id, now=clock.now(), actor_id=member_of(request).id)
        toasts.say(request, _("The person is erased."))
        return redirect("contacts:list")
    context = {
        "traces": traces,
        "contact": traces.page.contact,
        "act": _("Erase for good"),
        "danger": True,
        "back": reverse("contacts:show", args=[traces.page.contact.id]),
    }
    return render(request, "contacts/erase.html", context)
