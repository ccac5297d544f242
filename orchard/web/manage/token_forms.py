"""The fields by which a token is made."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from orchard.api.types import OFFERED, TOKEN_NAME, Scope, TokenFields
from orchard.kit import clock
from orchard.kit.words import Phrase
from orchard.team import queries as team
from orchard.team.types import UnknownMember


class Token(forms.Form):
    """Which system uses the token, for whom it acts, and what for."""

    name = forms.CharField(
        label=_("Name"), max_length=TOKEN_NAME, help_text=_("Which system uses it, such as Web forms.")
    )
    member = forms.CharField(
        label=_("Acts for"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email"}),
        help_text=_(
            "The login of a member. The token does what the role of that member allows, in his or her name."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May be used to"),
        choices=[
            (scope.value, Phrase("{words} ({scope})", words=scope.label, scope=scope.value))
            for scope in OFFERED
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: it works until it is withdrawn."),
    )

    def clean_member(self) -> int:
        """Return the member's id."""
        try:
            return team.member_by_email(self.cleaned_data["member"]).id
        except UnknownMember as error:
            raise ValidationError(error.sentence) from error

    def clean_last_day(self) -> datetime | None:
        """Return the end of the day, by the clock of who makes the token."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        if not 0 <= (day - timezone.localtime(clock.now()).date()).days < 3_660:  # noqa: PLR2004 - ten years
            raise ValidationError(_now("Give a day from today on, within ten years."))
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))

    def fields_of_token(self) -> TokenFields:
        """Return what was written."""
        given = self.cleaned_data
        return TokenFields(
            given["name"], given["member"], frozenset(map(Scope, given["scopes"])), given["last_day"]
        )
