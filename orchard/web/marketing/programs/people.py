"""What is done with who is in a program: pause and resume all, let one in, take one out."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from orchard.contacts import queries as contacts
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.nurture import actions, queries
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted, way_back
from orchard.web.ui import toasts


class LetIn(forms.Form):
    """Whom to let in."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the contact"))


class Enter(forms.Form):
    """Which program to let a contact into."""

    program = forms.ChoiceField(label=gettext_lazy("Program"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the programs that are live."""
        super().__init__(*args, **kwargs)
        live = [each for each in queries.programs(now=clock.now()) if each.number is not None]
        field = self.fields["program"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(each.id), each.name) for each in live]


@require_POST
def pause(request: HttpRequest, program_id: int) -> HttpResponse:
    """Let every clock of a program stand still."""
    n = actions.pause(program_id=program_id, actor_id=member_of(request).pk, now=clock.now())
    words = ngettext("Paused: %(n)s contact stands still.", "Paused: %(n)s contacts stand still.", n)
    toasts.say(request, words % {"n": n})
    return redirect("programs:show", program_id)


@require_POST
def resume(request: HttpRequest, program_id: int) -> HttpResponse:
    """Let the clocks run on."""
    n = actions.resume(program_id=program_id, actor_id=member_of(request).pk, now=clock.now())
    words = ngettext("%(n)s contact goes on.", "%(n)s contacts go on.", n)
    toasts.say(request, words % {"n": n})
    return redirect("programs:show", program_id)


@require_http_methods(["GET", "HEAD", "POST"])
def let_in(request: HttpRequest, program_id: int) -> HttpResponse:
    """Ask for a contact's e-mail address, and let the contact in."""
    form = LetIn(posted(request))
    if form.is_valid():
        found = contacts.find_by_email(form.cleaned_data["email"])
        if found is None:
            form.add_error("email", _("No contact has this address. Add the contact first."))
        elif _let_in(request, form, program_id, found):
            return redirect("programs:show", program_id)
    context = {
        "form": form,
        "name": queries.names_of([program_id]).get(program_id, ""),
        "act": _("Let in"),
        "back": reverse("programs:show", args=[program_id]),
    }
    return render(request, "programs/let_in.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Let a contact into one of the programs that are live."""
    contact, form = contacts.contact(contact_id).contact, Enter(posted(request))
    if form.is_valid() and _let_in(request, form, int(form.cleaned_data["program"]), contact.pk):
        return redirect("contacts:show", contact.pk)
    context = {
        "form": form,
        "contact": contact,
        "act": _("Let in"),
        "back": reverse("contacts:show", args=[contact.pk]),
    }
    return render(request, "programs/enter.html", context, status=status_of(form))


@require_POST
def let_in_passed(request: HttpRequest, program_id: int) -> HttpResponse:
    """Let in whoever fits and was passed over."""
    n = actions.let_in_passed(program_id=program_id, actor_id=member_of(request).pk, now=clock.now())
    words = ngettext("%(n)s contact entered.", "%(n)s contacts entered.", n)
    toasts.say(request, words % {"n": n})
    return redirect("programs:show", program_id)


@require_POST
def take_out(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Take one contact out of a program."""
    person = queries.enrolment(enrolment_id)
    actions.take_out(enrolment_id=enrolment_id, actor_id=member_of(request).pk, now=clock.now())
    toasts.say(request, _("%(name)s is out of the program.") % {"name": person.name or _("The contact")})
    return redirect(way_back(request, reverse("programs:show", args=[person.program_id])))


def _let_in(request: HttpRequest, form: forms.Form, program_id: int, contact_id: int) -> bool:
    try:
        actions.let_in(
            program_id=program_id, contact_id=contact_id, actor_id=member_of(request).pk, now=clock.now()
        )
    except Refused as error:
        refuse(form, error)
        return False
    toasts.say(request, _("The contact is in the program."))
    return True
