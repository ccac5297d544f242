"""Files on a contact or an account: added, opened, saved, removed and brought back.

Whatever somebody sends us leaves as something to save. Only an image or a PDF, by its first bytes, may open in the
browser, in a sandbox where it runs nothing and reaches nothing of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.contacts import actions, queries
from orchard.contacts.types import FILE_WORDS_LENGTH, LARGEST_FILE, MOST_FILES, FileShown, NewFile
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web import permissions
from orchard.web.refusing import refuse, status_of
from orchard.web.request import leads_to, member_of, said_back, wants_fragment, way_back
from orchard.web.ui import toasts

SHOWN = 6
"""So many files stand on the page of a record; all of them on a page of their own."""

UNKNOWN = "application/octet-stream"
POLICY = "sandbox; frame-ancestors 'none'"


class _Chooser(forms.FileInput):
    """Chooses several files at once."""

    allow_multiple_selected = True


class _Several(forms.FileField):
    """Files, each looked at by itself; what is in them is the room's to judge."""

    def clean(self, data: Any, initial: Any = None) -> list[NewFile]:
        """Return every file that came; refuse a form without any."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        came = [super(_Several, self).clean(each, initial) for each in given or [None]]
        return [NewFile(each.name, each.file) for each in came]


class FilesForm(forms.Form):
    """Which files to keep, and a word about them."""

    back = forms.CharField(required=False, widget=forms.HiddenInput)
    whole = forms.BooleanField(required=False, widget=forms.HiddenInput)
    chosen = _Several(
        label=gettext_lazy("Add files"),
        allow_empty_file=True,
        help_text=gettext_lazy("Choose them or drop them here, up to 20 MB each."),
        error_messages={"required": gettext_lazy("Choose a file.")},
        widget=_Chooser(
            attrs={
                "data-most": LARGEST_FILE,
                "data-many": MOST_FILES,
                "data-too-large": gettext_lazy("“%s” is larger than 20 MB and was left out."),
                "data-too-many": gettext_lazy("At most 200 files fit; the others were left out."),
            }
        ),
    )
    words = forms.CharField(
        label=gettext_lazy("A word about it"),
        required=False,
        max_length=FILE_WORDS_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """What a page shows of files: the form, where it is sent, the files, and whether all of them stand here.

    `removes` says that whoever looks may remove also what others added.
    """

    form: FilesForm
    url: str
    files: Sequence[FileShown]
    whole: bool
    removes: bool

    @property
    def rows(self) -> Sequence[FileShown]:
        """Those that stand here."""
        return self.files if self.whole else self.files[:SHOWN]


def block(
    request: HttpRequest,
    files: Sequence[FileShown],
    *,
    contact_id: int | None = None,
    account_id: int | None = None,
) -> Block:
    """Return the block for the page of a contact or an account."""
    form = FilesForm(auto_id="file_%s", initial={"back": request.get_full_path()})
    return _block(request, form, files, _place(contact_id, account_id), whole=False)


@require_http_methods(["GET", "HEAD", "POST"])
def about_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """List the files on a contact, or keep some more."""
    page = queries.contact(contact_id)
    return _about(request, str(page.contact), contact_id=page.contact.id)


@require_http_methods(["GET", "HEAD", "POST"])
def about_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """List the files on an account, or keep some more."""
    account = queries.account(account_id).account
    return _about(request, account.name, account_id=account.id)


@never_cache
@require_GET
def save(request: HttpRequest, file_id: int) -> HttpResponseBase:  # noqa: ARG001 - the view's contract
    """Give a file to save."""
    return _sent(queries.file(file_id), inline=False)


@never_cache
@require_GET
def show(request: HttpRequest, file_id: int) -> HttpResponseBase:  # noqa: ARG001 - the view's contract
    """Open an image or a PDF in the browser; anything else is given to save."""
    file = queries.file(file_id)
    return _sent(file, inline=bool(file.media))


@require_POST
def remove(request: HttpRequest, file_id: int) -> HttpResponse:
    """Take a file away."""
    file = queries.file(file_id)
    actions.remove_file(file_id=file_id, now=clock.now(), actor_id=member_of(request).pk)
    toasts.say(
        request,
        _("“%(name)s” is removed.") % {"name": file.name},
        undo=reverse("files:restore", args=[file_id]),
    )
    return redirect(way_back(request, _page_of(file.contact_id, file.account_id)))


@require_POST
def restore(request: HttpRequest, file_id: int) -> HttpResponse:
    """Bring back a file that one removed."""
    actions.restore_file(file_id=file_id, now=clock.now(), actor_id=member_of(request).pk)
    file = queries.file(file_id)
    toasts.say(request, _("“%(name)s” is there again.") % {"name": file.name})
    return redirect(way_back(request, _page_of(file.contact_id, file.account_id)))


def _about(
    request: HttpRequest, name: str, *, contact_id: int | None = None, account_id: int | None = None
) -> HttpResponse:
    """Show the files of a record with the form, or keep what the form brings; what is refused is said beside it."""
    posted = request.method == "POST"
    form = FilesForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        auto_id="file_%s",
        initial={"back": said_back(request), "whole": True},
    )
    leave, kept = _page_of(contact_id, account_id), 0
    if form.is_valid():
        try:
            done = actions.keep_files(
                files=form.cleaned_data["chosen"],
                words=form.cleaned_data["words"],
                now=clock.now(),
                actor_id=member_of(request).pk,
                contact_id=contact_id,
                account_id=account_id,
            )
        except Refused as error:
            if error.status != Refused.status:
                raise
            refuse(form, error)
        else:
            kept = len(done.kept)
            if not done.refused:
                toasts.say(request, _kept(kept))
                return leads_to(request, said_back(request, leave))
            for each in done.refused:
                form.add_error("chosen", each.sentence)
    fragment = wants_fragment(request)
    files = queries.files_of_account(account_id) if account_id is not None else _of_contact(contact_id)
    whole = not fragment or bool(form.data.get("whole"))
    context = {
        "files": _block(request, form, files, request.path, whole=whole),
        "name": name,
        "leave": leave,
        "kept": _kept(kept) if kept else "",
    }
    template = "files/card.html" if fragment else "files/page.html"
    status = status_of(form)
    return render(request, template, context, status=status)


def _block(
    request: HttpRequest, form: FilesForm, files: Sequence[FileShown], url: str, *, whole: bool
) -> Block:
    removes = member_of(request).role not in permissions.rule_of("files:remove").own
    return Block(form, url, files, whole, removes)


def _sent(file: FileShown, *, inline: bool) -> StreamingHttpResponse:
    """Give what is in a file, a piece at a time, as what it is by its first bytes and never by its name."""
    return StreamingHttpResponse(
        queries.pieces_of(file.id),
        content_type=file.media or UNKNOWN,
        headers={
            "Content-Disposition": content_disposition_header(not inline, file.name) or "attachment",
            "Content-Length": str(file.size),
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            # Browsers refuse what is in a sandbox and asks for a clean opener as well.
            "Cross-Origin-Opener-Policy": "unsafe-none",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def _kept(number: int) -> str:
    return ngettext("The file is kept.", "%(n)s files are kept.", number) % {"n": number}


def _of_contact(contact_id: int | None) -> list[FileShown]:
    return queries.files_of(queries.contact(contact_id or 0).ids)


def _place(contact_id: int | None, account_id: int | None) -> str:
    """Return where files of a record are added."""
    if contact_id is not None:
        return reverse("files:about_contact", args=[contact_id])
    return reverse("files:about_account", args=[account_id])


def _page_of(contact_id: int | None, account_id: int | None) -> str:
    """Return the page of whom files are about."""
    if contact_id is not None:
        return reverse("contacts:show", args=[contact_id])
    return reverse("accounts:show", args=[account_id])
