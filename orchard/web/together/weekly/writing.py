"""The forms by which notes and decisions of a meeting are written, changed, done and removed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted, way_back
from orchard.web.together.weekly import asking, pages
from orchard.web.together.weekly.forms import DecisionAnew, DecisionForm, NoteAnew, NoteForm
from orchard.web.ui import toasts
from orchard.weekly import actions, queries
from orchard.weekly.types import Week

AS_FIELDS = {"member_id": "owner", "title": "words"}
"""How the form of a decision calls what the actions of steps call otherwise."""


@require_POST
def add_note(request: HttpRequest, week: str) -> HttpResponse:
    """Write a note of a week's meeting."""
    asked = asking.week_asked(week)
    form = NoteForm(request.POST, auto_id="note_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.write_note(
                week=asked,
                words=given["words"],
                member_id=member_of(request).pk,
                key=given["key"],
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error)
        else:
            return _to(asked, "notes")
    return pages.week_page(request, asked, note_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_note(request: HttpRequest, meeting_note_id: int) -> HttpResponse:
    """Write one's own note anew."""
    note = queries.note(meeting_note_id)
    form = NoteAnew(posted(request), initial=NoteAnew.initial_of(note))
    if form.is_valid():
        try:
            actions.change_note(
                note_id=meeting_note_id,
                words=form.cleaned_data["words"],
                by=member_of(request).pk,
                seen=form.cleaned_data["seen"],
                now=clock.now(),
            )
        except Refused as error:
            form.refuse(error)
        else:
            toasts.say(request, _("The note is changed."))
            return _to(note.week, "notes")
    back = _address(note.week, "notes")
    return _form(request, "weekly/change_note.html", form, back=back, note=note, week=note.week)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_note(request: HttpRequest, meeting_note_id: int) -> HttpResponse:
    """Ask, then remove a note."""
    note = queries.note(meeting_note_id)
    if request.method == "POST":
        actions.remove_note(note_id=meeting_note_id, by=member_of(request).pk, now=clock.now())
        toasts.say(request, _("The note is removed."))
        return _to(note.week, "notes")
    context = {
        "note": note,
        "week": note.week,
        "act": _("Remove the note"),
        "danger": True,
        "back": _address(note.week, "notes"),
    }
    return render(request, "weekly/remove_note.html", context)


@require_POST
def add_decision(request: HttpRequest, week: str) -> HttpResponse:
    """Keep a decision of a week's meeting."""
    asked = asking.week_asked(week)
    form = DecisionForm(request.POST, auto_id="decision_%s")
    if form.is_valid():
        try:
            actions.decide(
                week=asked,
                words=form.said,
                owner_id=form.owner_id,
                due_on=form.until,
                member_id=member_of(request).pk,
                key=form.cleaned_data["key"],
                now=clock.now(),
            )
        except Refused as error:
            refuse(form, error, **AS_FIELDS)
        else:
            return _to(asked, "decisions")
    return pages.week_page(request, asked, decision_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Change what a decision says, whose it is and until when."""
    decision = queries.decision(decision_id)
    form = DecisionAnew(posted(request), initial=DecisionAnew.initial_of(decision))
    if form.is_valid():
        try:
            actions.change_decision(
                decision_id=decision_id,
                words=form.said,
                owner_id=form.owner_id,
                due_on=form.until,
                by=member_of(request).pk,
                seen=form.cleaned_data["seen"],
                now=clock.now(),
            )
        except Refused as error:
            form.refuse(error, **AS_FIELDS)
        else:
            toasts.say(request, _("The decision is changed."))
            return _to(decision.week, "decisions")
    back = _address(decision.week, "decisions")
    return _form(
        request, "weekly/change_decision.html", form, back=back, decision=decision, week=decision.week
    )


@require_POST
def done(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Mark a decision as done."""
    decision = queries.decision(decision_id)
    actions.finish(decision_id=decision_id, by=member_of(request).pk, now=clock.now())
    undo = reverse("weekly:reopen", args=[decision_id])
    toasts.say(request, _("“%(words)s” is done.") % {"words": decision.words or _("The decision")}, undo=undo)
    return redirect(way_back(request, _address(decision.week, "decisions")))


@require_POST
def reopen(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take back that a decision was done."""
    decision = queries.decision(decision_id)
    actions.reopen(decision_id=decision_id, by=member_of(request).pk, now=clock.now())
    toasts.say(request, _("The decision is open again."))
    return redirect(way_back(request, _address(decision.week, "decisions")))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Ask, then remove a decision."""
    decision = queries.decision(decision_id)
    if request.method == "POST":
        actions.remove_decision(decision_id=decision_id, by=member_of(request).pk, now=clock.now())
        toasts.say(request, _("The decision is removed."))
        return _to(decision.week, "decisions")
    context = {
        "decision": decision,
        "week": decision.week,
        "act": _("Remove the decision"),
        "danger": True,
        "back": _address(decision.week, "decisions"),
    }
    return render(request, "weekly/remove_decision.html", context)


def _form(
    request: HttpRequest, template: str, form: NoteAnew | DecisionAnew, *, back: str, **more: object
) -> HttpResponse:
    status = status_of(form)
    return render(request, template, {"form": form, "back": back, **more}, status=status)


def _to(week: Week, part: str) -> HttpResponse:
    return redirect(_address(week, part))


def _address(week: Week, part: str) -> str:
    return f"{reverse('weekly:week', args=[week])}#{part}"
