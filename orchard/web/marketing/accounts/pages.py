"""The page of one account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.reports import queries
from orchard.web import permissions
from orchard.web.marketing.accounts import forms
from orchard.web.request import member_of


@require_GET
def show(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show an account whole."""
    shown = queries.account_shown(
        account_id,
        now=clock.now(),
        cursor=request.GET.get("cursor", ""),
        people_cursor=request.GET.get("people", ""),
    )
    return render(
        request,
        "accounts/show.html",
        {
            "shown": shown,
            "account": shown.page.account,
            "site_form": forms.Site(auto_id="site_%s"),
            "id_form": forms.ExternalId(auto_id="id_%s"),
            "may_remove": permissions.may_open(member_of(request), "accounts:remove"),
        },
    )
