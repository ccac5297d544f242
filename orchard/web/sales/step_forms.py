"""The fields by which steps are planned and what happened is logged."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orchard.kit.languages import dated
from orchard.kit.words import voiced
from orchard.tasks.types import PLACE_LENGTH, TITLE_LENGTH, Aside, Happened, NewStep, Step, What
from orchard.team import queries as team
from orchard.team.queries import Filter
from orchard.web.marketing.seen import Seen

_MEMBERS = 500
_WORDS = 5_000
_OTHER = "other"
_FITS = "fits"

HAPPENED = (
    (Happened.REACHED, _("Call, reached")),
    (Happened.NO_ANSWER, _("Call, no answer")),
    (Happened.HELD, _("Met")),
    (Happened.MISSED, _("Did not come")),
    (Happened.MAIL, _("Mail written")),
)
_CALLED = ((What.CALL, _("Call")), (What.MAIL, _("Mail")), (What.TODO, _("To do")))


def next_days(today: date) -> list[tuple[str, date]]:
    """Return the days that are one tap away, each with its words."""
    month = today.month % 12 + 1
    year = today.year + (today.month == 12)  # noqa: PLR2004 - December
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return [
        (_now("tomorrow"), today + timedelta(days=1)),
        (_now("in 3 days"), today + timedelta(days=3)),
        (_now("in a week"), today + timedelta(days=7)),
        (_now("next month"), date(year, month, min(today.day, last))),
    ]


class StepForm(Seen):
    """What a step says: its day or, for a meeting, begin and end on that day, and who does it."""

    what = forms.ChoiceField(
        label=_("What"), choices=[(each.value, _(each.label)) for each in What], widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("until when", "To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(
        label=_("Place or link"),
        required=False,
        max_length=PLACE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    member = forms.TypedChoiceField(label=_("Who does it"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer whoever is here, and whoever holds the step."""
        super().__init__(*args, **kwargs)
        here = [(each.pk, each.name) for each in team.members(Filter(active=True), size=_MEMBERS).rows]
        holder = self.initial.get("member")
        if holder is not None and holder not in {each for each, _name in here}:
            here.append((holder, team.member(holder).name))
        self.fields["member"].choices = here  # type: ignore[attr-defined]  # declared above
        for name in ("begins", "ends"):
            self.fields[name].required = not self.is_bound or self.data.get("what") == What.MEETING

    def new_step(self) -> NewStep:
        """Return what was written; times are those of the reader's zone."""
        given = self.cleaned_data
        meets = given["what"] == What.MEETING
        return NewStep(
            what=What(given["what"]),
            due_on=given["due_on"],
            title=given["title"],
            starts_at=_moment(given["due_on"], given["begins"]) if meets else None,
            ends_at=_moment(given["due_on"], given["ends"]) if meets else None,
            place=given["place"] if meets else "",
            member_id=given["member"],
        )

    @staticmethod
    def initial_of(step: Step) -> dict[str, object]:
        """Return what stands in a step."""
        begins = timezone.localtime(step.starts_at) if step.starts_at else None
        ends = timezone.localtime(step.ends_at) if step.ends_at else None
        return {
            "what": step.what.value,
            "title": step.title,
            "due_on": begins.date() if begins else step.due_on,
            "begins": begins.time() if begins else None,
            "ends": ends.time() if ends else None,
            "place": step.place,
            "member": step.member_id,
            "seen": step.seen.isoformat(),
        }


class LogForm(forms.Form):
    """What happened with a contact, what was said, and what comes next."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)
    happened = forms.ChoiceField(
        label=_("What happened"),
        choices=[(each.value, words) for each, words in HAPPENED],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=_WORDS,
        help_text=_("Enter stores it, Shift and Enter begin a new line."),
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "data-enter-sends": True}),
    )
    does = forms.ChoiceField(
        label=_("With it is done"),
        required=False,
        help_text=_("A step stays open where nobody answered or came."),
    )
    next_on = forms.ChoiceField(label=_("Next step"), required=False, widget=forms.RadioSelect)
    next_day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    next_what = forms.ChoiceField(
        label=_("By"), required=False, choices=[(each.value, words) for each, words in _CALLED]
    )
    next_title = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    at = forms.DateTimeField(
        label=_("When it was"),
        required=False,
        help_text=_("Empty: just now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(
        self, *args: Any, today: date, steps: list[Step], chosen: Step | None, **kwargs: Any
    ) -> None:
        """Offer the days that are near, and the open steps with this contact."""
        super().__init__(*args, **kwargs)
        self.fields["next_on"].choices = [  # type: ignore[attr-defined]  # declared above, as the next
            ("", _now("none")),
            *((day.isoformat(), f"{words}, {dated(day, 'D j M')}") for words, day in next_days(today)),
            (_OTHER, _now("another day")),
        ]
        if steps:
            self.fields["does"].choices = [  # type: ignore[attr-defined]
                (_FITS, _now("the due step that fits")),
                ("", _now("no step")),
                *((str(each.id), f"{voiced(each.words)}, {dated(each.due_on, 'j M')}") for each in steps),
            ]
            self.initial.setdefault("does", str(chosen.id) if chosen else _FITS)
        else:
            del self.fields["does"]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where another one was chosen, and for words where there is something to do."""
        given = super().clean() or self.cleaned_data
        if given.get("next_on") == _OTHER and not given.get("next_day"):
            self.add_error("next_day", _("Choose the day of the next step."))
        if given.get("next_on") and given.get("next_what") == What.TODO and not given.get("next_title"):
            self.add_error("next_title", _("Say what is to be done."))
        return given

    @property
    def what_happened(self) -> Happened:
        """What happened."""
        return Happened(self.cleaned_data["happened"])

    @property
    def step_done(self) -> int | str:
        """The id of the step that is done by it, the empty text, or `fits`."""
        chosen = self.cleaned_data.get("does", "")
        return int(chosen) if chosen.isdigit() else str(chosen)

    def next_step(self) -> NewStep | None:
        """Return the next step, if one was wished."""
        given = self.cleaned_data
        if not given["next_on"]:
            return None
        day = given["next_day"] if given["next_on"] == _OTHER else date.fromisoformat(given["next_on"])
        return NewStep(What(given["next_what"] or What.CALL), day, given["next_title"])


class AsideForm(forms.Form):
    """Until when somebody is left out of the day, and why."""

    until_on = forms.ChoiceField(label=_("Until"), widget=forms.RadioSelect)
    until_day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.ChoiceField(
        label=_("Why"),
        choices=[(each.value, _(each.label)) for each in Aside],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Marketing reads it, and whoever talks to them next."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer the days that are near."""
        super().__init__(*args, **kwargs)
        self.fields["until_on"].choices = [  # type: ignore[attr-defined]  # declared above
            *((day.isoformat(), f"{words}, {dated(day, 'D j M')}") for words, day in next_days(today)),
            (_OTHER, _now("another day")),
        ]
        self.initial.setdefault("until_on", next_days(today)[0][1].isoformat())

    def clean(self) -> dict[str, Any]:
        """Ask for the day where another one was chosen, and for words where no reason fits."""
        given = super().clean() or self.cleaned_data
        if given.get("until_on") == _OTHER and not given.get("until_day"):
            self.add_error("until_day", _("Choose the day on which they stand here again."))
        if given.get("why") == Aside.OTHER and not given.get("words"):
            self.add_error("words", _("Say why in your words."))
        return given

    def until(self) -> date:
        """Return the day that was chosen."""
        given = self.cleaned_data
        if given["until_on"] == _OTHER:
            return given["until_day"]  # type: ignore[no-any-return]  # a date field gives dates
        return date.fromisoformat(given["until_on"])


class DropForm(forms.Form):
    """Why a step is dropped."""

    reason = forms.CharField(label=_("Why"), required=False, max_length=TITLE_LENGTH)


def _moment(day: date, at: time | None) -> datetime | None:
    return None if at is None else timezone.make_aware(datetime.combine(day, at))
