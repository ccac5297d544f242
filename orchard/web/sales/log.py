"""The block by which one logs what happened with a contact, on any page about the contact, and the form behind it.

A page takes it in with `context["log"] = log.block(request, ...)` and `{% include "log/block.html" %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.contacts.models import Contact
from orchard.contacts.types import Gone
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.words import voiced
from orchard.tasks import actions, queries
from orchard.tasks.types import Happened, JustLogged, Logged, Step, Subject
from orchard.team.types import MANAGING
from orchard.web.refusing import refuse, status_of
from orchard.web.request import leads_to, member_of, said_back, wants_fragment, way_back
from orchard.web.sales.step_forms import HAPPENED, LogForm
from orchard.web.ui import toasts

_SIGNER = Signer(salt="log.about")


@dataclass(frozen=True, slots=True)
class Block:
    """What the block shows: the form, where it is sent, the open steps, and where a step is planned."""

    contact_id: int
    form: LogForm
    url: str
    plan_url: str
    steps: Sequence[Step]
    today: date
    panel: str
    """The part of the page in which a step is planned; empty where that has a page of its own."""
    just: Sequence[tuple[str, JustLogged]]
    """What the member may still take back, each with its words."""


def block(
    request: HttpRequest,
    *,
    contact_id: int,
    steps: Sequence[Step],
    subject: Subject | None = None,
    back: str = "",
    panel: str = "",
) -> Block:
    """Return the block for a page about a contact; `subject` is the record that the page shows, as `("lead", 7)`.

    `back` is the page to come back to, if not this one; `panel` the part of it in which a step is planned.
    """
    back = back or request.get_full_path()
    member, now, said = member_of(request), clock.now(), dict(HAPPENED)
    just = queries.just_logged(member_id=member.pk, contact_id=contact_id, now=now)
    about = signed(contact_id, subject)
    form = _form(request, steps=_own(request, steps), initial={"about": about, "back": back})
    plan_url = reverse("tasks:plan", args=[contact_id])
    ways = {"back": back, **({"about": about} if about else {})}
    return Block(
        contact_id,
        form,
        reverse("tasks:log", args=[contact_id]),
        f"{plan_url}?{urlencode(ways)}",
        steps,
        queries.today_of(member, now),
        panel,
        [(str(said[each.happened]), each) for each in just],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show the form, or log what it says and lead back to where it was sent from."""
    contact = people.contact(contact_id).contact
    steps = _own(request, queries.open_of_contacts([contact.id]))
    form = _form(request, steps=steps, initial={"about": request.GET.get("about", "")})
    if form.is_valid():
        try:
            logged, done = _log(form, contact, steps, member_id=member_of(request).id, now=clock.now())
        except Refused as error:
            refuse(form, error, due_on="next_day", title="next_title")
        else:
            _say(request, form.what_happened, logged, done)
            return leads_to(request, said_back(request, reverse("contacts:show", args=[contact.id])))
    template = "log/form.html" if wants_fragment(request) else "log/page.html"
    context = {"form": form, "contact": contact, "url": request.path}
    status = status_of(form)
    return render(request, template, context, status=status)


@require_POST
def unlog(request: HttpRequest, log_id: int) -> HttpResponse:
    """Take back what one logged."""
    actions.unlog(log_id=log_id, by=member_of(request).id, now=clock.now())
    toasts.say(request, _("It is taken back."))
    return redirect(_staying(way_back(request, reverse("tasks:list"))))


def _staying(back: str) -> str:
    """Return the way back; in the day, the line that was open stays so, whatever else is due by now."""
    path, _mark, said = back.partition("?")
    asked = dict(parse_qsl(said))
    if path != reverse("today:show") or "open" not in asked:
        return back
    return f"{path}?{urlencode(asked | {'stays': '1'})}"


@transaction.atomic
def _log(
    form: LogForm, contact: Contact, steps: Sequence[Step], *, member_id: int, now: datetime
) -> tuple[Logged, Step | None]:
    """Log what a form says, unless the person is being erased; return it, and the step that it did."""
    if contacts.gone([contact.id]):
        raise Gone("There is no such contact, or it was erased.")
    given, done = form.cleaned_data, _done_by(form, steps, member_id=member_id, now=now)
    logged = actions.log(
        happened=form.what_happened,
        contact_id=contact.id,
        account_id=contact.account_id,
        member_id=member_id,
        subject=subject_of(given["about"], contact.id),
        at=given["at"],
        words=given["words"],
        does=done.id if done else None,
        next_step=form.next_step(),
        key=given["key"],
        now=now,
    )
    return logged, done


def _done_by(form: LogForm, steps: Sequence[Step], *, member_id: int, now: datetime) -> Step | None:
    if form.what_happened in {Happened.NO_ANSWER, Happened.MISSED}:
        return None
    if isinstance(form.step_done, int):
        return next((each for each in steps if each.id == form.step_done), None)
    if not form.step_done:
        return None
    return queries.done_by(form.what_happened, steps, member_id=member_id, now=now)


def _own(request: HttpRequest, steps: Sequence[Step]) -> list[Step]:
    """Return the steps that the member may say are done: the own ones, planned or to do; managers any."""
    member = member_of(request)
    if member.role in MANAGING:
        return list(steps)
    return [each for each in steps if member.pk in (each.member_id, each.made_by)]


def _form(request: HttpRequest, *, steps: Sequence[Step], initial: dict[str, Any]) -> LogForm:
    asked = request.GET.get("step", "")
    chosen = next((each for each in steps if str(each.id) == asked), None)
    known = {each.value for each in Happened}
    happened = request.GET.get("happened", "")
    given = request.POST if request.method == "POST" else None
    return LogForm(
        given,
        auto_id="log_%s",
        today=queries.today_of(member_of(request), clock.now()),
        steps=list(steps),
        chosen=chosen,
        initial={
            "key": uuid4(),
            "happened": happened if happened in known else Happened.REACHED.value,
            **initial,
        },
    )


def _say(request: HttpRequest, happened: Happened, logged: Logged, done: Step | None) -> None:
    if not logged.fresh:
        toasts.say(request, _("This was stored before; nothing is there twice."))
        return
    said = {
        Happened.REACHED: _("The call is logged."),
        Happened.NO_ANSWER: _("The call without an answer is logged."),
        Happened.HELD: _("The meeting is logged."),
        Happened.MISSED: _("It is logged that nobody came."),
        Happened.MAIL: _("The mail is logged."),
    }[happened]
    if done:
        said += " " + _("“%(step)s” is done.") % {"step": voiced(done.words)}
    if logged.next_id:
        said += " " + _("The next step is planned.")
    toasts.say(request, said, undo=reverse("tasks:unlog", args=[logged.id]))


def signed(contact_id: int, subject: Subject | None) -> str:
    """Return a record as a form carries it, for `subject_of` to believe; empty for none."""
    return _SIGNER.sign(f"{contact_id}:{subject[0]}:{subject[1]}") if subject else ""


def subject_of(about: str, contact_id: int) -> Subject | None:
    """Return the record that a page of ours named; what no page of ours can have written is refused."""
    if not about:
        return None
    try:
        contact, kind, identity = _SIGNER.unsign(about).split(":")
    except (BadSignature, ValueError) as error:
        raise _unknown() from error
    if int(contact) != contact_id:
        raise _unknown()
    return kind, int(identity)


def _unknown() -> Refused:
    return Refused(_("This form does not say what it is about. Open the page anew and send it again."))
