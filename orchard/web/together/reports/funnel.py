"""The funnel by first campaign: the page, its figures as a fragment, and the contacts behind each number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from orchard.campaigns import queries as campaigns
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.reports import queries
from orchard.reports.queries import Reached
from orchard.reports.queries.funnel import Step
from orchard.reports.types import FIRST_DAY, LAST_DAY

UNKNOWN = "unknown"
_DATE = {"type": "date"}
_NO_DAY = gettext_lazy("A day is written like 2026-11-02.")
_FAR = gettext_lazy("The funnel tells of days between the years 1900 and 2200.")
_BOUNDS = (MinValueValidator(FIRST_DAY, _FAR), MaxValueValidator(LAST_DAY, _FAR))

REACHED: dict[Reached, str | Promise] = {
    Reached.ENTERED: gettext_lazy("Came in"),
    Reached.QUALIFIED: gettext_lazy("Qualified"),
    Reached.SKIPPED: gettext_lazy("Won without being a lead"),
    Reached.WON: gettext_lazy("Won"),
    Reached.EARLY: gettext_lazy("Won before we met"),
}
_SORTS: Mapping[str, Callable[[Step], Any]] = {
    "campaign": lambda step: (step.campaign or "").lower(),
    "entered": lambda step: step.entered,
    "qualified": lambda step: step.qualified,
    "won": lambda step: step.won,
    "share": lambda step: step.won_share,
}


class Days(forms.Form):
    """Of whom the funnel tells: who came in within these days."""

    since = forms.DateField(
        label=gettext_lazy("Came in from"),
        required=False,
        validators=_BOUNDS,
        error_messages={"invalid": _NO_DAY},
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("to"),
        required=False,
        validators=_BOUNDS,
        error_messages={"invalid": _NO_DAY},
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )


@dataclass(frozen=True, slots=True)
class Range:
    """The days chosen, as moments in the member's zone, and as the query of an address."""

    since: date | None
    until: date | None

    @property
    def begins(self) -> datetime | None:
        """Return the first moment."""
        return _midnight(self.since)

    @property
    def ends(self) -> datetime | None:
        """Return the first moment that is too late."""
        return _midnight(self.until + timedelta(days=1) if self.until else None)

    @property
    def query(self) -> str:
        """Return it as the beginning of a query, empty where no day is chosen."""
        days = {"since": self.since, "until": self.until}
        return urlencode({name: day.isoformat() for name, day in days.items() if day})


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the frame of the funnel; its figures follow as a fragment."""
    days, mistake = Days(request.GET or None, auto_id="f_%s"), ""
    try:
        chosen = _range(request.GET)
    except Refused as error:
        chosen, mistake = Range(None, None), str(error)
    context = {"days": days, "chosen": chosen, "mistake": mistake, "query": request.GET.urlencode()}
    return render(request, "reports/funnel.html", context, status=422 if mistake else 200)


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures and their picture."""
    chosen = _range(request.GET)
    found = queries.funnel_by_campaign(now=clock.now(), since=chosen.begins, until=chosen.ends)
    context = {
        "funnel": found,
        "rows": _sorted(found.rows, request.GET.get("sort", "")),
        "steps": _steps(found.total),
        "most": max((row.entered for row in found.rows), default=0),
        "chosen": chosen,
        "any_campaign": bool(campaigns.count()),
    }
    return render(request, "reports/figures.html", context)


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the contacts that a number counts: `?step=won&campaign=7`, `below=1` with all below it."""
    chosen, step = _range(request.GET), request.GET.get("step", Reached.ENTERED.value)
    if step not in set(Reached):
        raise Refused(_("This link names no step of the funnel. Open the funnel anew."))
    of, name = _of(request.GET)
    found = queries.funnel_people(
        reached=Reached(step),
        now=clock.now(),
        cursor=request.GET.get("cursor", ""),
        since=chosen.begins,
        until=chosen.ends,
        **of,
    )
    context = {"found": found, "words": REACHED[Reached(step)], "name": name, "chosen": chosen}
    return render(request, "reports/people.html", context)


def _range(query: QueryDict) -> Range:
    form = Days(query)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    chosen = Range(form.cleaned_data["since"], form.cleaned_data["until"])
    if chosen.since and chosen.until and chosen.until < chosen.since:
        raise Refused(_("The last day lies before the first. Give them the other way round."))
    return chosen


def _of(query: QueryDict) -> tuple[dict[str, Any], str]:
    """Return which first campaigns the address asks for, and their name."""
    given = query.get("campaign", "")
    if given == UNKNOWN:
        return {"unknown": True}, _("source not known")
    if not given:
        return {}, ""
    if not (given.isascii() and given.isdigit()):
        raise Refused(_("This link names no campaign. Open the funnel anew."))
    campaign = campaigns.campaign(int(given))
    ids = (
        [each.id for each in campaigns.branch(campaign.id, counted=False)]
        if "below" in query
        else [campaign.id]
    )
    return {"campaign_ids": ids}, campaign.name


def _sorted(rows: list[Step], sort: str) -> list[Step]:
    by = _SORTS.get(sort.removeprefix("-"))
    return sorted(rows, key=by, reverse=sort.startswith("-")) if by else rows


def _steps(total: Step) -> list[dict[str, Any]]:
    """Return the bars of the picture: how many, and which share of all and of the step before."""
    steps = [(Reached.ENTERED, total.entered), (Reached.QUALIFIED, total.qualified), (Reached.WON, total.won)]
    shown, before = [], None
    for reached, number in steps:
        share = number / total.entered if total.entered else 0
        shown.append(
            {
                "reached": reached.value,
                "words": REACHED[reached],
                "number": number,
                "width": f"{100 * share:.2f}",
                "share": share,
                "of_before": number / before if before else None,
            }
        )
        before = number
    return shown


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time()))
