"""The timeline on any page that has one: what the address asks of it, and the part that htmx takes for it."""

from typing import TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orchard.reports.types import Told


class Walk(TypedDict):
    """What an address asks of a timeline: where it goes on, and the channel that it is narrowed to."""

    cursor: str
    channel: str


def walk_of(request: HttpRequest) -> Walk:
    """Return what the address asks of the timeline."""
    return {"cursor": request.GET.get("cursor", ""), "channel": request.GET.get("channel", "")}


def part(request: HttpRequest, events: Told, *, company: bool = False) -> HttpResponse:
    """Render the timeline alone; `company` says that it is the one of a company."""
    turned = "cursor" in request.GET
    return render(request, "contacts/timeline.html", {"events": events, "turned": turned, "company": company})
