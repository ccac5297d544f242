"""How one says that what a contact did is not useful, one fact or a whole line of the score, and takes it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from orchard.contacts import queries as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NotUseful
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries as reports
from orchard.web.request import member_of, way_back
from orchard.web.ui import toasts


@require_POST
def not_useful(request: HttpRequest, contact_id: int, fact_id: int) -> HttpResponse:
    """Say why one fact is not useful."""
    contact = contacts.contact(contact_id).contact
    _judge(request, contact.id, [fact_id])
    return redirect(way_back(request, reverse("contacts:show", args=[contact.id])))


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, contact_id: int, place: int) -> HttpResponse:
    """Show the facts behind a line of the score, or say why all of them are not useful."""
    shown = reports.line_shown(contact_id, place, now=clock.now())
    if request.method == "POST":
        if request.POST.get("version") != str(shown.version):
            raise Refused(_("Another agreement came into force meanwhile. Look at the score again."))
        _judge(request, shown.contact.id, shown.ids)
        return redirect(way_back(request, reverse("contacts:show", args=[shown.contact.id])))
    return render(request, "contacts/line.html", {"shown": shown, "contact": shown.contact})


@require_POST
def useful_again(request: HttpRequest, contact_id: int, discount_id: int) -> HttpResponse:
    """Let count again what was said to be not useful: all of what was said at once, or as asked the one alone."""
    number = ledger.count_again(
        discount_id=discount_id,
        contact_id=contacts.living_id(contact_id),
        member_id=member_of(request).id,
        now=clock.now(),
        alone="alone" in request.POST,
    )
    toasts.say(
        request,
        ngettext("It counts again.", "%(n)s entries count again.", number) % {"n": number},
    )
    return redirect(way_back(request, reverse("contacts:show", args=[contact_id])))


def _judge(request: HttpRequest, contact_id: int, fact_ids: list[int]) -> None:
    """Let facts of a contact count for nothing, for the reason that the form says, and say what came of it."""
    why = request.POST.get("why", "")
    if why not in set(NotUseful):
        raise Refused(_("Say why it is not useful: choose one of the reasons."))
    said = ledger.discount(
        interaction_ids=fact_ids,
        contact_id=contact_id,
        why=why,
        member_id=member_of(request).id,
        now=clock.now(),
    )
    if not said:
        toasts.warn(request, _("It is said to be not useful already."))
        return
    words = ngettext(
        "It counts for nothing any more: %(why)s.",
        "%(n)s entries count for nothing any more: %(why)s.",
        len(said),
    ) % {"n": len(said), "why": _lowered(_(NotUseful(why).label))}
    toasts.say(request, words, undo=reverse("contacts:useful_again", args=[contact_id, said[0]]))


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
