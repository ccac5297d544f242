"""The pages of saved views: kept from a list as it is asked for, renamed, shared, written over, removed, begun with."""

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from orchard.kit import clock
from orchard.kit.errors import NotAllowed, NotFound, Refused
from orchard.team import actions, queries
from orchard.team.types import VIEW_LENGTH, View
from orchard.web import permissions
from orchard.web.lists.catalogue import LISTS
from orchard.web.lists.listing import Listing
from orchard.web.lists.page import address_of, place_of
from orchard.web.lists.wanted import EVERYTHING, VIEW, Wanted, wanted_of
from orchard.web.refusing import refuse, status_of
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


class ViewForm(forms.Form):
    """How a view is called and who sees it."""

    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=VIEW_LENGTH)
    is_shared = forms.BooleanField(
        label=gettext_lazy("Everybody may open it"),
        required=False,
        help_text=gettext_lazy("A view is an address: each sees in it what he or she may see anyhow."),
    )


class NewViewForm(ViewForm):
    """The same of a view that is kept, the list it is of, and whether that begins with it."""

    starts = forms.BooleanField(label=gettext_lazy("Begin the list with it"), required=False)
    query = forms.CharField(required=False, widget=forms.HiddenInput)


@require_POST
def keep(request: HttpRequest, list_name: str) -> HttpResponse:
    """Keep a list as it is asked for under a name; ask again where it has none, or one that is taken."""
    listing, member = _listing(request, list_name), member_of(request)
    form, wanted = NewViewForm(request.POST), _asked(request, listing)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "is_shared", "starts")}
        try:
            view_id = actions.keep_view(
                member_id=member.pk, list_name=listing.name, state=wanted.wish, now=clock.now(), **fields
            )
        except Refused as error:
            refuse(form, error)
        else:
            view = queries.view(view_id, member_id=member.pk)
            toasts.say(request, _("The view %(name)s is kept.") % {"name": view.name})
            return redirect(_where(listing, view))
    back = place_of(listing) + wanted.query()
    context = {"form": form, "listing": listing, "act": _("Save the view"), "back": back}
    return render(request, "lists/change.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename a view, share it or keep it to oneself."""
    view = _view(request, view_id)
    listing = _listing(request, view.list)
    form = ViewForm(posted(request), initial={"name": view.name, "is_shared": view.is_shared})
    if form.is_valid():
        try:
            actions.change_view(
                view_id=view_id, **form.cleaned_data, actor_id=member_of(request).pk, now=clock.now()
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("Saved."))
            return redirect(_where(listing, view))
    context = {
        "form": form,
        "view": view,
        "listing": listing,
        "act": _("Save"),
        "back": _where(listing, view),
    }
    status = status_of(form)
    return render(request, "lists/change.html", context, status=status)


@require_POST
def overwrite(request: HttpRequest, view_id: int) -> HttpResponse:
    """Let a view ask for what the list shows now."""
    view = _view(request, view_id)
    listing = _listing(request, view.list)
    wish = _asked(request, listing).wish
    actions.overwrite_view(view_id=view_id, state=wish, actor_id=member_of(request).pk, now=clock.now())
    toasts.say(request, _("The view %(name)s keeps what you see here.") % {"name": view.name})
    return redirect(_where(listing, _view(request, view_id)))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Ask, then remove a view."""
    view = _view(request, view_id)
    listing = _listing(request, view.list)
    if request.method == "POST":
        name = actions.remove_view(view_id=view_id, actor_id=member_of(request).pk, now=clock.now())
        toasts.say(request, _("The view %(name)s is gone.") % {"name": name})
        return redirect(f"{place_of(listing)}?{VIEW}={EVERYTHING}")
    context = {
        "view": view,
        "listing": listing,
        "act": _("Delete the view"),
        "danger": True,
        "back": _where(listing, view),
    }
    return render(request, "lists/remove.html", context)


@require_POST
def start(request: HttpRequest, view_id: int) -> HttpResponse:
    """Begin the list with a view from now on; with `not`, not any more."""
    view = _view(request, view_id)
    listing, starts = _listing(request, view.list), "not" not in request.POST
    actions.start_with(view_id=view_id, member_id=member_of(request).pk, starts=starts)
    said = _("The list begins with %(name)s now.") if starts else _("The list begins with everything again.")
    toasts.say(request, said % {"name": view.name})
    return redirect(_where(listing, view))


def _view(request: HttpRequest, view_id: int) -> View:
    return queries.view(view_id, member_id=member_of(request).pk)


def _listing(request: HttpRequest, name: str) -> Listing:
    """Return a list that keeps views and that the member may open."""
    listing = LISTS.get(name)
    if listing is None:
        raise NotFound(_("There is no such list."))
    if not permissions.may_open(member_of(request), listing.address):
        raise NotAllowed(_("Your role does not open this list."))
    return listing


def _asked(request: HttpRequest, listing: Listing) -> Wanted:
    """Return what the list that a form was sent from asks for."""
    return wanted_of(listing, QueryDict(request.POST.get("query", "").removeprefix("?")))


def _where(listing: Listing, view: View) -> str:
    return place_of(listing) + address_of(listing, view)
