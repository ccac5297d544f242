"""The page of one account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports import queries
from orchard.web import permissions
from orchard.web.marketing.accounts import forms
from orchard.web.marketing.contacts import timeline
from orchard.web.request import member_of, wants_fragment
from orchard.web.together import files, notes


@require_GET
def show(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show an account whole; its timeline is walked as a fragment."""
    walk = timeline.walk_of(request)
    if wants_fragment(request):
        return timeline.part(request, queries.account_events(account_id, **walk), company=True)
    shown = queries.account_shown(
        account_id, now=clock.now(), people_cursor=request.GET.get("people", ""), **walk
    )
    return render(
        request,
        "accounts/show.html",
        {
            "shown": shown,
            "account": shown.page.account,
            "notes": notes.block(request, account_id=account_id),
            "files": files.block(request, shown.files, account_id=account_id),
            "site_form": forms.Site(auto_id="site_%s"),
            "id_form": forms.ExternalId(auto_id="id_%s"),
            "may_remove": permissions.may_open(member_of(request), "accounts:remove"),
        },
    )
