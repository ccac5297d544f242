"""Pages by which a program is written, goes live and is retired."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.kit import clock
from orchard.kit.errors import Conflict, Refused
from orchard.nurture import actions, queries
from orchard.nurture.queries import DraftShown
from orchard.nurture.types import BadProgram, Document
from orchard.segments import queries as segments
from orchard.team import queries as team
from orchard.web.marketing.programs.form import blank, read_form, sheet_of
from orchard.web.request import counter_of, member_of
from orchard.web.ui import toasts

_CONFLICT = 409
_UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a program; a POST redraws the form after the act that was pressed, or begins the program."""
    if request.method != "POST":
        return _form(request, None, blank(request.GET.get("reason", "")[:60]))
    values = read_form(request.POST, segments.known())
    if request.POST.get("act") != "save":
        return _form(request, None, values, checked=True)
    try:
        program_id = actions.begin(values=values, actor_id=member_of(request).pk, now=clock.now())
    except Refused as error:
        return _form(request, None, values, checked=True, trouble=error.sentence, status=error.status)
    return _saved(request, program_id, values)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, program_id: int) -> HttpResponse:
    """Change the draft, or begin one out of what is live."""
    draft = queries.draft(program_id)
    if draft is None:
        raise Refused(_("There is nothing to change here any more."))
    if request.method != "POST":
        return _form(request, draft, draft.values, checked=draft.revision is not None)
    values = read_form(request.POST, segments.known())
    given = request.POST.get("revision", "")
    if request.POST.get("act") != "save":
        return _form(request, draft, values, checked=True, revision=given)
    try:
        actions.save_draft(
            program_id=program_id,
            values=values,
            revision=_number(given) if given else None,
            actor_id=member_of(request).pk,
            now=clock.now(),
        )
    except Conflict:
        trouble = _(
            "Somebody else has saved the draft meanwhile. Yours is below, not saved. "
            "Save again to put it in place of theirs, or look at theirs first in another window."
        )
        return _form(
            request,
            queries.draft(program_id) or draft,
            values,
            checked=True,
            trouble=trouble,
            status=_CONFLICT,
        )
    return _saved(request, program_id, values)


@require_POST
def discard(request: HttpRequest, program_id: int) -> HttpResponse:
    """Throw the draft away, and with it a program that was never live."""
    revision = _number(request.POST.get("revision", ""))
    stays = actions.discard_draft(
        program_id=program_id, revision=revision, actor_id=member_of(request).pk, now=clock.now()
    )
    toasts.say(request, _("The draft is gone; what it said stays in the journal."))
    return redirect("programs:show", program_id) if stays else redirect("programs:list")


@require_http_methods(["GET", "HEAD", "POST"])
def go_live(request: HttpRequest, program_id: int) -> HttpResponse:
    """Say what a draft would do and to how many, then let it go live."""
    draft = (
        queries.draft(program_id, begun=False)
        if not queries.is_draft(program_id)
        else queries.draft(program_id)
    )
    if draft is None or draft.revision is None:
        raise Refused(_("There is no draft to go live. Change the program first."))
    document = queries.check(draft.values)
    if not isinstance(document, Document):
        context = {"draft": draft, "problems": document, "name": queries.names_of([program_id])[program_id]}
        return render(request, "programs/wrong.html", context, status=_UNPROCESSABLE)
    if request.method == "POST":
        return _live(request, program_id)
    return render(
        request,
        "programs/go_live.html",
        {
            "draft": draft,
            "told": queries.told(document),
            "waiting": _waiting(document),
            "now_in": queries.tallies_of([program_id], now=clock.now()).get(program_id),
            "hidden": {"revision": draft.revision},
            "act": _("Let it go live"),
            "back": reverse("programs:edit", args=[program_id]),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, program_id: int) -> HttpResponse:
    """Say what becomes of who is in it, then let nobody enter any more."""
    if request.method == "POST":
        actions.retire(program_id=program_id, actor_id=member_of(request).pk, now=clock.now())
        toasts.say(request, _("Nobody enters any more."))
        return redirect("programs:show", program_id)
    shown = queries.program(program_id, now=clock.now())
    return render(
        request,
        "programs/retire.html",
        {
            "shown": shown,
            "act": _("Let nobody enter any more"),
            "danger": True,
            "back": reverse("programs:show", args=[program_id]),
        },
    )


def _live(request: HttpRequest, program_id: int) -> HttpResponse:
    try:
        number = actions.go_live(
            program_id=program_id,
            revision=_number(request.POST.get("revision", "")),
            lets_in="lets_in" in request.POST,
            actor_id=member_of(request).pk,
            now=clock.now(),
        )
    except BadProgram:
        return redirect("programs:edit", program_id)
    toasts.say(request, _("Version %(number)s is live.") % {"number": number})
    return redirect("programs:show", program_id)


def _waiting(document: Document) -> int:
    """Return how many fit now and could be let in at once."""
    if document.audience.when is not None:
        return len(segments.contacts_matching(document.audience.when, now=clock.now()).contact_ids)
    return queries.returned_before(document.audience.returned or ())


def _saved(request: HttpRequest, program_id: int, values: dict[str, Any]) -> HttpResponse:
    """Go on after saving: to going live where nothing is wrong, else back to the form with what is."""
    fits = isinstance(queries.check(values), Document)
    if fits:
        toasts.say(request, _("The draft is saved. Look at what it does, and let it go live."))
    else:
        toasts.warn(request, _("The draft is saved, and cannot go live yet: what is wrong stands beside it."))
    to = reverse("programs:go_live" if fits else "programs:edit", args=[program_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


def _form(
    request: HttpRequest,
    draft: DraftShown | None,
    values: dict[str, Any],
    *,
    checked: bool = False,
    revision: str | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.check(values) if checked else []
    problems = [] if isinstance(found, Document) else found
    people = [(each.email, each.name) for each in team.active()]
    stands = "" if draft is None or draft.revision is None else str(draft.revision)
    context = {
        "draft": draft,
        "name": queries.names_of([draft.program_id]).get(draft.program_id, "") if draft else "",
        "sheet": sheet_of(
            values,
            segments.known(),
            reasons=queries.reason_labels(),
            members=people,
            problems=problems,
        ),
        "problems": problems,
        "revision": stands if revision is None else revision,
        "trouble": trouble,
        "address": reverse("programs:edit", args=[draft.program_id]) if draft else reverse("programs:new"),
        "back": reverse("programs:show", args=[draft.program_id]) if draft else reverse("programs:list"),
    }
    fragment = bool(request.headers.get("HX-Request"))
    template = "programs/form.html" if fragment else "programs/edit.html"
    return render(request, template, context, status=200 if fragment else status)


def _number(given: str) -> int:
    revision = counter_of(given)
    if revision is None:
        raise Refused(_("Open the draft first."))
    return revision
