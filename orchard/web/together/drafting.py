"""The draft, written as a form or as text: two sides of the same words, with its contract beside it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from orchard.agreement import actions, queries
from orchard.agreement.queries import VersionShown
from orchard.agreement.types import Document, Mistake
from orchard.engine.duck import GivenUp
from orchard.kit import clock
from orchard.kit.errors import Conflict
from orchard.nurture import queries as nurture
from orchard.reports import queries as reports
from orchard.web import permissions
from orchard.web.request import counter_of, member_of
from orchard.web.together.form import plain, read_form, sheet_of, told
from orchard.web.ui import toasts

_WINDOW = 36  # characters by which a window tells its counts from those of another one


@dataclass(frozen=True, slots=True)
class Opened:
    """What is being written: the draft, or what a new one starts from."""

    text: str
    draft: VersionShown | None
    starts_from: str

    @property
    def revision(self) -> str:
        """The draft's revision, empty where there is none yet."""
        return str(self.draft.revision) if self.draft else ""


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Show the draft as a form; a POST redraws it after the act that was pressed, or saves it."""
    opened = _opened()
    if request.method != "POST":
        return _form(request, opened, queries.values_of_text(opened.text))
    values = read_form(request.POST, queries.known())
    if request.POST.get("act") != "save":
        return _form(request, opened, values, revision=request.POST.get("revision", ""))
    text = queries.text_of_values(values)
    if sentence := _save(request, text):
        return _form(request, _opened(), values, trouble=sentence)
    return _on(request)


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """Show the draft as text, or save it as typed, mistakes and all."""
    opened = _opened()
    if request.method != "POST":
        return _text(request, opened, opened.text)
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    if sentence := _save(request, typed):
        return _text(request, _opened(), typed, trouble=sentence)
    return redirect("agreement:text")


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Read what is typed, without saving it: its mistakes, or its contract with what it changes."""
    read = _read(_typed(request))
    if "text" in request.POST:
        return render(request, "together/reading.html", {**read, "tab": "text"})
    drawn = _drawn(read_form(request.POST, queries.known()), read)
    return render(request, "together/reading.html", {**read, **drawn, "tab": "form"})


@require_POST
def would(request: HttpRequest) -> HttpResponse:
    """Count whom what is typed would hand over now; a fragment, since it asks everybody. Nothing is saved."""
    found = queries.check_text(_typed(request))
    if not isinstance(found, Document):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    try:
        turn = (member_of(request).pk, request.POST.get("window", "")[:_WINDOW])
        counted = reports.would_qualify(found, now=clock.now(), turn=turn)
    except GivenUp:  # what was typed since is counted instead
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "together/would.html", {"would": counted})


def _typed(request: HttpRequest) -> str:
    """Return what a page sent of the draft as text, whether it was written as text or in the form."""
    if "text" in request.POST:
        return request.POST["text"].replace("\r\n", "\n")
    return queries.text_of_values(read_form(request.POST, queries.known()))


def _on(request: HttpRequest) -> HttpResponse:
    """Go to the saved draft: by htmx the whole page, since its addresses and tabs change with it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("agreement:edit")})
    return redirect("agreement:edit")


def _opened() -> Opened:
    draft, waiting, force = queries.draft(), queries.proposed(), queries.in_force()
    if draft is not None:
        return Opened(draft.text, draft, "")
    if base := waiting or force:
        return Opened(base.text, None, _("version %(number)s") % {"number": base.number})
    return Opened(queries.template_text(), None, _("an example"))


def _save(request: HttpRequest, typed: str) -> str:
    """Save; return the sentence that says why not, so that what was typed stays on the page."""
    revision = counter_of(request.POST.get("revision", ""))
    try:
        actions.save_draft(member_id=member_of(request).pk, text=typed, revision=revision, now=clock.now())
    except Conflict:
        return _(
            "Somebody else has saved the draft meanwhile. Yours is below, not saved. "
            "Save again to put it in place of theirs, or look at theirs first in another window."
        )
    toasts.say(request, _saved(queries.check_text(typed)))
    return ""


def _saved(found: Document | list[Mistake]) -> str:
    if isinstance(found, Document):
        return _("The draft is saved.")
    return ngettext(
        "The draft is saved. One mistake keeps it from being proposed.",
        "The draft is saved. %(number)s mistakes keep it from being proposed.",
        len(found),
    ) % {"number": len(found)}


def _read(typed: str) -> dict[str, Any]:
    found, force = queries.check_text(typed), queries.in_force()
    if not isinstance(found, Document):
        return {"mistakes": found, "clauses": (), "changes": (), "document": None, "force": force}
    before = force.document if force else None
    return {
        "mistakes": (),
        "document": found,
        "clauses": queries.contract_of(found, before),
        "changes": queries.changes_between(before, found) if before else (),
        "force": force,
    }


def _drawn(values: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """Draw the values as a form, and say the mistakes in its words."""
    mistakes = [plain(each, values) for each in read["mistakes"]]
    sheet = sheet_of(values, queries.known(), queries.takers(), mistakes)
    return {"sheet": sheet, "mistakes": told(sheet, mistakes)}


def _resting(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """Say which reasons of the saved draft no program answers, before it is proposed."""
    document = opened.draft.document if opened.draft else None
    return {
        "resting": nurture.unanswered(document) if document else [],
        "may_write": permissions.may_open(member_of(request), "programs:new"),
    }


def _form(
    request: HttpRequest,
    opened: Opened,
    values: dict[str, Any] | None,
    *,
    revision: str | None = None,
    trouble: str = "",
) -> HttpResponse:
    if values is None:
        context = {
            "window": uuid4(),
            "opened": opened,
            "tab": "form",
            **_read(opened.text),
            **_resting(request, opened),
        }
        return render(request, "together/edit.html", context)
    read = _read(queries.text_of_values(values))
    context = {
        "window": uuid4(),
        "opened": opened,
        "revision": opened.revision if revision is None else revision,
        "trouble": trouble,
        "tab": "form",
        **read,
        **_drawn(values, read),
        **_resting(request, opened),
    }
    template = "together/form.html" if request.headers.get("HX-Request") else "together/edit.html"
    return render(
        request, template, context, status=409 if trouble and template.endswith("edit.html") else 200
    )


def _text(request: HttpRequest, opened: Opened, typed: str, *, trouble: str = "") -> HttpResponse:
    context = {
        "window": uuid4(),
        "opened": opened,
        "text": typed,
        "revision": opened.revision,
        "trouble": trouble,
        "tab": "text",
        **_read(typed),
        **_resting(request, opened),
    }
    return render(request, "together/edit.html", context, status=409 if trouble else 200)
