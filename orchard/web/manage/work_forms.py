"""The fields by which territories and absences are written."""

from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from orchard.team.models import Territory as Row
from orchard.team.types import (
    OFFICE_HOURS,
    TEAM_LENGTH,
    Hours,
    TerritoryFields,
)
from orchard.web.ui.forms import time_zones


class Territory(forms.Form):
    """What a territory is called, and when people work there."""

    name = forms.CharField(label=_("Name"), max_length=TEAM_LENGTH)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    weekdays = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.TimeField(
        label=_("The working day begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=_("The working day ends"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("00:00 is midnight; a working day does not go over it."),
    )
    holidays_of = forms.CharField(
        label=_("Public holidays of"),
        required=False,
        max_length=10,
        help_text=_("A country as in AT, or a part of one as in DE-BY. Empty: no public holidays."),
    )
    days_off = forms.CharField(
        label=_("More days off"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "2026-12-24"}),
        help_text=_("One day in a line, as in 2026-12-24."),
    )

    countries = forms.CharField(
        label=_("Leads from"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "AT"}),
        help_text=_(
            "One country in a line, as the contacts have it. Leads that the agreement sends to the territory, or to "
            "nobody in particular, come to its members."
        ),
    )

    def clean_countries(self) -> tuple[str, ...]:
        """Return the countries, without empty lines."""
        lines = self.cleaned_data["countries"].splitlines()
        return tuple(" ".join(line.split()) for line in lines if line.strip())

    def clean_holidays_of(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["holidays_of"]).upper().replace(" ", "")

    def clean_days_off(self) -> tuple[date, ...]:
        """Return the days."""
        days = []
        for line in filter(None, map(str.strip, self.cleaned_data["days_off"].splitlines())):
            try:
                days.append(date.fromisoformat(line))
            except ValueError:
                raise ValidationError(
                    _now("“%(line)s” is no day; write 2026-12-24, alone in its line.") % {"line": line[:40]}
                ) from None
        return tuple(days)

    def fields_of_territory(self) -> TerritoryFields:
        """Return what was written. A day that ends at 00:00 ends at midnight."""
        given = self.cleaned_data
        hours = Hours(
            frozenset(int(day) for day in given["weekdays"]),
            _minutes(given["opens"]),
            _minutes(given["closes"]) or 24 * 60,
        )
        return TerritoryFields(
            given["name"],
            given["time_zone"],
            hours,
            given["holidays_of"],
            given["days_off"],
            given["countries"],
        )

    @staticmethod
    def initial_of(row: Row | None, *, time_zone: str) -> dict[str, object]:
        """Return what stands in the fields at first; a new territory has office hours in the zone of who makes it."""
        if row is None:
            row = Row(
                time_zone=time_zone,
                weekdays=sorted(OFFICE_HOURS.weekdays),
                opens=OFFICE_HOURS.opens,
                closes=OFFICE_HOURS.closes,
            )
        return {
            "name": row.name,
            "time_zone": row.time_zone,
            "weekdays": [str(day) for day in row.weekdays],
            "opens": time_of(row.opens),
            "closes": time_of(row.closes),
            "holidays_of": row.holidays_of,
            "days_off": "\n".join(map(str, row.days_off)),
            "countries": "\n".join(row.countries),
        }


class Away(forms.Form):
    """The first and the last day of an absence."""

    first = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The same day for a single one."),
    )


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def time_of(minutes: int) -> str:
    """Return minutes after midnight as a time of the day; the midnight that ends it is 00:00 too."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
