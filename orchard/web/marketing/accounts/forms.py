"""The fields by which accounts are found and changed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.contacts.models import Account
from orchard.contacts.types import Entity
from orchard.kit.money import exponent, minor_units
from orchard.reports.types import AccountShow
from orchard.web.marketing.contacts.forms import OwnFields, offer_members
from orchard.web.marketing.exact import refuse_rounding
from orchard.web.marketing.seen import Seen

_LENGTHS = {"name": 200, "domain": 253, "industry": 120, "city": 120, "region": 120, "country": 60}


class Narrow(forms.Form):
    """Which accounts the list shows; anything that makes no sense counts as not asked."""

    words = forms.CharField(
        label=gettext_lazy("Company or web domain"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("the beginning of it")}),
    )
    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            (AccountShow.ALL.value, gettext_lazy("every company")),
            (AccountShow.RIPE.value, gettext_lazy("agreement met")),
            (AccountShow.MINE.value, gettext_lazy("mine")),
        ],
    )
    industry = forms.CharField(label=gettext_lazy("Industry"), required=False, max_length=120)
    country = forms.CharField(label=gettext_lazy("Country"), required=False, max_length=60)

    def chosen(self, name: str) -> str:
        """Return what was asked for under a name, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    def offer(self, name: str, values: list[str]) -> None:
        """Let a field name one of `values`, and whatever it names now."""
        now = self.chosen(name)
        offered = values if not now or now in values else [now, *values]
        choices = [("", _("any")), *((each, each) for each in offered)]
        self.fields[name].widget = forms.Select(choices=choices)


class Details(OwnFields):
    """What is known of an account."""

    entity = Entity.ACCOUNT
    name = forms.CharField(label=gettext_lazy("Company"), max_length=_LENGTHS["name"])
    domain = forms.CharField(
        label=gettext_lazy("Web domain"),
        required=False,
        max_length=_LENGTHS["domain"],
        help_text=gettext_lazy("Like acme.com."),
    )
    industry = forms.CharField(
        label=gettext_lazy("Industry"), required=False, max_length=_LENGTHS["industry"]
    )
    employees = forms.IntegerField(
        label=gettext_lazy("Employees"), required=False, min_value=0, max_value=100_000_000
    )
    annual_revenue = forms.DecimalField(
        label=gettext_lazy("Annual revenue"),
        required=False,
        max_digits=18,
        decimal_places=3,
    )
    currency = forms.RegexField(
        "^[A-Za-z]{3}$",
        label=gettext_lazy("Currency"),
        required=False,
        help_text=gettext_lazy("Three letters, like EUR."),
        error_messages={"invalid": gettext_lazy("Give the currency as three letters, like EUR.")},
    )
    city = forms.CharField(label=gettext_lazy("City"), required=False, max_length=_LENGTHS["city"])
    region = forms.CharField(label=gettext_lazy("Region"), required=False, max_length=_LENGTHS["region"])
    country = forms.CharField(label=gettext_lazy("Country"), required=False, max_length=_LENGTHS["country"])
    parent = forms.CharField(
        label=gettext_lazy("Belongs to"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The name of the company above it, as it stands in the list."),
    )
    owner_id = forms.ChoiceField(label=gettext_lazy("Looked after by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the members there are."""
        super().__init__(*args, **kwargs)
        offer_members(self.fields["owner_id"])

    def clean(self) -> dict[str, Any]:
        """Ask for the currency of a revenue."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            given.get("annual_revenue") is not None
            and not given.get("currency")
            and "currency" not in self.errors
        ):
            self.add_error("currency", _("Give the currency of the revenue, like EUR."))
        refuse_rounding(self, "annual_revenue")
        return given

    def changes(self) -> dict[str, Any]:
        """Return the fields as they shall be; the company above is resolved by the view."""
        given = self.cleaned_data
        currency = given["currency"].upper() or None
        revenue = given["annual_revenue"]
        return {
            **self.values(_LENGTHS),
            "employees": given["employees"],
            "annual_revenue": None if revenue is None else minor_units(revenue, currency or ""),
            "currency": currency,
            "owner_id": int(given["owner_id"]) if given["owner_id"] else None,
        }


class Site(forms.Form):
    """One more place where an account works."""

    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=120)
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=120, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=60, required=False)


class ExternalId(forms.Form):
    """What an account is called in another system."""

    source = forms.CharField(label=gettext_lazy("System"), max_length=60)
    value = forms.CharField(label=gettext_lazy("Its id there"), max_length=200)


class Changed(Seen, Details):
    """What is known of an account that stands there already."""


def initial_of(account: Account) -> dict[str, Any]:
    """Return what the form shows of an account."""
    revenue, currency = account.annual_revenue, account.currency or ""
    shown = None if revenue is None else Decimal(revenue) / 10 ** exponent(currency)
    return {
        **{name: getattr(account, name) or "" for name in _LENGTHS},
        "employees": account.employees,
        "annual_revenue": shown,
        "currency": currency,
        "parent": account.parent.name if account.parent else "",
        "owner_id": str(account.owner_id or ""),
        "seen": account.updated_at.isoformat(),
        **{
            f"custom.{name}": str(value).lower() if isinstance(value, bool) else value
            for name, value in account.custom.items()
        },
    }
