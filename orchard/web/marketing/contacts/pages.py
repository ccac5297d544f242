"""The page of one contact; its timeline is walked as a fragment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports import queries
from orchard.web import permissions
from orchard.web.marketing.contacts import timeline
from orchard.web.marketing.contacts.reach import ON_THE_PAGE
from orchard.web.request import member_of, wants_fragment
from orchard.web.sales import log
from orchard.web.together import files, notes


@require_GET
def show(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show a contact whole; an id that was merged leads to the living one."""
    walk = timeline.walk_of(request)
    if wants_fragment(request):
        return timeline.part(request, queries.contact_events(contact_id, **walk))
    shown = queries.contact_shown(contact_id, now=clock.now(), **walk)
    if shown.page.contact.id != contact_id:
        return redirect("contacts:show", shown.page.contact.id, permanent=False)
    return render(
        request,
        "contacts/show.html",
        {
            "shown": shown,
            "contact": shown.page.contact,
            "profiles": [(f"linkedin.com/in/{slug}", _profile(slug)) for slug in shown.page.profiles],
            "log": log.block(
                request, contact_id=shown.page.contact.id, steps=shown.steps, subject=shown.at_work
            ),
            "notes": notes.block(request, contact_id=shown.page.contact.id),
            "files": files.block(request, shown.files, contact_id=shown.page.contact.id),
            "dialogs": [(adding, adding.blank()) for adding in ON_THE_PAGE],
            "may_let_in": permissions.may_open(member_of(request), "programs:enter"),
            "may_erase": permissions.may_open(member_of(request), "contacts:erase"),
        },
    )


def _profile(slug: str) -> str:
    """Return where a profile is found; the address leaves the house, so it stands in no template."""
    return f"https://www.linkedin.com/in/{slug}"
