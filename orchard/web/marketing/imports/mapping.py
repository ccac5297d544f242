"""The two steps between upload and launch: saying what the columns become, and seeing what will be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orchard.connect import actions, csv, queries
from orchard.connect.csv.mapping.grammar import CAMPAIGN_FIELDS
from orchard.connect.csv.types import MapError, Problem, Row
from orchard.connect.models import Import
from orchard.connect.types import State
from orchard.contacts.types import ACCOUNT_FIELDS, CONTACT_FIELDS
from orchard.interactions.types import KINDS
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.words import said, voiced
from orchard.web.marketing.imports.form import (
    MOST_COLUMNS,
    Sheet,
    in_words_of_form,
    map_data,
    offers,
    reason_in_words_of_form,
    sheet_from,
    sheet_of,
)
from orchard.web.marketing.imports.words import STEPS
from orchard.web.request import member_of
from orchard.web.ui import toasts

# Of a file larger than this (bytes) the preview comes after the page, since all of it is read once.
AT_ONCE = 4_000_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, import_id: int) -> HttpResponse:
    """Say what each column becomes, as a form or (`?as=text`) as its text; `?from=nothing` leaves earlier maps out."""
    made = queries.one(import_id)
    if made.state != State.DRAFT:
        return _to_result(request, made)
    look = queries.look(made, anew=request.GET.get("from") == "nothing")
    if "sheet" in request.POST:
        if request.POST["sheet"] not in look.sheets:
            raise Refused(_("This workbook has no such sheet. Choose one of those listed."))
        actions.describe(import_id=import_id, map_text="", sheet=request.POST["sheet"], loud=made.loud)
        return redirect("imports:map", import_id)
    return (_edit_text if _is_text(request) else _edit_form)(request, made, look)


def _is_text(request: HttpRequest) -> bool:
    return request.GET.get("as") == "text"


def _to_result(request: HttpRequest, made: Import) -> HttpResponse:
    """Lead to the page of an import that was begun, saying why nothing was changed where something was sent."""
    if request.method == "POST":
        toasts.warn(request, queries.how_begun(made))
    return redirect("imports:show", made.id)


def _drawn(request: HttpRequest, made: Import, look: queries.Look) -> csv.ImportMap | None:
    """Return the map to begin with: what was said already, else what is offered, new ones in the member's zone."""
    if made.map_text:
        return csv.read_map(made.map_text)
    if look.map is None or look.earlier:
        return look.map
    return look.map.model_copy(update={"time_zone": member_of(request).time_zone})


def _edit_form(request: HttpRequest, made: Import, look: queries.Look) -> HttpResponse:
    if request.method != "POST":
        zone = member_of(request).time_zone
        return _page(request, made, look, sheet_of(_drawn(request, made, look), look, zone))
    sheet = sheet_from(request.POST, look)
    if request.POST.get("act") or request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return _page(request, made, look, sheet)
    text = yaml.safe_dump(map_data(sheet), sort_keys=False, allow_unicode=True)
    if sheet.has_errors:
        return _page(request, made, look, sheet)
    try:
        map_ = queries.check_map(made, text)
    except MapError as error:
        return _page(request, made, look, sheet, list(map(in_words_of_form, error.problems)))
    _describe(made, csv.as_yaml(map_), look.known)
    return redirect("imports:preview", made.id)


def _edit_text(request: HttpRequest, made: Import, look: queries.Look) -> HttpResponse:
    problems: list[Problem] = []
    map_ = _drawn(request, made, look)
    blank = f"contact:\ntime_zone: {member_of(request).time_zone}\n"
    text = made.map_text or (csv.as_yaml(map_) if map_ else blank)
    if request.method == "POST":
        text = request.POST.get("map", "").replace("\r\n", "\n")
        try:
            queries.check_map(made, text)
        except MapError as error:
            problems = error.problems
        else:
            _describe(made, text, look.known)
            return redirect(f"{reverse('imports:preview', args=[made.id])}?as=text")
    context = {
        "steps": STEPS,
        "import": made,
        "look": look,
        "text": text,
        "problems": problems,
        "as_text": True,
        "anew": "from" in request.GET,
    }
    return render(request, "imports/map_text.html", context, status=422 if problems else 200)


def _describe(made: Import, text: str, known: str) -> None:
    actions.describe(import_id=made.id, map_text=text, sheet=made.sheet, known=known, loud=made.loud)


def _page(
    request: HttpRequest, made: Import, look: queries.Look, sheet: Sheet, sentences: Sequence[str] = ()
) -> HttpResponse:
    bare = request.htmx  # type: ignore[attr-defined]
    context = {
        "steps": STEPS,
        "import": made,
        "look": look,
        "sheet": sheet,
        "sentences": sentences,
        "anew": "from" in request.GET,
        "hidden_columns": max(0, len(look.header) - MOST_COLUMNS),
        **offers(look.header),
    }
    wrong = bool(sentences) or sheet.has_errors
    template = "imports/map_form.html" if bare else "imports/map.html"
    return render(request, template, context, status=422 if wrong else 200)


@dataclass(frozen=True, slots=True)
class Stored:
    """One row as it will be stored, in words."""

    number: int
    name: str
    company: str
    reach: list[str]
    more: list[tuple[str, str]]
    facts: list[tuple[str, datetime | None, str]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show what will be stored; by POST start the import."""
    made = queries.one(import_id)
    if made.state != State.DRAFT:
        return _to_result(request, made)
    if request.method == "POST":
        _choose_loud(request, made)
        actions.launch(import_id=import_id, member_id=member_of(request).id, now=clock.now())
        return redirect("imports:show", import_id)
    bare = request.htmx  # type: ignore[attr-defined]
    as_text = _is_text(request)
    if not made.map_text:
        return redirect("imports:map", import_id)
    if not bare and queries.size_of(made) > AT_ONCE:
        context = {"import": made, "later": True, "steps": STEPS, "as_text": as_text}
        return render(request, "imports/preview.html", context)
    found = queries.preview(made)
    context = {
        "steps": STEPS,
        "import": made,
        "as_text": as_text,
        "found": found,
        "remarks": [(said(words), count) for words, count in found.remarks],
        "problems": list(map(str if as_text else in_words_of_form, found.problems)),
        "rejects": [
            (each.number, said(each.reason) if as_text else reason_in_words_of_form(each.reason))
            for each in found.rejects
        ],
        "stored": [_stored(row) for row in found.shown],
    }
    return render(request, "imports/preview_found.html" if bare else "imports/preview.html", context)


def _choose_loud(request: HttpRequest, made: Import) -> None:
    actions.describe(
        import_id=made.id,
        map_text=made.map_text,
        sheet=made.sheet,
        known=made.known,
        loud=bool(request.POST.get("loud")),
    )


def _stored(row: Row) -> Stored:
    person, company = dict(row.contact), dict(row.account)
    if row.campaign:
        more = [(_campaign_words(name), str(value)) for name, value in row.campaign.items()]
        return Stored(row.number, str(row.campaign.get("name") or row.campaign.get("code")), "", [], more, [])
    name = str(person.pop("full_name", "") or "")
    for part in ("first_name", "last_name"):
        person.pop(part, None)
    employer = str(company.pop("name", "") or company.get("domain", ""))
    reach = [
        *(email.normal for email in row.emails),
        *(phone.normal or phone.typed for phone in row.phones),
        *(f"{each.source} {each.value}" for each in row.external_ids),
    ]
    more = [(voiced(CONTACT_FIELDS.get(key, key)), str(value)) for key, value in person.items()]
    more += [
        (key.replace("_", " "), str(value))
        for key, value in (*row.custom.items(), *row.account_custom.items())
    ]
    more += [
        (_("%(field)s of the company") % {"field": voiced(ACCOUNT_FIELDS.get(key, key))}, str(value))
        for key, value in company.items()
    ]
    facts: list[tuple[str, datetime | None, str]] = [
        (KINDS[fact.kind].label, fact.at, fact.campaign or fact.content or "") for fact in row.facts
    ]
    for each in row.consents:
        words = _("Consents") if each.granted else _("Withdraws consent")
        facts.append((words, each.at, each.purpose))
    return Stored(row.number, name or (reach[0] if reach else employer), employer, reach, more, facts)


def _campaign_words(name: str) -> str:
    return voiced(CAMPAIGN_FIELDS.get(name, name.replace("_", " ")))
