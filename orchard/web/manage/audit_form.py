"""By what the audit book can be narrowed; anything that makes no sense counts as not asked."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orchard.journal import queries as journal
from orchard.journal.queries import Wish
from orchard.reports import queries as reports
from orchard.reports.types import FIRST_DAY, LAST_DAY
from orchard.team import queries as team
from orchard.web.request import number_of

_DAY = {"type": "date"}
_MEMBERS = 500
NOBODY = "0"
"""What Orchard did by itself."""


class Narrow(forms.Form):
    """Who, what about, and when; `record` is the id of one record of that sort."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(label=_("What about"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(
        label=pgettext_lazy("until when", "To"), required=False, widget=forms.DateInput(attrs=_DAY)
    )
    record = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: QueryDict) -> None:
        """Offer the members there are, and the sorts of records that the book tells of."""
        super().__init__(data, auto_id="f_%s")
        people = team.members(team.Filter(), size=_MEMBERS).rows
        self._offer(
            "who",
            [
                ("", _now("everybody")),
                (NOBODY, _now("Orchard itself")),
                *((str(each.id), each.name) for each in people),
            ],
        )
        self._offer("kind", [("", _now("everything")), *((each, _named(each)) for each in journal.kinds())])

    def wish(self) -> Wish:
        """Return what is asked for, days by the member's own zone."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        until = given.get("until")
        return Wish(
            actor_id=number_of(given.get("who", "")),
            kind=given.get("kind", ""),
            subject_id=number_of(given.get("record", "")) if given.get("kind") else None,
            since=_begin_of(given.get("since")),
            before=_begin_of(until + timedelta(days=1) if until and until <= LAST_DAY else None),
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices


def _named(kind: str) -> str:
    words = reports.record_in_words(kind)
    return words[:1].upper() + words[1:]


def _begin_of(day: date | None) -> datetime | None:
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        return None
    return timezone.make_aware(datetime.combine(day, time()))
