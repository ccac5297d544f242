"""The fields by which the weekly meeting is written down."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from orchard.tasks.types import TITLE_LENGTH
from orchard.team import queries as team
from orchard.team.queries import Filter
from orchard.web.marketing.seen import Seen
from orchard.weekly.types import LONGEST_NOTE, DecisionShown, NoteShown

_MEMBERS = 500


class NoteForm(forms.Form):
    """A new note."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    words = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST_NOTE,
        error_messages={"required": _("Write what was said.")},
        help_text=_("Enter stores it, Shift and Enter begin a new line."),
        widget=forms.Textarea(attrs={"rows": 3, "data-enter-sends": True}),
    )


class NoteAnew(Seen):
    """A note that is written anew."""

    words = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST_NOTE,
        error_messages={"required": _("Write what was said.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    @staticmethod
    def initial_of(note: NoteShown) -> dict[str, object]:
        """Return what stands in a note."""
        return {"words": note.words, "seen": note.seen.isoformat()}


class DecisionFields(forms.Form):
    """What is decided, by whom it is done, and until when."""

    words = forms.CharField(
        label=_("What is decided"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Say what is decided.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    owner = forms.TypedChoiceField(
        label=_("Who does it"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("It stands in their tasks."),
    )
    due_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A day is written like 2026-11-27.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer whoever is here, and whoever has it already."""
        super().__init__(*args, **kwargs)
        here = [(each.pk, each.name) for each in team.members(Filter(active=True), size=_MEMBERS).rows]
        owner = self.initial.get("owner")
        if owner is not None and owner not in {each for each, _name in here}:
            here.append((owner, team.member(owner).name))
        self.fields["owner"].choices = [("", _now("nobody yet")), *here]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def said(self) -> str:
        """What is decided."""
        return str(self.cleaned_data["words"])

    @property
    def owner_id(self) -> int | None:
        """Who does it."""
        owner: int | None = self.cleaned_data["owner"]
        return owner

    @property
    def until(self) -> date | None:
        """Until when."""
        day: date | None = self.cleaned_data["due_on"]
        return day


class DecisionForm(DecisionFields):
    """A new decision."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class DecisionAnew(DecisionFields, Seen):
    """A decision that is changed."""

    @staticmethod
    def initial_of(decision: DecisionShown) -> dict[str, object]:
        """Return what stands in a decision."""
        return {
            "words": decision.words,
            "owner": decision.owner_id,
            "due_on": decision.due_on,
            "seen": decision.seen.isoformat(),
        }
