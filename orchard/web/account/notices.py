"""What a member was told: the bell on every page, the list, and how notices come by e-mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries as reports
from orchard.tasks import actions, queries
from orchard.tasks.types import Told, UnknownNotice
from orchard.web.account import forms
from orchard.web.request import member_of, number_of
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the notices, the newest first."""
    member = member_of(request)
    page = reports.notice_list(member.pk, cursor=request.GET.get("cursor", ""))
    newest = max((row.told.id for row in page.rows), default=0)
    return render(request, "account/notices.html", {"page": page, "newest": newest})


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """Answer the poll of the bell: 204 while as many are unseen as it shows."""
    unseen = queries.unseen_count(member_of(request).pk)
    if request.GET.get("shown") == str(unseen):
        return HttpResponse(status=204)
    return render(request, "ui/bell.html", {"unseen": unseen})


@require_POST
def open_(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Note that a notice was seen, and lead to what it is about."""
    member = member_of(request)
    told = queries.notice(notice_id)
    actions.see(notice_id=notice_id, member_id=member.pk, now=clock.now())
    return redirect(_address(told))


@require_POST
def see_all(request: HttpRequest) -> HttpResponse:
    """Note that all notices were seen, up to the newest that was shown."""
    upto = number_of(request.POST.get("upto", ""))
    if upto is None:
        raise Refused(_("Open the list anew and press the button there."))
    seen = actions.see_all(member_id=member_of(request).pk, upto=upto, now=clock.now())
    toasts.say(
        request,
        ngettext("%(n)s notice is marked as seen.", "%(n)s notices are marked as seen.", seen) % {"n": seen},
    )
    return redirect("notices:list")


@require_POST
def mailing(request: HttpRequest) -> HttpResponse:
    """Choose how notices come by e-mail."""
    form = forms.NoticeMail(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose at once, once an hour or never."))
    actions.choose_mailing(member_id=member_of(request).pk, mailing=form.cleaned_data["mailing"])
    toasts.say(request, _("Saved."))
    return redirect("profile:show")


def _address(told: Told) -> str:
    kind = queries.kind_of(told.kind)
    if not kind.of:
        return reverse(kind.address)
    identity = told.contact_id if kind.of == "contact" else told.subject and told.subject[1]
    if identity is None:
        raise UnknownNotice("What this notice was about is not there any more.")
    return reverse(kind.address, args=[identity])
