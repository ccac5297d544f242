"""What moves a version on: proposing the draft, signing, withdrawing, discarding."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orchard.agreement import actions, queries
from orchard.agreement.types import BadDocument, Return, State
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.nurture import queries as nurture
from orchard.team.types import Side
from orchard.web import permissions
from orchard.web.request import counter_of, member_of
from orchard.web.ui import toasts


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose the draft as it was last seen; with mistakes, go back to it and show them.

    Reasons that no program answers are said before: whoever proposes has seen them, on the draft or on a page here.
    """
    draft = queries.draft()
    resting = nurture.unanswered(draft.document) if draft and draft.document else []
    if not {each.reason for each in resting} <= set(request.POST.getlist("resting")):
        return _resting(request, resting)
    try:
        actions.propose(member_id=member_of(request).pk, revision=_revision(request), now=clock.now())
    except BadDocument:
        toasts.warn(request, _("The draft has mistakes and was not proposed. They are listed beside it."))
        return redirect("agreement:edit")
    toasts.say(request, _("Proposed. It comes into force when both sides have signed."))
    return redirect("agreement:show")


def _resting(request: HttpRequest, resting: list[Return]) -> HttpResponse:
    return render(
        request,
        "together/resting.html",
        {
            "resting": resting,
            "revision": _revision(request),
            "may_write": permissions.may_open(member_of(request), "programs:new"),
        },
    )


@require_POST
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Sign the text that was shown, for one side."""
    side = request.POST.get("side", "")
    if side not in set(Side):
        raise Refused(_("Sign for Sales or for Marketing."))
    state = actions.sign(
        member_id=member_of(request).pk,
        version_id=queries.version_numbered(number).id,
        side=side,
        text_hash=request.POST.get("text_hash", ""),
        now=clock.now(),
    )
    if state is State.IN_FORCE:
        words = _("Version %(number)s is in force. Everybody is assessed anew in the background.")
    else:
        words = _("Signed. Version %(number)s comes into force when the other side has signed too.")
    toasts.say(request, words % {"number": number})
    return redirect("agreement:show")


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a proposal back."""
    actions.withdraw(
        member_id=member_of(request).pk, version_id=queries.version_numbered(number).id, now=clock.now()
    )
    toasts.say(request, _("Version %(number)s is withdrawn; its text is the draft now.") % {"number": number})
    return redirect("agreement:show")


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    actions.discard_draft(member_id=member_of(request).pk, revision=_revision(request), now=clock.now())
    toasts.say(request, _("The draft is gone; its text stays in the journal."))
    return redirect("agreement:show")


def _revision(request: HttpRequest) -> int:
    given = counter_of(request.POST.get("revision", ""))
    if given is None:
        raise Refused(_("Open the draft first."))
    return given
