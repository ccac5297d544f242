"""The pages of opportunities: the board and the lists, one of them, and how it begins and ends."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.contacts import queries as contacts
from orchard.kit import clock
from orchard.kit.errors import NotAllowed, Outdated, Refused
from orchard.kit.paging import Page
from orchard.leads import queries as leads
from orchard.opportunities import actions, queries
from orchard.opportunities.types import State
from orchard.reports import queries as reports
from orchard.tasks import queries as tasks
from orchard.team import queries as team
from orchard.team.types import MANAGING, Scope
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.contacts import timeline
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted, wants_fragment
from orchard.web.sales import log
from orchard.web.sales import opportunity_forms as forms
from orchard.web.sales.columns import OPPORTUNITIES
from orchard.web.ui import toasts

_BOARD = "board"


@listing_page(OPPORTUNITIES)
def listing(request: HttpRequest, wanted: Wanted) -> Found | HttpResponse:
    """Show the board, or list the sales in one state: those the member sees, or the own."""
    member, now = member_of(request), clock.now()
    show = request.GET.get("show", _BOARD)
    mine = member.id if member.scope == Scope.OWN or request.GET.get("of") == "me" else None
    today = tasks.today_of(member, now)

    def context() -> dict[str, Any]:
        return {
            "counts": queries.counts(mine),
            "totals": queries.totals(mine),
            "today": today,
            "everybodys": mine is None,
            "may_choose": member.scope != Scope.OWN,
            "of_the_team": member.scope == Scope.TEAM,
            "others": queries.others(listed) if mine is None else 0,
            "lately": queries.LATELY.days,
            "show": show if show in set(State) else _BOARD,
        }

    listed = State(show) if show in set(State) else State.OPEN
    if show not in set(State) and request.method != "POST":
        columns = queries.board(today=today, now=now, member_id=mine)
        return render(request, "opportunities/board.html", {**context(), "columns": columns})

    def walk(cursor: str, size: int) -> Page[queries.Sale]:
        return queries.opportunities(listed, member_id=mine, by=wanted.by, cursor=cursor, size=size)

    return Found(walk, "opportunities/list.html", context)


@require_GET
def show(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Show an opportunity whole; the timeline of its person is walked as a fragment."""
    shown = reports.sale_shown(opportunity_id, **timeline.walk_of(request))
    if wants_fragment(request):
        return timeline.part(request, shown.events)
    sale, member = shown.whole.sale, member_of(request)
    may_win = permissions.may_open(member, "opportunities:win")
    steps = tasks.open_of_subjects([("opportunity", sale.id)])
    context = {
        "shown": shown,
        "sale": sale,
        "today": tasks.today_of(member, clock.now()),
        "lost": dict(forms.LOST).get(sale.lost_to or "", ""),
        "may_act": (member.role in MANAGING and team.reach().covers(sale.member_id))
        or (may_win and sale.member_id == member.id),
        "may_see_lead": shown.whole.lead_id is not None and leads.is_seen(shown.whole.lead_id),
    }
    if shown.page and sale.state is State.OPEN:
        context["log"] = log.block(
            request, contact_id=sale.contact_id, steps=steps, subject=("opportunity", sale.id)
        )
    return render(request, "opportunities/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Open an opportunity with a contact who is no lead."""
    contact = contacts.contact(contact_id).contact
    form = forms.Details(posted(request))
    if form.is_valid():
        try:
            made = actions.open_by_hand(
                contact_id=contact.id,
                member_id=member_of(request).id,
                fields=form.fields_of_sale(),
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("The opportunity is open. Plan the next step."))
            return redirect("opportunities:show", made)
    back = reverse("contacts:show", args=[contact.id])
    return _form(
        request, form, title=_("Open an opportunity"), name=str(contact), act=_("Open it"), back=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Make an opportunity of a lead, or let it join one that is open at the account."""
    if request.method != "POST":  # else the action refuses, with what was written still there
        leads.refuse_unless_accepted(lead_id, member_id=member_of(request).id)
    sales, name = queries.open_at(leads.account_of(lead_id)), reports.lead_name(lead_id)
    form = forms.Convert(posted(request), sales=sales)
    if form.is_valid():
        member_id, now, joined = member_of(request).id, clock.now(), form.joins()
        try:
            if joined is None:
                made = actions.convert(
                    lead_id=lead_id, member_id=member_id, fields=form.fields_of_sale(), now=now
                )
            else:
                actions.join(lead_id=lead_id, opportunity_id=joined, member_id=member_id, now=now)
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("The lead is an opportunity now. Plan the next step."))
            return redirect("opportunities:show", made if joined is None else joined)
    back = reverse("leads:show", args=[lead_id])
    return _form(request, form, title=_("Make an opportunity"), name=name, act=_("Make it"), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Change what is said of an open opportunity."""
    whole = queries.opportunity(opportunity_id)
    form = forms.Changed(posted(request), initial=forms.Changed.initial_of(whole))
    if form.is_valid():
        try:
            actions.change(
                opportunity_id=opportunity_id,
                member_id=member_of(request).id,
                fields=form.fields_of_sale(),
                seen=form.cleaned_data["seen"],
                now=clock.now(),
            )
        except Outdated as error:
            form.refuse(error)
        except Refused as error:
            form.refuse(error)
        else:
            toasts.say(request, _("The opportunity is changed."))
            return redirect("opportunities:show", opportunity_id)
    back = reverse("opportunities:show", args=[opportunity_id])
    return _form(
        request, form, title=_("Change the opportunity"), name=whole.sale.name, act=_("Save"), back=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
def win(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Close an opportunity as won."""
    member, now = member_of(request), clock.now()
    sale = queries.opportunity(opportunity_id).sale
    form = forms.Win(posted(request), initial=forms.Win.initial_of(sale, timezone.localdate(now)))
    if form.is_valid() and (amount := form.money()):
        try:
            actions.win(
                opportunity_id=opportunity_id,
                member_id=member.id,
                amount=amount,
                on=form.cleaned_data["on"],
                zone=member.time_zone,
                now=now,
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(
                request,
                _("Won for %(amount)s.") % {"amount": amount},
                undo=reverse("opportunities:take_back", args=[opportunity_id]),
            )
            return redirect("opportunities:show", opportunity_id)
    back = reverse("opportunities:show", args=[opportunity_id])
    return _form(request, form, title=_("Won"), name=sale.name, act=_("It is won"), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def lose(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Close an opportunity as lost."""
    sale = queries.opportunity(opportunity_id).sale
    form = forms.Lose(posted(request))
    if form.is_valid():
        try:
            actions.lose(
                opportunity_id=opportunity_id,
                member_id=member_of(request).id,
                now=clock.now(),
                **form.cleaned_data,
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(
                request,
                _("The opportunity is lost. The contact keeps growing."),
                undo=reverse("opportunities:take_back", args=[opportunity_id]),
            )
            return redirect("opportunities:show", opportunity_id)
    back = reverse("opportunities:show", args=[opportunity_id])
    return _form(request, form, title=_("Lost"), name=sale.name, act=_("It is lost"), back=back)


@require_POST
def take_back(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Let an opportunity that was closed by mistake be open again."""
    actions.take_back(opportunity_id=opportunity_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("The opportunity is open again."))
    return redirect("opportunities:show", opportunity_id)


def _form(
    request: HttpRequest,
    form: forms.Details | forms.Win | forms.Lose,
    *,
    title: str,
    name: str,
    act: str,
    back: str,
) -> HttpResponse:
    return render(
        request,
        "opportunities/form.html",
        {"form": form, "heading": title, "name": name, "act": act, "back": back},
        status=status_of(form),
    )
