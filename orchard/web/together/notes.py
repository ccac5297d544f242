"""Notes on a contact or an account: written, changed, taken away and brought back, and who can be named in them."""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.contacts import actions as contact_actions
from orchard.contacts import queries as contacts
from orchard.contacts.types import Gone
from orchard.kit import clock
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks import actions, queries
from orchard.tasks.types import NOTE_LENGTH, NoteShown, UnknownNote
from orchard.team import queries as team
from orchard.team.models import Member
from orchard.web.refusing import refuse, status_of
from orchard.web.request import leads_to, member_of, number_of, said_back, wants_fragment, way_back
from orchard.web.ui import toasts

_OFFERED = 8


class NoteForm(forms.Form):
    """What a note says."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("@ and a name tells that colleague."),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """What a page shows to write a note: the form, where it is sent, and where those who can be named are offered."""

    form: NoteForm
    url: str
    names: str


def block(request: HttpRequest, *, contact_id: int | None = None, account_id: int | None = None) -> Block:
    """Return the block for a page about a contact or an account."""
    url = (
        reverse("notes:about_account", args=[account_id])
        if contact_id is None
        else reverse("notes:about_contact", args=[contact_id])
    )
    return Block(_form(request, back=request.get_full_path()), url, _names_at(contact_id))


@require_http_methods(["GET", "HEAD", "POST"])
def about_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Write a note on a contact."""
    contact = contacts.contact(contact_id).contact
    form = _form(request)
    if form.is_valid():
        try:
            if contact_actions.gone([contact.id]):
                raise Gone("There is no such contact, or it was erased.")
            actions.write_note(
                words=form.cleaned_data["words"],
                member_id=member_of(request).pk,
                key=form.cleaned_data["key"],
                now=clock.now(),
                among=_can_be_named(contact.id),
                contact_id=contact.id,
                at_account=contact.account_id,
            )
        except Refused as error:
            refuse(form, error)
        else:
            return _kept(request, reverse("contacts:show", args=[contact.id]))
    return _asked(request, form, str(contact), reverse("contacts:show", args=[contact.id]), contact.id)


@require_http_methods(["GET", "HEAD", "POST"])
def about_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Write a note on an account."""
    account = contacts.account(account_id).account
    form = _form(request)
    if form.is_valid():
        try:
            actions.write_note(
                words=form.cleaned_data["words"],
                member_id=member_of(request).pk,
                key=form.cleaned_data["key"],
                now=clock.now(),
                among=_can_be_named(),
                account_id=account.id,
            )
        except Refused as error:
            refuse(form, error)
        else:
            return _kept(request, reverse("accounts:show", args=[account.id]))
    return _asked(request, form, account.name, reverse("accounts:show", args=[account.id]), None)


@require_GET
def show(request: HttpRequest, note_id: int) -> HttpResponse:  # noqa: ARG001 - the view's contract
    """Lead to a note among what happened with whom it is about."""
    note = queries.note(note_id)
    if note.removed_at is not None:
        raise UnknownNote("This note is not there any more: who wrote it took it away.")
    return redirect(f"{_whose(note)}?channel=note#timeline")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, note_id: int) -> HttpResponse:
    """Change a note of one's own."""
    note = queries.note(note_id)
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        initial={"words": note.text, "key": uuid4(), "back": said_back(request)},
    )
    if form.is_valid():
        try:
            actions.change_note(
                note_id=note_id,
                words=form.cleaned_data["words"],
                by=member_of(request).pk,
                now=clock.now(),
                among=_can_be_named(note.contact_id),
            )
        except NotAllowed:
            raise
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("The note is changed."))
            return redirect(said_back(request, _whose(note)))
    return _asked(request, form, _name(note), _whose(note), note.contact_id)


@require_POST
def remove(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take a note of one's own away."""
    note = queries.note(note_id)
    actions.remove_note(note_id=note_id, by=member_of(request).pk, now=clock.now())
    toasts.say(request, _("The note is gone."), undo=reverse("notes:restore", args=[note_id]))
    return redirect(way_back(request, _whose(note)))


@require_POST
def restore(request: HttpRequest, note_id: int) -> HttpResponse:
    """Bring back a note that one took away."""
    actions.restore_note(note_id=note_id, by=member_of(request).pk, now=clock.now())
    toasts.say(request, _("The note is there again."))
    return redirect(way_back(request, _whose(queries.note(note_id))))


@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """Offer the members whose name begins as one types, or one of its words does."""
    words = request.GET.get("words", "").strip().casefold()
    contact = number_of(request.GET.get("contact", ""))
    seen = contact is None or contacts.is_seen(contact)
    handles = queries.handles(_can_be_named(contact)) if seen else {}
    fitting = [
        handle
        for handle in handles.values()
        if any(part.startswith(words) for part in (handle.casefold(), *handle.casefold().split()))
    ]
    return render(request, "notes/members.html", {"handles": fitting[:_OFFERED]})


def _can_be_named(contact_id: int | None = None) -> list[Member]:
    """Return whom a note may name: whoever is switched on, and on a contact may see that contact."""
    holders = set() if contact_id is None else contacts.at_work_with(contact_id)
    return team.who_reaches(team.active(), holders)


def _names_at(contact_id: int | None) -> str:
    """Return where those who may be named are offered."""
    where = reverse("notes:members")
    return where if contact_id is None else f"{where}?{urlencode({'contact': contact_id})}"


def _form(request: HttpRequest, back: str = "") -> NoteForm:
    return NoteForm(
        request.POST if request.method == "POST" else None,
        auto_id="note_%s",
        initial={"key": uuid4(), "back": back or said_back(request)},
    )


def _kept(request: HttpRequest, otherwise: str) -> HttpResponse:
    toasts.say(request, _("The note is kept."))
    return leads_to(request, said_back(request, otherwise))


def _asked(
    request: HttpRequest, form: NoteForm, name: str, leave: str, contact_id: int | None
) -> HttpResponse:
    template = "notes/form.html" if wants_fragment(request) else "notes/page.html"
    status = status_of(form)
    context = {
        "form": form,
        "url": request.path,
        "name": name,
        "leave": leave,
        "names": _names_at(contact_id),
    }
    return render(request, template, context, status=status)


def _whose(note: NoteShown) -> str:
    """Return the page of whom a note is about."""
    if note.contact_id is not None:
        return reverse("contacts:show", args=[note.contact_id])
    return reverse("accounts:show", args=[note.account_id])


def _name(note: NoteShown) -> str:
    if note.contact_id is not None:
        return contacts.names([note.contact_id]).get(note.contact_id, "")
    return contacts.account(note.account_id or 0).account.name
