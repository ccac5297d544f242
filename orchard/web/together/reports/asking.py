"""What the address of a report asks for, and how an address asks the same with something changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.kit.errors import Refused
from orchard.reports.queries.numbers import DIMENSIONS, Report
from orchard.reports.types import FIRST_DAY, LAST_DAY, Answer, Asked
from orchard.web.request import number_of

_DATE = {"type": "date"}
_HOUR = 3_600
_FAR_HOUR = 2_000_000  # some day of the year 2198
_NO_DAY = gettext_lazy("A day is written like 2026-11-02.")
_FAR = gettext_lazy("Reports tell of days between the years 1900 and 2200.")
_BOUNDS = (MinValueValidator(FIRST_DAY, _FAR), MaxValueValidator(LAST_DAY, _FAR))


class Choice(forms.Form):
    """What may be chosen above a report: its days, and what its lines are."""

    by = forms.ChoiceField(label=gettext_lazy("In groups by"), required=False)
    since = forms.DateField(
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

    def __init__(self, report: Report, data: QueryDict) -> None:
        """Make the form for one report; an address that asks for nothing gets the usual groups."""
        given = data.copy()
        given.setdefault("by", report.by)
        if report.quarterly and not {"since", "until"} & given.keys():
            given["since"] = _quarter_begins(timezone.localdate()).isoformat()
        super().__init__(given, auto_id="f_%s")
        self.fields["by"].choices = [(name, DIMENSIONS[name].label) for name in report.bys]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["by"].error_messages["invalid_choice"] = _("This report knows no such groups.")
        if len(report.bys) == 1:
            self.fields["by"].widget = forms.HiddenInput()
        self.fields["since"].label = _("%(what)s from") % {"what": report.days}


@dataclass(frozen=True, slots=True)
class Question:
    """An address's question: what it asks, and its own parts, so that others can be made of it."""

    asked: Asked
    parts: Mapping[str, str]
    says_since: bool = False
    """Whether an address without a first day would mean this quarter, so that an empty one must be written."""

    def with_(self, **changed: str | None) -> str:
        """Return the query of an address that asks the same but for what is changed; None leaves a part out."""
        parts = {**self.parts, **changed}
        kept = {
            name: value for name, value in parts.items() if value or (name == "since" and self.says_since)
        }
        return urlencode({name: value or "" for name, value in kept.items()})

    def at(self, answer: Answer, **changed: str | None) -> str:
        """Return the query of an address that asks of the moment of an answer, the same but for what is changed."""
        hour = str(int(answer.hour.timestamp()) // _HOUR) if answer.hour else None
        return self.with_(at=answer.stamp, hour=hour, **changed)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One thing by which a report is narrowed, and the query of the address without it."""

    name: str
    written: str
    label: str
    value: str
    without: str


def question_of(report: Report, query: QueryDict, *, viewer_id: int | None = None) -> Question:
    """Return what an address asks of a report; raises `Refused` with the sentence that says what is wrong.

    `viewer_id` is who asks, where it is somebody who does not see the broken promises of others by name.
    """
    form = Choice(report, query)
    if not form.is_valid():
        raise Refused(str(next(iter(form.errors.values()))[0]))
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    if since and until and until < since:
        raise Refused(_("The last day lies before the first. Give them the other way round."))
    narrowing = {name: str(query[name]) for name in report.bys if query.get(name)}
    asked = Asked(
        by=form.cleaned_data["by"] or report.by,
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1) if until else None),
        where={name: DIMENSIONS[name].read(text) for name, text in narrowing.items()},
        stamp=query.get("at", ""),
        viewer_id=viewer_id,
        hour=_hour(query.get("hour", "")),
    )
    parts = {name: form.data.get(name, "") for name in ("by", "since", "until")}
    hour = query.get("hour", "")
    return Question(asked, {**parts, **narrowing, "at": asked.stamp, "hour": hour}, report.quarterly)


def narrowed_by(question: Question) -> list[Narrowed]:
    """Return what a question is narrowed by, in words."""
    found = []
    for name, value in question.asked.where.items():
        dimension = DIMENSIONS[name]
        names = dimension.names([value])
        found.append(
            Narrowed(
                name,
                dimension.written(value),
                str(dimension.label),
                dimension.name_of(value, names),
                question.with_(**{name: None}),
            )
        )
    return found


def _hour(text: str) -> datetime | None:
    """Return the hour that an address keeps to, as hours since 1970."""
    number = number_of(text)
    if not text:
        return None
    if number is None or number > _FAR_HOUR:
        raise Refused(_("This link is broken. Open the report anew."))
    return datetime.fromtimestamp(_HOUR * number, UTC)


def _quarter_begins(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time()))
