"""The list of contacts, and the condition that narrows it."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect
from pydantic import ValidationError

from orchard.engine.conditions import Condition, in_words, problems_of, read
from orchard.engine.types import Catalogue
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries
from orchard.reports.types import Show, Wish
from orchard.segments import queries as segments
from orchard.web import permissions
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.marketing.contacts import forms
from orchard.web.marketing.contacts.columns import CONTACTS, told_by
from orchard.web.request import member_of, wants_fragment
from orchard.web.ui.conditions import Box, box_of, read_condition

_AT = "where"
_KEPT = ("words", "show", "sort", "columns", "view")


@listing_page(CONTACTS)
def listing(request: HttpRequest, wanted: Wanted) -> Found:
    """List contacts by words, choice and condition."""
    form, names = forms.Narrow(request.GET), segments.known()
    values = _values(request.GET)
    condition = None if values is None else read(values)
    wish = Wish(
        search=form.chosen("words"),
        show=Show(form.chosen("show")),
        member_id=member_of(request).id,
        condition=condition,
        by=wanted.by,
    )
    found = queries.contact_list(
        wish, now=clock.now(), walking=bool(wanted.cursor), tells=told_by(wanted.columns)
    )

    def context() -> dict[str, Any]:
        counts = found.counts()
        return {
            "narrow": form,
            "wish": wish,
            "counts": counts,
            "has_agreement": counts.has_agreement,
            "box": box_of(values, _AT, names),
            "in_words": in_words(condition, names) if condition is not None else "",
            "where": request.GET.get(_AT, ""),
            "kept": _kept(request.GET),
            "imports": _imports(request),
            "without": wanted.query(where="") if condition is not None else "",
            "save_as": _save_as(request) if condition is not None else "",
        }

    return Found(found.page, "contacts/list.html", context)


@require_POST
def narrow(request: HttpRequest) -> HttpResponse:
    """Do one act in the builder or draw it anew; asked to `go`, lead to the list that its condition leaves."""
    names = segments.known()
    values = read_condition(request.POST, _AT, names)
    if "go" not in request.POST:
        return _builder(request, values, names, {})
    mistakes = {} if values is None else _mistakes(values, names)
    if mistakes:
        return _builder(request, values, names, mistakes, status=422)
    query = _kept(request.POST) | (
        {} if values is None else {_AT: json.dumps(values, default=str, ensure_ascii=False)}
    )
    where = f"{reverse('contacts:list')}?{urlencode(query)}"
    return HttpResponseClientRedirect(where) if wants_fragment(request) else HttpResponseRedirect(where)


def _builder(
    request: HttpRequest, values: Any, names: Catalogue, mistakes: dict[str, list[str]], status: int = 200
) -> HttpResponse:
    template = "contacts/builder.html" if wants_fragment(request) else "contacts/narrow.html"
    box = box_of(values, _AT, names, errors=mistakes)
    context = {"box": box, "kept": _kept(request.POST), "focus": _focus(box, request.POST.get("act", ""))}
    return render(request, template, context, status=status)


def _focus(box: Box, act: str) -> str:
    """Return the row where somebody at the keyboard goes on after an act: the new one, else the first."""
    if not act:
        return ""
    at, _sign, what = act.partition("!")
    rows = [box]
    while rows:
        row = rows.pop()
        if row.at == at and what in ("add", "and", "group"):
            return (row.children[-1] if row.children else row).html_id
        rows += row.children + ([row.where] if row.where else [])
    return box.html_id


def _values(query: QueryDict) -> Any:
    """Return the condition that the address names, as plain values; None where it names none."""
    text = query.get(_AT, "")
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("The condition in this link cannot be read. Open the list anew.")) from error


def _mistakes(values: Any, names: Catalogue) -> dict[str, list[str]]:
    """Return what is wrong with a condition, by its place."""
    try:
        condition: Condition = read(values)
    except Refused as error:
        cause = error.__cause__
        problems = problems_of(cause) if isinstance(cause, ValidationError) else []
    else:
        problems = segments.problems_of_use(condition, names)
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.path, []).append(problem.sentence)
    return found


def _imports(request: HttpRequest) -> str:
    """Return where files are brought in, for whom may."""
    return reverse("imports:new") if permissions.may_open(member_of(request), "imports:new") else ""


def _save_as(request: HttpRequest) -> str:
    """Return where the condition is saved as a segment, for whom may."""
    if not permissions.may_open(member_of(request), "segments:new"):
        return ""
    return f"{reverse('segments:new')}?{urlencode({_AT: request.GET[_AT]})}"


def _kept(query: QueryDict) -> dict[str, str]:
    return {name: str(query[name]) for name in _KEPT if query.get(name)}
