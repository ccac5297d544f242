"""Pages by which a segment is written, looked at before it is saved, and put away."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import ValidationError

from orchard.engine.conditions import Condition, FieldIs, atoms, in_words, problems_of, read, written
from orchard.engine.types import Problem
from orchard.kit import clock
from orchard.kit.errors import Conflict, Refused
from orchard.kit.words import together
from orchard.segments import actions, queries
from orchard.segments.queries import SegmentShown
from orchard.segments.types import LONGEST_DESCRIPTION, LONGEST_NAME, BadSegment
from orchard.web.request import counter_of, member_of, wants_fragment
from orchard.web.ui import toasts
from orchard.web.ui.conditions import box_of, read_condition
from orchard.web.ui.conditions.reading import first_leaf

_AT = "where"
_UNPROCESSABLE = 422


@dataclass(slots=True)
class _Sheet:
    """What the form holds, and what is wrong with it."""

    name: str = ""
    description: str = ""
    values: Any = None
    revision: str = ""
    problems: list[Problem] = field(default_factory=list)
    trouble: str = ""
    """A sentence about the whole."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a segment, beginning with the condition that `?where=` names; a POST redraws the form, or saves."""
    if request.method != "POST":
        return _form(request, None, _Sheet(values=_given(request.GET.get(_AT, ""))))
    sheet = _posted(request)
    if request.POST.get("act") != "save":
        return _form(request, None, sheet)
    try:
        segment_id = actions.create(
            name=sheet.name,
            description=sheet.description,
            condition=sheet.values,
            actor_id=member_of(request).pk,
            now=clock.now(),
        )
    except Refused as error:
        return _refused(request, None, sheet, error)
    toasts.say(request, _("The segment is saved. Who is in it is being counted."))
    return _go(request, segment_id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Change a segment; a POST redraws the form after the act that was pressed, or saves."""
    shown = queries.segment(segment_id)
    if request.method != "POST":
        row = shown.row
        sheet = _Sheet(row.name, row.description, written(shown.condition), str(shown.revision))
        return _form(request, shown, sheet)
    sheet = _posted(request)
    if request.POST.get("act") != "save":
        return _form(request, shown, sheet)
    try:
        changed = actions.change(
            segment_id=segment_id,
            name=sheet.name,
            description=sheet.description,
            condition=sheet.values,
            revision=counter_of(sheet.revision) or 0,
            actor_id=member_of(request).pk,
            now=clock.now(),
        )
    except Conflict as error:
        sheet.revision = str(shown.revision)
        return _refused(request, shown, sheet, error)
    except Refused as error:
        return _refused(request, shown, sheet, error)
    toasts.say(request, _("The changes are kept.") if changed else _("Nothing was changed."))
    return _go(request, segment_id)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Say the posted condition in words, and how many fit it now; a fragment."""
    sheet, names, now = _posted(request), queries.known(), clock.now()
    try:
        condition: Condition = read(sheet.values)
        if _is_unfinished(condition):
            return render(request, "segments/preview.html", {"words": ""})
        counted = queries.count(condition, now=now)
    except Refused:
        return render(request, "segments/preview.html", {"words": ""})
    context = {"words": in_words(condition, names), "count": counted.count}
    return render(request, "segments/preview.html", context)


def _is_unfinished(condition: Condition) -> bool:
    """Tell whether a field is still to be compared with something: nobody means the empty text."""
    leaves = [atom.leaf for atom in atoms(condition)]
    return any(isinstance(leaf, FieldIs) and leaf.operand in ("", ("",)) for leaf in leaves)


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Say who uses a segment, then put it away."""
    shown = queries.segment(segment_id)
    if request.method == "POST":
        actions.archive(segment_id=segment_id, actor_id=member_of(request).pk, now=clock.now())
        undo = reverse("segments:restore", args=[segment_id])
        toasts.say(request, _("“%(name)s” is put away.") % {"name": shown.row.name}, undo=undo)
        return redirect("segments:list")
    return render(
        request,
        "segments/archive.html",
        {
            "row": shown.row,
            "act": _("Put it away"),
            "danger": True,
            "back": reverse("segments:show", args=[segment_id]),
        },
    )


@require_POST
def restore(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Take a segment out again that was put away."""
    actions.restore(segment_id=segment_id, actor_id=member_of(request).pk, now=clock.now())
    toasts.say(request, _("The segment is in use again. Who is in it is being counted."))
    return redirect("segments:show", segment_id)


def _given(text: str) -> Any:
    """Return the condition that an address names, else one row to begin with."""
    if not text:
        return first_leaf(queries.known())
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("The condition in this link cannot be read. Open the list anew.")) from error


def _posted(request: HttpRequest) -> _Sheet:
    post, names = request.POST, queries.known()
    found = read_condition(post, _AT, names)
    return _Sheet(
        name=str(post.get("name", "")),
        description=str(post.get("description", "")),
        values=found if found is not None else first_leaf(names),
        revision=str(post.get("revision", "")),
    )


def _refused(request: HttpRequest, shown: SegmentShown | None, sheet: _Sheet, error: Refused) -> HttpResponse:
    if isinstance(error, BadSegment):
        sheet.problems = error.problems
        sheet.trouble = together(each.sentence for each in error.problems if not each.path)
    elif isinstance(error.__cause__, ValidationError):
        sheet.problems = problems_of(error.__cause__)
    else:
        sheet.trouble = error.sentence
    return _form(request, shown, sheet, status=error.status)


def _form(request: HttpRequest, shown: SegmentShown | None, sheet: _Sheet, status: int = 200) -> HttpResponse:
    mistakes: dict[str, list[str]] = {}
    for each in sheet.problems:
        mistakes.setdefault(each.path, []).append(each.sentence)
    box = box_of(sheet.values, _AT, queries.known(), errors=mistakes)
    box.removable = False
    context = {
        "shown": shown,
        "sheet": sheet,
        "box": box,
        "longest_name": LONGEST_NAME,
        "longest_description": LONGEST_DESCRIPTION,
        "address": reverse("segments:edit", args=[shown.row.id]) if shown else reverse("segments:new"),
        "back": reverse("segments:show", args=[shown.row.id]) if shown else reverse("segments:list"),
    }
    if status >= 400:  # noqa: PLR2004 - where errors begin
        status = _UNPROCESSABLE if status < 409 else status  # noqa: PLR2004 - a conflict keeps its own word
    template = "segments/form.html" if wants_fragment(request) else "segments/edit.html"
    return render(request, template, context, status=status)


def _go(request: HttpRequest, segment_id: int) -> HttpResponse:
    to = reverse("segments:show", args=[segment_id])
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)
