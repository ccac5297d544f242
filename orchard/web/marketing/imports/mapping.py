"""The two steps between upload and launch: saying what the columns become, and seeing what will be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orchard.connect import actions, csv, queries
from orchard.connect.csv.types import MapError, Problem, Row
from orchard.connect.models import Import
from orchard.connect.types import State
from orchard.contacts.types import ACCOUNT_FIELDS, CONTACT_FIELDS
from orchard.interactions.types import KINDS
from orchard.kit import clock
from orchard.web.marketing.imports.form import MOST_COLUMNS, Sheet, map_data, offers, sheet_from, sheet_of
from orchard.web.marketing.imports.words import STEPS
from orchard.web.request import member_of

# Of a file larger than this (bytes) the preview comes after the page, since all of it is read once.
AT_ONCE = 4_000_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, import_id: int) -> HttpResponse:
    """Say what each column becomes, as a form or (`?as=text`) as the text of the map."""
    made = queries.one(import_id)
    if made.state != State.DRAFT:
        return redirect("imports:show", import_id)
    if "sheet" in request.POST:
        actions.describe(import_id=import_id, map_text="", sheet=request.POST["sheet"], loud=made.loud)
        return redirect("imports:map", import_id)
    side = _edit_text if request.GET.get("as") == "text" else _edit_form
    return side(request, made, queries.look(made))


def _edit_form(request: HttpRequest, made: Import, look: queries.Look) -> HttpResponse:
    if request.method != "POST":
        map_ = csv.read_map(made.map_text) if made.map_text else look.map
        return _page(request, made, look, sheet_of(map_, look))
    sheet = sheet_from(request.POST, look)
    if request.POST.get("act") or request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return _page(request, made, look, sheet)
    text = yaml.safe_dump(map_data(sheet), sort_keys=False, allow_unicode=True)
    try:
        map_ = queries.check_map(made, text)
    except MapError as error:
        return _page(request, made, look, sheet, [problem.sentence for problem in error.problems])
    if sheet.has_errors:
        return _page(request, made, look, sheet)
    _describe(made, csv.as_yaml(map_), look.known)
    return redirect("imports:preview", made.id)


def _edit_text(request: HttpRequest, made: Import, look: queries.Look) -> HttpResponse:
    problems: list[Problem] = []
    text = made.map_text or (csv.as_yaml(look.map) if look.map else "contact:\n")
    if request.method == "POST":
        text = request.POST.get("map", "").replace("\r\n", "\n")
        try:
            queries.check_map(made, text)
        except MapError as error:
            problems = error.problems
        else:
            _describe(made, text, look.known)
            return redirect("imports:preview", made.id)
    context = {
        "steps": STEPS,
        "import": made,
        "look": look,
        "text": text,
        "problems": problems,
        "as_text": True,
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
    if request.method == "POST":
        _choose_loud(request, made)
        actions.launch(import_id=import_id, member_id=member_of(request).id, now=clock.now())
        return redirect("imports:show", import_id)
    if made.state != State.DRAFT:
        return redirect("imports:show", import_id)
    bare = request.htmx  # type: ignore[attr-defined]
    if not made.map_text:
        return redirect("imports:map", import_id)
    if not bare and queries.size_of(made) > AT_ONCE:
        return render(request, "imports/preview.html", {"import": made, "later": True, "steps": STEPS})
    found = queries.preview(made)
    context = {
        "steps": STEPS,
        "import": made,
        "found": found,
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
        more = [(name.replace("_", " "), str(value)) for name, value in row.campaign.items()]
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
    more = [(str(CONTACT_FIELDS.get(key, key)), str(value)) for key, value in person.items()]
    more += [
        (key.replace("_", " "), str(value))
        for key, value in (*row.custom.items(), *row.account_custom.items())
    ]
    more += [
        (_("%(field)s of the company") % {"field": ACCOUNT_FIELDS.get(key, key)}, str(value))
        for key, value in company.items()
    ]
    facts: list[tuple[str, datetime | None, str]] = [
        (KINDS[fact.kind].label, fact.at, fact.campaign or fact.content or "") for fact in row.facts
    ]
    for each in row.consents:
        words = _("Consents") if each.granted else _("Withdraws consent")
        facts.append((words, each.at, each.purpose))
    return Stored(row.number, name or (reach[0] if reach else employer), employer, reach, more, facts)
