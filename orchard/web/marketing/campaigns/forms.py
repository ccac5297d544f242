"""The fields by which campaigns are added, changed and moved, and by which their cost is booked."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.campaigns.models import Campaign
from orchard.campaigns.types import Branch
from orchard.kit.money import exponent, minor_units
from orchard.web.marketing.campaigns.words import STANDING
from orchard.web.marketing.contacts.forms import offer_members
from orchard.web.marketing.exact import refuse_rounding
from orchard.web.marketing.seen import Seen

_PLAIN = ("name", "code", "type", "channel", "starts_on", "ends_on", "status")
_DATE = {"type": "date"}
_CURRENCY = "^[A-Za-z]{3}$"
_NO_CURRENCY = gettext_lazy("Give the currency as three letters, like EUR.")
_INDENT = "\u2003"


class Details(forms.Form):
    """What a campaign is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("By which files and links name it. Without one, the name makes it."),
    )
    parent = forms.ChoiceField(label=gettext_lazy("Part of"), required=False)
    type = forms.CharField(
        label=gettext_lazy("Kind"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Like ad, show, mailing, webinar."),
        widget=forms.TextInput(attrs={"list": "kinds"}),
    )
    channel = forms.CharField(
        label=gettext_lazy("Channel"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Like web, email, print, show."),
        widget=forms.TextInput(attrs={"list": "channels"}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[(value, words) for value, (words, _tone) in STANDING.items()]
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Starts on"),
        required=False,
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Ends on"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    planned = forms.DecimalField(
        label=gettext_lazy("Planned cost"), required=False, min_value=0, max_digits=15, decimal_places=3
    )
    currency = forms.RegexField(
        _CURRENCY,
        label=gettext_lazy("Currency"),
        required=False,
        help_text=gettext_lazy("Three letters, like EUR."),
        error_messages={"invalid": _NO_CURRENCY},
    )
    owner_id = forms.ChoiceField(label=gettext_lazy("Looked after by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the members there are."""
        super().__init__(*args, **kwargs)
        offer_members(self.fields["owner_id"])

    def clean(self) -> dict[str, Any]:
        """Ask for the currency of a cost, and for days in their order."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("planned") and not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Give the currency of the planned cost, like EUR."))
        refuse_rounding(self, "planned")
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("This day lies before the start."))
        return given

    def changes(self) -> dict[str, Any]:
        """Return the fields as they shall be."""
        given = self.cleaned_data
        currency = given["currency"].upper()
        planned = given["planned"]
        parent = {"parent_id": int(given["parent"]) if given["parent"] else None} if "parent" in given else {}
        return {
            **{name: given[name] for name in _PLAIN},
            **parent,
            "planned_cost": None if planned is None else minor_units(planned, currency),
            "currency": currency,
            "owner_id": int(given["owner_id"]) if given["owner_id"] else None,
        }


class Changed(Seen, Details):
    """What a campaign that stands there already is; its place in the tree is not asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for everything but the place."""
        super().__init__(*args, **kwargs)
        del self.fields["parent"]


class Move(forms.Form):
    """Where in the tree a campaign shall stand."""

    parent = forms.ChoiceField(label=gettext_lazy("Part of"), required=False)


class Cost(forms.Form):
    """An amount that was paid for a campaign."""

    what = forms.CharField(label=gettext_lazy("What was paid for"), max_length=200)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        max_digits=15,
        decimal_places=3,
        help_text=gettext_lazy("A refund is an amount below zero."),
    )
    currency = forms.RegexField(
        _CURRENCY, label=gettext_lazy("Currency"), error_messages={"invalid": _NO_CURRENCY}
    )
    on = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))

    def clean_amount(self) -> Decimal:
        """Refuse nothing as an amount."""
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Give an amount other than zero."))
        return amount

    def clean(self) -> dict[str, Any]:
        """Refuse what the currency cannot pay."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_rounding(self, "amount")
        return given


def offer_places(form: forms.Form, tree: Sequence[Branch], *, without: Collection[int] = ()) -> None:
    """Let `parent` name any campaign but those `without`, indented as in the tree."""
    field = form.fields["parent"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    field.choices = [
        ("", _("nothing: it stands at the top")),
        *((str(each.id), f"{_INDENT * each.depth}{each.name}") for each in tree if each.id not in without),
    ]


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """Return what the form shows of a campaign."""
    planned = campaign.planned_cost
    return {
        **{name: getattr(campaign, name) for name in _PLAIN},
        "planned": None if planned is None else Decimal(planned) / 10 ** exponent(campaign.currency),
        "currency": campaign.currency,
        "owner_id": str(campaign.owner_id or ""),
        "seen": campaign.updated_at.isoformat(),
    }
