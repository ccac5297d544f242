"""The page of one contact, and its timeline as a fragment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports import queries
from orchard.web import permissions
from orchard.web.marketing.contacts import forms
from orchard.web.request import member_of


@require_GET
def show(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show a contact whole; an id that was merged leads to the living one."""
    shown = queries.contact_shown(contact_id, now=clock.now(), cursor=request.GET.get("cursor", ""))
    if shown.page.contact.id != contact_id:
        return redirect("contacts:show", shown.page.contact.id, permanent=False)
    member = member_of(request)
    return render(
        request,
        "contacts/show.html",
        {
            "shown": shown,
            "contact": shown.page.contact,
            "email_form": forms.Email(),
            "phone_form": forms.Phone(),
            "may_erase": permissions.may_open(member, "contacts:erase"),
        },
    )
