"""The pages of reports: the frame, the figures that follow as a fragment, the rows behind each number, and files."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from orchard.campaigns import queries as campaigns
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports.queries import numbers
from orchard.reports.queries.numbers import Report
from orchard.reports.types import Asked, Sheet
from orchard.web import permissions
from orchard.web.lists.files import XLSX_TYPE
from orchard.web.lists.page import Found, listing_page
from orchard.web.lists.wanted import Wanted
from orchard.web.request import member_of, number_of
from orchard.web.together.reports.asking import Choice, Question, narrowed_by, question_of
from orchard.web.together.reports.cells import laid
from orchard.web.together.reports.columns import BEHIND

ENDINGS = ("csv", "xlsx", "json")


@require_GET
def show(request: HttpRequest, report_name: str) -> HttpResponse:
    """Show the frame of a report; its figures follow as a fragment."""
    report, mistake, question = numbers.report(report_name), "", None
    try:
        question = _question(report, request)
    except Refused as error:
        mistake = error.sentence
    context = {
        "report": report,
        "choice": Choice(report, request.GET),
        "mistake": mistake,
        "narrowed": narrowed_by(question) if question else [],
        "query": request.GET.urlencode(),
    }
    return render(request, "reports/report.html", context, status=422 if mistake else 200)


@require_GET
def figures(request: HttpRequest, report_name: str) -> HttpResponse:
    """Show the figures of a report, with their pictures."""
    report = numbers.report(report_name)
    question = _with_sort(_question(report, request), request)
    answer = numbers.answer(report_name, question.asked, now=clock.now())
    same = question.at(answer)
    sheets = laid(answer, question, by=question.asked.by)
    context = {
        "report": report,
        "answer": answer,
        "sheets": [sheets[each] for each in report.shows if each in sheets and sheets[each].lines],
        "question": question,
        "by": question.asked.by,
        "page": reverse("reports:show", args=[report_name]),
        "files": [
            (ending, f"{reverse('reports:file', args=[report_name, ending])}?{same}") for ending in ENDINGS
        ],
        "any": report.quarterly or _counts_any(answer.sheets[0]),
        "is_narrowed": bool(question.asked.where or question.asked.since or question.asked.until),
    }
    return render(request, "reports/figures.html", context)


@listing_page(BEHIND)
def rows(request: HttpRequest, wanted: Wanted, report_name: str) -> Found:
    """List whom a number counts: `?number=qualified.entered&campaign=7`, `below=1` with all campaigns below it."""
    report = numbers.report(report_name)
    number = request.GET.get("number", report.number)
    question = _question(report, request)
    asked, campaign_ids = _with_branch(question, request)
    now = clock.now()
    found = numbers.people(report_name, number, asked, now=now, campaign_ids=campaign_ids)
    context = {
        "report": report,
        "found": found,
        "words": _words_of(report, number),
        "narrowed": narrowed_by(question),
        "back": _way_back(report, question),
        "stood": numbers.day_of(asked.hour, now) if report_name == "orchard" else None,
        "asked": asked,
        "last_day": asked.until and asked.until - timedelta(days=1),
    }
    return Found(partial(found.page, turned=not wanted.by.down), "reports/people.html", lambda: context)


@require_GET
def file(request: HttpRequest, report_name: str, ending: str) -> HttpResponse:
    """Give a report as a file: CSV of its lines, a workbook of all its sheets, or JSON with nothing rounded."""
    if ending not in ENDINGS:
        raise Http404
    question = _question(numbers.report(report_name), request)
    answer = numbers.answer(report_name, question.asked, now=clock.now())
    if ending == "json":
        response: HttpResponse = JsonResponse(answer.data())
    elif ending == "xlsx":
        response = HttpResponse(numbers.as_workbook(answer), content_type=XLSX_TYPE)
    else:
        response = HttpResponse(numbers.as_csv(answer), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{report_name}-{answer.pos}.{ending}"'
    return response


def _question(report: Report, request: HttpRequest) -> Question:
    member = member_of(request)
    sees_names = member.role in {role.value for role in permissions.MANAGERS}
    return question_of(report, request.GET, viewer_id=None if sees_names else member.pk)


def _with_sort(question: Question, request: HttpRequest) -> Question:
    return replace(question, parts={**question.parts, "sort": request.GET.get("sort", "")})


def _counts_any(sheet: Sheet) -> bool:
    values = (sheet.total or {"lines": len(sheet.rows)}).values()
    return any(isinstance(value, int) and value for value in values)


def _with_branch(question: Question, request: HttpRequest) -> tuple[Asked, list[int] | None]:
    """Return the question without its campaign, and the campaigns of its branch, where the address asks for both."""
    campaign = number_of(request.GET.get("campaign", ""))
    if "below" not in request.GET or campaign is None:
        return question.asked, None
    asked = question.asked
    where = {name: value for name, value in asked.where.items() if name != "campaign"}
    ids = [each.id for each in campaigns.branch(campaign, counted=False)]
    return replace(asked, where=where), ids


def _way_back(report: Report, question: Question) -> str:
    """Return where a number was read: the orchard has a page of its own."""
    if report.name == "orchard":
        return reverse("orchard:show")
    return f"{reverse('reports:show', args=[report.name])}?{question.with_(number=None)}"


def _words_of(report: Report, number: str) -> str:
    """Return what a number counts, in words."""
    stage, _dot, what = number.partition(".")
    return report.words(stage, what)
