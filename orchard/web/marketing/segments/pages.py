"""The list of segments, and the page of one: what it says, who is in it, who uses it, and how it came to be."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from orchard.journal import queries as journal
from orchard.kit.paging import Page
from orchard.segments import queries
from orchard.segments.types import Use
from orchard.team import queries as team
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.segments.columns import MEMBERS
from orchard.web.request import member_of


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the segments in use, or those put away."""
    archived = request.GET.get("show") == "archived"
    rows = [(each, _used(each.uses)) for each in queries.segments(archived=archived)]
    return render(request, "segments/list.html", {"rows": rows, "archived": archived} | _rights(request))


@listing_page(MEMBERS)
def show(request: HttpRequest, wanted: Wanted, segment_id: int) -> Found:
    """Show a segment with its members."""
    shown = queries.segment(segment_id)

    def walk(cursor: str, size: int) -> Page[queries.MemberRow]:
        return queries.members(segment_id, turned=wanted.by.down, cursor=cursor, size=size)

    return Found(walk, "segments/show.html", lambda: _around(request, shown))


def _around(request: HttpRequest, shown: queries.SegmentShown) -> dict[str, Any]:
    """Return what the page of a segment shows beside its members."""
    lines = journal.about("segment", shown.row.id)
    names = team.names([each.actor_id for each in lines if each.actor_id is not None])
    context = {
        "shown": shown,
        "row": shown.row,
        "used": _used(shown.row.uses),
        "others": queries.others(shown.row.id),
        "history": [
            (_happened(each.action, each.details), each.at, names.get(each.actor_id or 0, ""))
            for each in lines
        ],
        "in_list": f"{reverse('contacts:list')}?{urlencode({'where': json.dumps({'segment': shown.row.code})})}",
    }
    return context | _rights(request)


@require_GET
def standing(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Say how many members there are; a fragment that asks again while they are being counted."""
    return render(
        request, "segments/standing.html", {"row": queries.segment(segment_id).row, "counting": True}
    )


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_change": permissions.may_open(member_of(request), "segments:edit")}


def _used(uses: Sequence[Use]) -> list[tuple[str, str]]:
    """Return who uses a segment, each with the address of its page."""
    pages = {"segment": "segments:show", "program": "programs:show"}
    return [(each.name, reverse(pages[each.kind], args=[each.id])) for each in uses]


def _happened(action: str, details: dict[str, object]) -> str:
    """Say a line of the journal."""
    if action == "segment.archived":
        return _("Put away")
    if action == "segment.restored":
        return _("Taken out again")
    if "was" not in details:
        return _("Made")
    if "condition" in details:
        return _("Condition changed")
    return _("Renamed") if "name" in details else _("Description changed")
