"""The fields by which leads are returned, given to somebody, handed over and released."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orchard.kit.languages import dated
from orchard.leads.actions import Returned
from orchard.leads.queries import Choice, InHands
from orchard.leads.types import NOTE_LENGTH, RELEASED_AT_ONCE
from orchard.opportunities.queries import Sale
from orchard.team import queries as team
from orchard.team.models import Member


class GiveBack(forms.Form):
    """Why a lead comes back, and what the reason asks for."""

    reason = forms.ChoiceField(label=_("Why"), widget=forms.RadioSelect)
    wake_on = forms.DateField(
        label=_("Come back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day that the contact named. Until then nobody is offered the contact."),
    )
    note = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Marketing reads it, and whoever gets the contact next."),
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], now: datetime, **kwargs: Any) -> None:
        """Offer the reasons of the agreement; the day suggested is the end of the rest that it gives."""
        super().__init__(*args, **kwargs)
        self._choices, self._now = choices, now
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(each.reason, each.label) for each in choices]
        rests = [each.rest_days for each in choices if each.asks_day and each.rest_days]
        if rests:
            self.fields["wake_on"].initial = timezone.localdate(now) + timedelta(days=rests[0])

    def clean(self) -> dict[str, Any]:
        """Keep the day only for a reason that asks for one."""
        given = super().clean() or {}
        chosen = next((each for each in self._choices if each.reason == given.get("reason")), None)
        if chosen is not None and not chosen.asks_day:
            given["wake_on"] = None
        return given

    def rows(self) -> list[tuple[Choice, str, bool]]:
        """Return each reason with what will happen, in words, and whether it is chosen."""
        chosen = self["reason"].value()
        return [(each, what_will_happen(each, self._now), each.reason == chosen) for each in self._choices]


def what_will_happen(choice: Choice, now: datetime) -> str:
    """Say what a reason leads to, and when."""
    if choice.missing:
        return ngettext(
            "Needs %(missing)s more attempt: %(tried)s so far.",
            "Needs %(missing)s more attempts: %(tried)s so far.",
            choice.missing,
        ) % {"missing": choice.missing, "tried": choice.attempts}
    if choice.disqualifies:
        return _now("Ends it for good: the contact is not offered again.")
    if choice.asks_day:
        return _now("Rests until the day below; ripe then, it comes back as a new lead.")
    if not choice.rest_days:
        return _now("May come back as a new lead at once.")
    day = timezone.localdate(now) + timedelta(days=choice.rest_days)
    return _now("Rests until %(day)s; ripe then, it comes back as a new lead.") % {"day": _day(day)}


def what_happened(back: Returned) -> str:
    """Say what became of a lead that was returned."""
    if back.eligible_at is None:
        return _now("The lead is disqualified.")
    return _now("The lead is returned. The contact may come again from %(day)s.") % {
        "day": _day(timezone.localdate(back.eligible_at))
    }


class _MemberField(forms.TypedChoiceField):
    """Somebody who is switched on; those who take leads come first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def offer(self, nothing: str, people: Sequence[Member]) -> None:
        """Offer these members."""
        takers = [(str(each.id), each.name) for each in people if each.capacity]
        others = [(str(each.id), each.name) for each in people if not each.capacity]
        self.choices = [
            ("", nothing),
            *([(_now("Take leads"), takers)] if takers else []),
            *([(_now("Take none by turn"), others)] if others else []),
        ]


class Reassign(forms.Form):
    """Who gets a lead."""

    member = _MemberField(label=_("To"), help_text=_("Whatever the capacity. The clock starts anew."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the members there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        assert isinstance(field, _MemberField)  # noqa: S101 - declared above
        field.offer(_now("choose"), team.sellers())

    def chosen_name(self) -> str:
        """Return whom it was given to."""
        return team.member(self.cleaned_data["member"]).name


class HandOver(forms.Form):
    """Who gets each lead and sale of a desk; `everything` fills those that name nobody, and gets the steps left."""

    everything = _MemberField(label=_("All of it to"), required=False)

    def __init__(
        self, *args: Any, leads: Sequence[InHands], sales: Sequence[Sale], member_id: int, **kwargs: Any
    ) -> None:
        """Make one field for each lead and each sale."""
        super().__init__(*args, **kwargs)
        self._leads = {each.id: f"lead_{each.id}" for each in leads}
        self._sales = {each.id: f"sale_{each.id}" for each in sales}
        for name in (*self._leads.values(), *self._sales.values()):
            self.fields[name] = _MemberField(required=False)
        people = [each for each in team.sellers() if each.id != member_id]
        for name, field in self.fields.items():
            assert isinstance(field, _MemberField)  # noqa: S101 - made above
            field.offer(_now("nobody yet") if name == "everything" else _now("as above"), people)

    def clean(self) -> dict[str, Any]:
        """Refuse a list that moves nothing."""
        given = super().clean() or {}
        if not any(given.values()) and not self.errors:
            raise ValidationError(_now("Choose who gets them, all or one by one."))
        return given

    def leads(self) -> dict[int, int]:
        """Return who gets which lead."""
        return self._chosen(self._leads)

    def sales(self) -> dict[int, int]:
        """Return who gets which sale."""
        return self._chosen(self._sales)

    def rest(self) -> int | None:
        """Return who gets the steps that belong to neither."""
        chosen: int | None = self.cleaned_data["everything"]
        return chosen

    def field_of_lead(self, lead_id: int) -> forms.BoundField:
        """Return the field of a lead."""
        return self[self._leads[lead_id]]

    def field_of_sale(self, sale_id: int) -> forms.BoundField:
        """Return the field of a sale."""
        return self[self._sales[sale_id]]

    def _chosen(self, names: dict[int, str]) -> dict[int, int]:
        found = {each: self.cleaned_data[name] or self.rest() for each, name in names.items()}
        return {each: member for each, member in found.items() if member}


class Release(forms.Form):
    """How many stale leads are let out."""

    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=RELEASED_AT_ONCE)


def _day(day: date) -> str:
    return dated(day, "j F Y")
