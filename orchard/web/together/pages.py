"""The agreement to read: the version that counts or waits, every version before it, and what each changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from orchard.agreement import queries
from orchard.agreement.queries import VersionShown
from orchard.agreement.types import State
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import queries as team
from orchard.team.types import Side
from orchard.web.request import counter_of, member_of


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the version that waits for signatures, else the one in force, else how to begin."""
    force, waiting = queries.in_force(), queries.proposed()
    shown = waiting or force
    context = {"force": force, "draft": queries.draft(), "rights": queries.rights_of(member_of(request))}
    if shown is None:
        return render(request, "together/none.html", context)
    return render(request, "together/agreement.html", {**context, **_contract(request, shown, force)})


@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version as it was proposed, marked against the version it was to replace."""
    shown = queries.version_numbered(number)
    base = queries.version(shown.based_on) if shown.based_on else None
    context = {"force": queries.in_force(), "rights": queries.rights_of(member_of(request)), "single": True}
    return render(request, "together/agreement.html", {**context, **_contract(request, shown, base)})


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """List every version that was ever proposed."""
    return render(request, "together/history.html", {"versions": queries.history(), "draft": queries.draft()})


@require_GET
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """Say in words what a version changes against another (`?against=3`), by default the one it was to replace."""
    after = queries.version_numbered(number)
    before = _against(request, after)
    if before is None:
        raise Refused(
            _("Version %(number)s was the first; there is nothing to compare it with.") % {"number": number}
        )
    if before.document is None or after.document is None:
        raise Refused(_("One of the two is a draft with mistakes; mend it first."))
    context = {
        "before": before,
        "after": after,
        "changes": queries.changes_between(before.document, after.document),
        "clauses": queries.contract_of(after.document, before.document),
        "others": [each for each in queries.history() if each.number not in (before.number, after.number)],
    }
    return render(request, "together/changes.html", context)


@require_GET
def ripe(request: HttpRequest, number: int) -> HttpResponse:
    """Say how many contacts would be handed over on the first day; a fragment, since it counts everybody."""
    shown = queries.version_numbered(number)
    if shown.document is None:
        raise Refused(_("This version cannot be read."))
    found = queries.ripe_now(shown.document, now=clock.now())
    months = found.contacts / shown.document.promises.marketing.ripe_per_month
    return render(request, "together/ripe.html", {"ripe": found, "months": months, "version": shown})


@require_GET
def signed_text(_request: HttpRequest, number: int) -> HttpResponse:
    """Give the text of a version byte for byte as its number was made of it, to be checked by other means."""
    shown = queries.version_numbered(number)
    if shown.document is None:
        raise Refused(_("This version cannot be read."))
    response = HttpResponse(queries.normal_of(shown.document), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="agreement-{number}.yaml"'
    return response


@require_GET
def schema(_request: HttpRequest) -> JsonResponse:
    """Publish the JSON Schema of the document, for editors that check while one types."""
    return JsonResponse(queries.schema())


def _against(request: HttpRequest, after: VersionShown) -> VersionShown | None:
    given = counter_of(request.GET.get("against", ""))
    if given is not None:
        return queries.version_numbered(given)
    return queries.version(after.based_on) if after.based_on else None


def _contract(request: HttpRequest, shown: VersionShown, base: VersionShown | None) -> dict[str, Any]:
    document = shown.document
    if document is None:
        raise Refused(_("This version cannot be read."))
    before = base.document if base is not None and base.id != shown.id else None
    member = member_of(request)
    waits = shown.state is State.PROPOSED
    may_sign = [
        side
        for side in (Side.SALES, Side.MARKETING)
        if waits and side in queries.rights_of(member).sides and not shown.signed_for(side)
    ]
    return {
        "version": shown,
        "base": base if before is not None else None,
        "clauses": queries.contract_of(document, before),
        "changes": queries.changes_between(before, document) if before is not None else (),
        "waits": waits,
        "is_whole": queries.hash_of(document) == shown.text_hash,
        "may_sign": may_sign,
        "signatures": [_signature(shown, side, waits=waits) for side in (Side.MARKETING, Side.SALES)],
    }


def _signature(shown: VersionShown, side: Side, *, waits: bool) -> dict[str, Any]:
    signed = shown.signed_for(side)
    words = {Side.SALES: _("for Sales"), Side.MARKETING: _("for Marketing")}[side]
    if signed:
        return {"side": words, "name": signed.name, "at": signed.at, "waits_for": ""}
    names = [member.name for member in team.signers(side)] if waits else []
    return {
        "side": words,
        "name": "",
        "at": None,
        "waits_for": _or(names) or (_("somebody with the right") if waits else ""),
    }


def _or(names: list[str]) -> str:
    *most, last = names or [""]
    return _("%(list)s or %(last)s") % {"list": ", ".join(most), "last": last} if most else last
