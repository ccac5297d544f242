"""The fields by which an opportunity is opened, changed, won and lost."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from orchard.kit.money import Money, exponent, minor_units
from orchard.opportunities.queries import Sale, SaleWhole
from orchard.opportunities.types import NAME_LENGTH, NOTE_LENGTH, Fields, Lost
from orchard.web.marketing.exact import refuse_rounding
from orchard.web.marketing.seen import Seen

NEW = "new"
_DATE = {"type": "date"}
_NO_CURRENCY = _("Give the currency as three letters, like EUR.")

LOST = (
    (Lost.PRICE.value, _("The price")),
    (Lost.COMPETITOR.value, _("They chose somebody else")),
    (Lost.NO_DECISION.value, _("They decided nothing")),
    (Lost.TIMING.value, _("Not now")),
    (Lost.NO_FIT.value, _("It does not fit")),
    (Lost.NO_CONTACT.value, _("Nobody answers any more")),
    (Lost.OTHER.value, _("Something else")),
)


class _Worth(forms.Form):
    """An amount with its currency."""

    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=0, max_digits=15, decimal_places=3
    )
    currency = forms.RegexField(
        "^[A-Za-z]{3}$",
        label=_("Currency"),
        required=False,
        help_text=_("Three letters, like EUR."),
        error_messages={"invalid": _NO_CURRENCY},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the currency of an amount, and refuse what it cannot pay."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("amount") and not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _NO_CURRENCY)
        refuse_rounding(self, "amount")
        return given

    def money(self) -> Money | None:
        """Return the amount."""
        amount, currency = self.cleaned_data["amount"], self.cleaned_data["currency"].upper()
        return None if amount is None or not currency else Money(minor_units(amount, currency), currency)


class Details(_Worth):
    """What an opportunity is about."""

    name = forms.CharField(
        label=_("What it is about"),
        max_length=NAME_LENGTH,
        help_text=_("As in “Two lines for the plant in Linz”."),
    )
    expected_on = forms.DateField(
        label=_("May be decided by"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    field_order = ["name", "amount", "currency", "expected_on"]

    def fields_of_sale(self) -> Fields:
        """Return what was written."""
        return Fields(self.cleaned_data["name"], self.money(), self.cleaned_data["expected_on"])


class Changed(Seen, Details):
    """What an opportunity that stands there already is."""

    @staticmethod
    def initial_of(whole: SaleWhole) -> dict[str, object]:
        """Return what stands in the fields at first."""
        return {
            "name": whole.sale.name,
            "expected_on": whole.sale.expected_on,
            "seen": whole.seen.isoformat(),
            **_initial_worth(whole.sale),
        }


class Convert(Details):
    """Whether a lead becomes an opportunity of its own or joins one that is open at the account."""

    to = forms.ChoiceField(label=_("It becomes"), widget=forms.RadioSelect, initial=NEW)
    field_order = ["to", "name", "amount", "currency", "expected_on"]

    def __init__(self, *args: Any, sales: Sequence[Sale], **kwargs: Any) -> None:
        """Offer the open sales of the account; without any there is nothing to choose."""
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        if not sales:
            del self.fields["to"]
            return
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        joins = [
            (
                str(each.id),
                _now("part of “%(name)s” of %(member)s") % {"name": each.name, "member": each.member}
                if each.name
                else _now("part of the opportunity of %(member)s") % {"member": each.member},
            )
            for each in sales
        ]
        field.choices = [(NEW, _now("an opportunity of its own")), *joins]

    def clean(self) -> dict[str, Any]:
        """Ask for a name where it becomes an opportunity of its own."""
        given = super().clean()
        if self.joins() is None and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _now("Give the opportunity a name, such as what it is about."))
        return given

    def joins(self) -> int | None:
        """Return the opportunity that it joins; None for one of its own."""
        chosen = self.cleaned_data.get("to", NEW)
        return None if chosen in ("", NEW) else int(chosen)


class Win(_Worth):
    """For what an opportunity was won, and when."""

    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the amount."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = self.fields["currency"].required = True

    @staticmethod
    def initial_of(sale: Sale, today: date) -> dict[str, object]:
        """Return what stands in the fields at first: what it may have been worth."""
        return {"on": today, **_initial_worth(sale)}


class Lose(forms.Form):
    """Why an opportunity was lost."""

    reason = forms.ChoiceField(label=_("Why"), choices=LOST, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Marketing reads it: what was missing becomes content, or another program."),
    )


def _initial_worth(sale: Sale) -> dict[str, object]:
    if sale.amount is None:
        return {}
    decimals = exponent(sale.amount.currency)
    whole = f"{sale.amount.minor / 10**decimals:.{decimals}f}"
    return {"amount": whole, "currency": sale.amount.currency}
