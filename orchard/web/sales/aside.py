"""How somebody is left out of the day until another one, with a reason, and how they come back."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.contacts.models import Contact
from orchard.contacts.types import Gone
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.languages import dated
from orchard.tasks import actions
from orchard.tasks import queries as tasks
from orchard.tasks.types import What
from orchard.web.refusing import refuse, status_of
from orchard.web.request import leads_to, member_of, number_of, posted, said_back, wants_fragment, way_back
from orchard.web.sales import log
from orchard.web.sales.step_forms import AsideForm
from orchard.web.ui import toasts


@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Ask until when and why, then leave the contact out of the member's day."""
    member, now = member_of(request), clock.now()
    contact = people.contact(contact_id).contact
    about = request.POST.get("about", request.GET.get("about", ""))
    step = request.POST.get("step", request.GET.get("step", ""))
    form = AsideForm(posted(request), today=tasks.today_of(member, now))
    if form.is_valid():
        try:
            aside = _put(form, contact, about, step, member_id=member.pk)
        except Refused as error:
            refuse(form, error, due_on="until_day")
        else:
            said = _("%(name)s is put aside until %(day)s.") % {
                "name": contact,
                "day": dated(form.until(), "D j M"),
            }
            toasts.say(request, said, undo=reverse("today:bring_back", args=[aside]))
            return leads_to(request, said_back(request, reverse("today:show")))
    context = {
        "form": form,
        "contact": contact,
        "record": about,
        "step": step,
        "back": said_back(request),
        "leave": said_back(request, reverse("today:show")),
    }
    template = "today/aside_beside.html" if wants_fragment(request) else "today/aside.html"
    status = status_of(form)
    return render(request, template, context, status=status)


@transaction.atomic
def _put(form: AsideForm, contact: Contact, about: str, step: str, *, member_id: int) -> int:
    """Put somebody aside as a form says, unless the person is being erased."""
    if contacts.gone([contact.id]):
        raise Gone("There is no such contact, or it was erased.")
    return actions.put_aside(
        contact_id=contact.id,
        member_id=member_id,
        until=form.until(),
        why=form.cleaned_data["why"],
        words=form.cleaned_data["words"],
        account_id=contact.account_id,
        subject=log.subject_of(about, contact.id),
        step_id=_own_step(member_id, contact.id, number_of(step)),
        now=clock.now(),
    )


@require_POST
def bring_back(request: HttpRequest, aside_id: int) -> HttpResponse:
    """Let whom the member put aside stand in the day again."""
    actions.bring_back(aside_id=aside_id, member_id=member_of(request).pk, now=clock.now())
    toasts.say(request, _("They stand in your day again."))
    return redirect(way_back(request, reverse("today:show")))


def _own_step(member_id: int, contact_id: int, step_id: int | None) -> int | None:
    """Return the step that a form names, if it is the member's own with that contact and can be put off."""
    steps = tasks.open_of_contacts([contact_id]) if step_id else []
    can_wait = (each for each in steps if each.member_id == member_id and each.what is not What.MEETING)
    return next((each.id for each in can_wait if each.id == step_id), None)
