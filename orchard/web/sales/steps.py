"""The pages of what a member is to do: the list, one step, planning, and the acts of one tap."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.contacts.models import Contact
from orchard.contacts.types import Gone
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.languages import dated
from orchard.kit.words import voiced
from orchard.reports import queries as reports
from orchard.tasks import actions, queries
from orchard.tasks.types import Step, What
from orchard.team import queries as team
from orchard.team.models import Member
from orchard.team.queries import Filter
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.refusing import refuse
from orchard.web.request import leads_to, member_of, number_of, posted, said_back, wants_fragment, way_back
from orchard.web.sales import log
from orchard.web.sales.columns import TASKS
from orchard.web.sales.step_forms import DropForm, StepForm, next_days
from orchard.web.ui import toasts
from orchard.weekly import queries as weekly

_MEMBERS = 500
AS_FIELDS = {"starts_at": "begins", "ends_at": "ends", "member_id": "member"}
"""How the form calls what the actions call otherwise."""


@listing_page(TASKS)
def listing(request: HttpRequest, _wanted: Wanted) -> Found | HttpResponse:
    """List what the member is to do; whoever may look at a colleague's list is led there."""
    reader, asked = member_of(request), number_of(request.GET.get("member", ""))
    if asked not in (None, reader.pk):
        return redirect("tasks:of", asked)
    return _list(request, reader)


@listing_page(TASKS)
def of_member(request: HttpRequest, _wanted: Wanted, member_id: int) -> Found:
    """List what a colleague is to do."""
    return _list(request, team.member(member_id))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a step that is with nobody outside."""
    return _plan(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Plan a step with a contact."""
    return _plan(request, people.contact(contact_id).contact)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show a step, and change it while it is open."""
    member, now = member_of(request), clock.now()
    shown = reports.step_shown(task_id, member=member, now=now)
    form = StepForm(posted(request), initial=StepForm.initial_of(shown.step))
    if form.is_valid():
        try:
            actions.change_step(
                task_id=task_id,
                step=form.new_step(),
                seen=form.cleaned_data["seen"],
                by=member.pk,
                now=now,
            )
        except Refused as error:
            form.refuse(error, **AS_FIELDS)
        else:
            toasts.say(request, _("The changes are kept."))
            return redirect("tasks:change", task_id)
    return _page(request, shown, form, DropForm())


@require_POST
def done(request: HttpRequest, task_id: int) -> HttpResponse:
    """Mark a step as done."""
    actions.done(task_id=task_id, by=member_of(request).pk, now=clock.now())
    return _after(request, task_id, lambda step: _("“%(step)s” is done.") % {"step": voiced(step.words)})


@require_POST
def drop(request: HttpRequest, task_id: int) -> HttpResponse:
    """Drop a step, or cancel a meeting; what is wrong with the reason is said beside it."""
    member, now, form = member_of(request), clock.now(), DropForm(request.POST)
    if form.is_valid():
        try:
            actions.drop(task_id=task_id, reason=form.cleaned_data["reason"], by=member.pk, now=now)
        except Refused as error:
            if not form.cleaned_data["reason"]:
                raise
            refuse(form, error)
    if form.errors:
        shown = reports.step_shown(task_id, member=member, now=now)
        return _page(request, shown, StepForm(initial=StepForm.initial_of(shown.step)), form)

    def said(step: Step) -> str:
        words = _("“%(step)s” is cancelled.") if step.what is What.MEETING else _("“%(step)s” is dropped.")
        return words % {"step": voiced(step.words)}

    return _after(request, task_id, said)


@require_POST
def snooze(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a step off to a day."""
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        raise Refused(_("Choose a day.")) from None
    actions.snooze(task_id=task_id, until=until, by=member_of(request).pk, now=clock.now())
    return _after(
        request,
        task_id,
        lambda step: (
            _("“%(step)s” waits until %(day)s.")
            % {"step": voiced(step.words), "day": dated(step.due_on, "D j M")}
        ),
    )


@require_POST
def undo(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take back that a step was done, dropped or put off."""
    actions.take_back(task_id=task_id, by=member_of(request).pk, now=clock.now())
    toasts.say(request, _("It is as it was before."))
    return redirect(way_back(request, reverse("tasks:list")))


@require_GET
def file(request: HttpRequest, task_id: int) -> HttpResponse:
    """Give a meeting as a file for one's calendar."""
    step = queries.step(task_id)
    names = people.names([step.contact_id]) if step.contact_id is not None else {}
    link = request.build_absolute_uri(reverse("tasks:change", args=[task_id]))
    content = queries.meeting_file(task_id, who=names.get(step.contact_id or 0, ""), link=link)
    method = b"CANCEL" if b"\r\nMETHOD:CANCEL\r\n" in content else b"REQUEST"
    return HttpResponse(
        content,
        content_type=f"text/calendar; charset=utf-8; method={method.decode()}",
        headers={"Content-Disposition": f'attachment; filename="meeting-{task_id}.ics"'},
    )


def _page(request: HttpRequest, shown: reports.StepRow, form: StepForm, drop: DropForm) -> HttpResponse:
    """Show a step with both of its forms."""
    member, step = member_of(request), shown.step
    context = {
        "shown": shown,
        "step": step,
        "form": form,
        "drop": drop,
        "days": next_days(queries.today_of(member, clock.now())),
        "is_mine": step.member_id == member.pk,
        "decided": weekly.week_of_step(step),
    }
    return render(request, "tasks/show.html", context, status=_status(form, drop))


def _list(request: HttpRequest, member: Member) -> Found:
    reader, now = member_of(request), clock.now()
    may_look, found = permissions.may_open(reader, "tasks:of"), reports.step_list(member, now=now)
    return Found(
        found.page,
        "tasks/list.html",
        lambda: {
            "list": found,
            "member": member,
            "is_mine": member.pk == reader.pk,
            "tomorrow": next_days(queries.today_of(member, now))[0][1],
            "colleagues": team.members(Filter(active=True), size=_MEMBERS).rows if may_look else (),
        },
    )


def _plan(request: HttpRequest, contact: Contact | None) -> HttpResponse:
    """Show the form of a new step, or plan it."""
    member, now = member_of(request), clock.now()
    about = request.POST.get("about", request.GET.get("about", ""))
    what = request.GET.get("what", "")
    initial = {
        "what": what if what in set(What) else (What.CALL if contact else What.TODO).value,
        "due_on": next_days(queries.today_of(member, now))[0][1],
        "member": member.pk,
    }
    form = StepForm(posted(request), initial=initial)
    back = reverse("contacts:show", args=[contact.id]) if contact else reverse("tasks:list")
    if form.is_valid():
        try:
            _write(form, contact, about, by=member.pk)
        except Refused as error:
            refuse(form, error, **AS_FIELDS)
        else:
            toasts.say(request, _("The step is planned."))
            return leads_to(request, said_back(request, back))
    context = {
        "form": form,
        "contact": contact,
        "record": about,
        "back": said_back(request),
        "leave": said_back(request, back),
    }
    template = "tasks/plan_beside.html" if wants_fragment(request) else "tasks/plan.html"
    return render(request, template, context, status=_status(form))


@transaction.atomic
def _write(form: StepForm, contact: Contact | None, about: str, *, by: int) -> None:
    """Plan what a form says, unless the person is being erased."""
    if contact and contacts.gone([contact.id]):
        raise Gone("There is no such contact, or it was erased.")
    step = form.new_step()
    actions.plan_step(
        what=step.what,
        title=step.title,
        due_on=step.due_on,
        starts_at=step.starts_at,
        ends_at=step.ends_at,
        place=step.place,
        member_id=step.member_id or by,
        made_by=by,
        contact_id=contact.id if contact else None,
        account_id=contact.account_id if contact else None,
        subject=log.subject_of(about, contact.id) if contact else None,
        now=clock.now(),
    )


def _after(request: HttpRequest, task_id: int, said: Callable[[Step], str]) -> HttpResponse:
    """Say what was done, with the way back, on the page it was done from."""
    toasts.say(request, said(queries.step(task_id)), undo=reverse("tasks:undo", args=[task_id]))
    return redirect(way_back(request, reverse("tasks:list")))


def _status(*sent: StepForm | DropForm) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if any(form.errors for form in sent) else HTTPStatus.OK
