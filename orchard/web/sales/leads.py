"""The pages of leads in hands: mine, the managers' list, one lead, and what one does with it."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.interactions import queries as ledger
from orchard.kit import clock
from orchard.kit.errors import NotAllowed, Refused
from orchard.kit.languages import month_named
from orchard.kit.paging import By, Page
from orchard.leads import actions
from orchard.leads import queries as leads
from orchard.leads.queries import Which
from orchard.leads.types import HELD
from orchard.nurture import queries as nurture
from orchard.reports import queries as reports
from orchard.tasks import queries as tasks
from orchard.team.types import Scope
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.contacts import timeline
from orchard.web.refusing import refuse, status_of
from orchard.web.request import leads_to, member_of, number_of, posted, said_back, wants_fragment, way_back
from orchard.web.sales import forms, log
from orchard.web.sales.columns import CAME_BACK, IN_HANDS
from orchard.web.together import notes
from orchard.web.ui import toasts

SOON = timedelta(hours=2)
"""A clock that runs out within this is shown in the colour of what is soon."""


@listing_page(IN_HANDS)
def listing(request: HttpRequest, wanted: Wanted) -> Found:
    """List the leads in the member's hands, or those that wait for a manager."""
    member, now = member_of(request), clock.now()
    manages = permissions.may_open(member, "leads:reassign")
    tally = leads.tally(member.id)
    which = _which(request.GET.get("show", ""), tally, manages=manages)
    mine = None if which is Which.ESCALATED else member.id
    return Found(
        partial(_in_hands, which, mine, wanted.by),
        "leads/list.html",
        lambda: {
            "tally": tally,
            "which": str(which),
            "manages": manages,
            "takes": member.capacity,
            "soon": now + SOON,
            "today": tasks.today_of(member, now),
        },
    )


def _in_hands(which: Which, member_id: int | None, by: By, cursor: str, size: int) -> Page[leads.InHands]:
    return leads.in_hands(which, member_id=member_id, by=by, cursor=cursor, size=size)


@require_GET
def show(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Show a lead whole; its timeline is walked as a fragment."""
    now, walk = clock.now(), timeline.walk_of(request)
    if wants_fragment(request):
        return timeline.part(request, reports.lead_events(lead_id, **walk))
    shown, member = reports.lead_shown(lead_id, now=now, **walk), member_of(request)
    held = shown.lead.state in HELD and shown.page is not None
    return render(
        request,
        "leads/show.html",
        {
            "log": log.block(
                request,
                contact_id=shown.lead.contact_id,
                steps=shown.steps,
                subject=("lead", lead_id),
            )
            if held
            else None,
            "shown": shown,
            "lead": shown.lead,
            "notes": notes.block(request, contact_id=shown.lead.contact_id),
            "contact": shown.page.contact if shown.page else None,
            "soon": now + SOON,
            "mine": shown.lead.member_id == member.id,
            "sells": permissions.may_open(member, "leads:list"),
            "takes": member.capacity > 0 and permissions.may_open(member, "leads:pick"),
            "manages": permissions.may_open(member, "leads:reassign"),
        },
    )


@require_POST
def accept(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Accept the lead that is offered to the member."""
    actions.accept(lead_id=lead_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("The lead is yours."), undo=reverse("leads:take_back", args=[lead_id]))
    return redirect(said_back(request, reverse("leads:show", args=[lead_id])))


@require_POST
def take_back(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take back that the member accepted a lead, or took it from the basket."""
    actions.take_back(lead_id=lead_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("Taken back: the lead is where it was."))
    return redirect(way_back(request, reverse("leads:show", args=[lead_id])))


@require_POST
def pick(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take a lead out of the basket."""
    actions.pick(lead_id=lead_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("The lead is yours."), undo=reverse("leads:take_back", args=[lead_id]))
    return redirect(said_back(request, reverse("leads:show", args=[lead_id])))


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Ask for the reason, say what will happen and when, then return the lead."""
    member, now = member_of(request), clock.now()
    choices = leads.choices(lead_id)
    form = forms.GiveBack(posted(request), choices=choices, now=now)
    if form.is_valid():
        try:
            back = actions.give_back(
                lead_id=lead_id, member_id=member.id, zone=member.time_zone, now=now, **form.cleaned_data
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
        else:
            undo = reverse("leads:take_return_back", args=[lead_id])
            toasts.say(request, forms.what_happened(back), undo=undo)
            return leads_to(request, said_back(request, reverse("leads:list")))
    return render(
        request,
        "leads/give_back_beside.html" if wants_fragment(request) else "leads/give_back.html",
        {
            "form": form,
            "shown": leads.lead(lead_id, now=now),
            "back": said_back(request),
            "leave": said_back(request, reverse("leads:show", args=[lead_id])),
            "name": reports.lead_name(lead_id),
            "rows": form.rows(),
        },
        status=status_of(form),
    )


@require_POST
def take_return_back(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take back that the member returned a lead."""
    actions.take_return_back(lead_id=lead_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("Taken back: the lead is yours as before."))
    return redirect(way_back(request, reverse("leads:show", args=[lead_id])))


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give a lead to a member."""
    form = forms.Reassign(posted(request))
    if form.is_valid():
        try:
            actions.reassign(
                lead_id=lead_id,
                member_id=form.cleaned_data["member"],
                actor_id=member_of(request).id,
                now=clock.now(),
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("The lead is given to %(name)s.") % {"name": form.chosen_name()})
            return redirect("leads:show", lead_id)
    return render(
        request,
        "leads/reassign.html",
        {
            "form": form,
            "lead": leads.lead(lead_id, now=clock.now()),
            "name": reports.lead_name(lead_id),
            "act": _("Give the lead"),
            "back": reverse("leads:show", args=[lead_id]),
        },
        status=status_of(form),
    )


@require_POST
def reinstate(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Let the contact of a disqualified lead become a lead again after all."""
    actions.reinstate(lead_id=lead_id, actor_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("The contact may become a lead again."))
    return redirect("leads:show", lead_id)


@listing_page(CAME_BACK)
def returned(request: HttpRequest, wanted: Wanted) -> Found:
    """Show what came back and why, from whomever the member sees."""
    member, now = member_of(request), clock.now()
    narrow = _narrow(request)

    def context() -> dict[str, Any]:
        reasons, found = nurture.reason_labels(), leads.returns(now=now)
        return {
            "found": found,
            "coming": [(month, month_named(month), number) for month, number in found.coming],
            "answers": nurture.answers(
                {each.key: each.label for each in found.by_reason if each.key in reasons}
            ),
            "narrowed": _narrowed_to(found, narrow),
            "mine": member.scope == Scope.OWN,
            "of_the_team": member.scope == Scope.TEAM,
            "span": leads.SPAN.days,
            "aside": reports.aside_lately(now=now),
            "judged": reports.judged_lately(now=now),
            "judged_lately": ledger.JUDGED_LATELY.days,
            "lately": tasks.LATELY.days,
            "may_change": permissions.may_open(member, "programs:new"),
        }

    walk = leads.returned(now=now, narrow=narrow, by=wanted.by)
    return Found(walk, "leads/returned.html", context)


def _narrow(request: HttpRequest) -> leads.Narrow:
    return leads.Narrow(
        request.GET.get("reason", ""),
        number_of(request.GET.get("campaign", "")),
        number_of(request.GET.get("member", "")),
        request.GET.get("coming", ""),
    )


def _narrowed_to(found: leads.Returns, narrow: leads.Narrow) -> str:
    """Return in words what the list is narrowed to; empty where it shows everything."""
    asked = (
        (found.by_reason, narrow.reason),
        (found.by_campaign, str(narrow.campaign_id or "")),
        (found.by_member, str(narrow.had_by or "")),
    )
    words = [{each.key: each.label for each in groups}.get(key, key) for groups, key in asked if key]
    if narrow.coming:
        words.append(_("may come again in %(month)s") % {"month": month_named(narrow.coming)})
    return ", ".join(words)


def _which(word: str, tally: leads.Tally, *, manages: bool) -> Which:
    """Return the list that is asked for, else what is offered; where nothing is, what was accepted, if anything was."""
    if word in list(Which) and (manages or word != Which.ESCALATED):
        return Which(word)
    return Which.ACCEPTED if tally.accepted and not tally.offered else Which.OFFERED
