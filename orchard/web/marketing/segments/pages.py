"""The list of segments, and the page of one: what it says, who is in it, who uses it, and how it came to be."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from orchard.journal import queries as journal
from orchard.kit.sheets import MARK
from orchard.segments import queries
from orchard.segments.types import Use
from orchard.team import queries as team
from orchard.web import permissions
from orchard.web.request import member_of


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the segments in use, or those put away."""
    archived = request.GET.get("show") == "archived"
    rows = [(each, _used(each.uses)) for each in queries.segments(archived=archived)]
    return render(request, "segments/list.html", {"rows": rows, "archived": archived} | _rights(request))


@require_GET
def show(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Show a segment with its members."""
    shown = queries.segment(segment_id)
    lines = journal.about("segment", segment_id)
    names = team.names([each.actor_id for each in lines if each.actor_id is not None])
    context = {
        "shown": shown,
        "row": shown.row,
        "page": queries.members(segment_id, cursor=request.GET.get("cursor", "")),
        "used": _used(shown.row.uses),
        "history": [
            (_happened(each.action, each.details), each.at, names.get(each.actor_id or 0, ""))
            for each in lines
        ],
        "in_list": f"{reverse('contacts:list')}?{urlencode({'where': json.dumps({'segment': shown.row.code})})}",
    }
    return render(request, "segments/show.html", context | _rights(request))


@require_GET
def standing(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Say how many members there are; a fragment that asks again while they are being counted."""
    return render(
        request, "segments/standing.html", {"row": queries.segment(segment_id).row, "counting": True}
    )


@require_GET
def export(_request: HttpRequest, segment_id: int) -> StreamingHttpResponse:
    """Give the members as a file for a spreadsheet."""
    code = queries.segment(segment_id).row.code
    return StreamingHttpResponse(
        (line.encode() for line in (MARK, *queries.exported_members(segment_id))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, f"{code}.csv") or ""},
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
