"""The pages of an import around its map: the list, the upload, how it goes, what came of it, the ways back."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.connect import actions, queries
from orchard.connect.types import State
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.paging import Page
from orchard.kit.words import said
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.imports.columns import IMPORTS
from orchard.web.marketing.imports.form import reason_in_words_of_form
from orchard.web.marketing.imports.words import STEPS, UNDOABLE, Standing, standing_of
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


class Upload(forms.Form):
    """Which file to bring."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in any usual spelling, also .gz, or an Excel workbook. Of any size."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.gz,.xlsx,.xlsm,.xls"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose the one that holds the rows.")},
    )


@listing_page(IMPORTS)
def listing(_request: HttpRequest, wanted: Wanted) -> Found:
    """List the imports."""
    now = clock.now()

    def walk(cursor: str, size: int) -> Page[Standing]:
        page = queries.imports(by=wanted.by, cursor=cursor, size=size)
        return Page([standing_of(each, now) for each in page.rows], page.next, page.previous)

    return Found(walk, "imports/list.html")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take in a file, look whether it is a table, and go on to its map."""
    form = Upload(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        upload, member = form.cleaned_data["file"], member_of(request)
        try:
            import_id = actions.begin(
                file_name=upload.name, upload=upload, member_id=member.id, now=clock.now()
            )
            _look_or_leave(import_id)
        except Refused as error:
            form.add_error("file", error.sentence)
        else:
            return redirect("imports:map", import_id)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "imports/new.html", {"form": form, "steps": STEPS}, status=status)


def _look_or_leave(import_id: int) -> None:
    """Make sure that the file is a table; one that is none is not kept."""
    try:
        queries.look(queries.one(import_id))
    except Refused:
        actions.discard(import_id=import_id)
        raise


@never_cache
@require_GET
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show how an import goes, and then what came of it; as a fragment, 204 while nothing has changed."""
    made = queries.one(import_id)
    if made.state == State.DRAFT:
        mine = _may_change(request, import_id)
        return redirect("imports:map", import_id) if mine else redirect("imports:list")
    standing = standing_of(made, clock.now())
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        if not standing.under_way:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if request.GET.get("seen") == standing.mark:
            return HttpResponse(status=204)
        return render(request, "imports/standing.html", _context(request, standing))
    return render(request, "imports/show.html", _context(request, standing))


def _may_change(request: HttpRequest, import_id: int) -> bool:
    member, rule = member_of(request), permissions.rule_of("imports:cancel")
    return permissions.reaches(member, rule) and permissions.within_scope(
        member, rule, {"import_id": import_id}
    )


def _context(request: HttpRequest, standing: Standing) -> dict[str, object]:
    found = queries.rejects(standing.of.id, limit=20) if not standing.under_way else ()
    rejects = [each._replace(reason=reason_in_words_of_form(each.reason)) for each in found]
    undone = standing.state is State.UNDONE
    return {
        "steps": STEPS,
        "standing": standing,
        "import": standing.of,
        "error": reason_in_words_of_form(standing.of.error),
        "remarks": [] if undone else [(said(words), count) for words, count in standing.of.remarks.items()],
        "undone": standing.of.remarks if undone else {},
        "rejects": rejects,
        "may_change": _may_change(request, standing.of.id),
    }


@require_GET
def rejects(_request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """Give the refused rows as a file, with row number and reason, to be mended and imported again."""
    made = queries.one(import_id)
    disposition = content_disposition_header(True, queries.name_of_rejects(made.file_name)) or ""
    return StreamingHttpResponse(
        _rejects_file(import_id),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _rejects_file(import_id: int) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "rejects.csv"
        queries.write_rejects(import_id, target, reason_in_words_of_form)
        with target.open("rb") as file:
            while piece := file.read(1 << 16):
                yield piece


@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop an import after the rows that are being stored."""
    actions.cancel(import_id=import_id, member_id=member_of(request).id, now=clock.now())
    toasts.say(request, _("The import stops. What came in so far stays until you undo it."))
    return redirect("imports:show", import_id)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Ask, then take an import back."""
    made = queries.one(import_id)
    if request.method == "POST":
        actions.undo(import_id=import_id, member_id=member_of(request).id, now=clock.now())
        return redirect("imports:show", import_id)
    if State(made.state) not in UNDOABLE:
        return redirect("imports:show", import_id)
    return render(
        request,
        "imports/undo.html",
        {
            "import": made,
            "act": _("Undo the import"),
            "danger": True,
            "back": reverse("imports:show", args=[import_id]),
        },
    )


@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Throw away an import that was never started, and its file."""
    made = queries.one(import_id)
    actions.discard(import_id=import_id)
    toasts.say(request, _("%(file)s is thrown away; nothing of it was stored.") % {"file": made.file_name})
    return redirect("imports:list")
