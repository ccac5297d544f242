"""The page of a member's day: who is to be called, why, until when, and beside the list the line that is open."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from orchard.kit import clock
from orchard.picking.queries import Line
from orchard.reports import queries as reports
from orchard.reports.queries import Beside
from orchard.tasks import queries as tasks
from orchard.tasks.types import Subject
from orchard.web.renewal import is_renewal, renewed
from orchard.web.request import member_of, number_of, wants_fragment
from orchard.web.sales import log
from orchard.web.sales.leads import SOON
from orchard.web.sales.step_forms import next_days


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show at most fifteen names, the most urgent first.

    `open` names the line beside them, `at` where it stood; with `stays` no other opens where it is not in the day now.
    """
    member, now = member_of(request), clock.now()
    key, place = request.GET.get("open", ""), number_of(request.GET.get("at", "")) or 0
    stays = "stays" in request.GET
    shown = reports.day_shown(member, now=now, key=key, place=place, stays=stays)
    today = tasks.today_of(member, now)
    renews, beside = is_renewal(request), shown.beside
    if renews and beside and beside.line.key != key:
        beside = None  # what stands beside the list on the page is not renewed with it
    context = {
        "day": shown.day,
        "beside": beside,
        "renews": renews,
        "log": _log(request, beside) if beside else None,
        "aside_url": _aside_url(beside),
        "here": _address(beside),
        "days": next_days(today),
        "now": now,
        "soon": now + SOON,
        "today": today,
        "takes": member.capacity,
    }
    part = wants_fragment(request)
    answer = render(request, "today/day.html" if part else "today/show.html", context)
    # Both stand under one address: a browser that goes back must not take the part for the page.
    patch_vary_headers(answer, ["HX-Request"])
    return renewed(request, answer) if part else answer


def _address(beside: Beside | None) -> str:
    address = reverse("today:show")
    return f"{address}?open={beside.line.key}&at={beside.place}" if beside else address


def _aside_url(beside: Beside | None) -> str:
    """Return where whoever the open line is about is put aside; empty where nobody is there, or it cannot wait."""
    if beside is None or beside.page is None or not beside.line.can_wait:
        return ""
    line, contact_id = beside.line, beside.page.contact.id
    ways = {"back": _address(beside), "about": log.signed(contact_id, _subject(line))}
    if line.step:
        ways["step"] = str(line.step.id)
    address = reverse("today:put_aside", args=[contact_id])
    return f"{address}?{urlencode({way: said for way, said in ways.items() if said})}"


def _subject(line: Line) -> Subject | None:
    lead = line.lead or line.waiting
    if lead:
        return ("lead", lead.id)
    return ("opportunity", line.sale.id) if line.sale else None


def _log(request: HttpRequest, beside: Beside) -> log.Block | None:
    """Return the block that logs; None with whom is not the member's to talk to yet, or not there any more."""
    line = beside.line
    if beside.page is None or line.waiting:
        return None
    return log.block(
        request,
        contact_id=beside.page.contact.id,
        steps=beside.steps,
        subject=_subject(line),
        back=_address(beside),
        panel="beside",
    )
