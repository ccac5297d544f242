"""The fields by which contacts are found and changed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orchard.contacts import queries as contacts
from orchard.contacts.models import Contact
from orchard.contacts.types import CONTACT_FIELDS, Entity, FieldType, Seniority
from orchard.kit import clock
from orchard.reports.types import Show
from orchard.team import queries as team
from orchard.team.queries import Filter
from orchard.web.marketing.seen import Seen

_LENGTHS = {"full_name": 200, "title": 200, "department": 120, "city": 120, "country": 60, "language": 35}
_YES_NO = [("", _("not known")), ("true", _("yes")), ("false", _("no"))]
_MEMBERS = 500
_EARLIEST = 1900


class Narrow(forms.Form):
    """Which contacts the list shows; anything that makes no sense counts as not asked."""

    words = forms.CharField(
        label=_("Name, company or e-mail"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("the beginning of it")}),
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            (Show.ALL.value, _("everybody")),
            (Show.RIPE.value, _("agreement met")),
            (Show.BASKET.value, _("in the basket")),
            (Show.MINE.value, _("mine")),
        ],
    )

    def chosen(self, name: str) -> str:
        """Return what was asked for under a name, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))


class OwnFields(forms.Form):
    """A form whose last fields are those that the company declared for a kind of record."""

    entity: Entity

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the declared fields."""
        super().__init__(*args, **kwargs)
        self.own = contacts.custom_fields(self.entity)
        for each in self.own:
            self.fields[f"custom.{each.name}"] = _own_field(each.label, each.type, each.choices)

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what was filled in, by field, empty ones as None."""
        own = {f"custom.{each.name}": each.type for each in self.own}
        given = self.cleaned_data
        plain = {name: given[name] or None for name in names}
        return plain | {name: _own_value(given[name], sort) for name, sort in own.items()}

    def fill(self, values: Mapping[str, Any], custom: Mapping[str, Any]) -> None:
        """Show what stands in the record; what a choice does not offer any more is offered, so that it stays."""
        self.initial = {**self.initial, **values}
        for each in self.own:
            value = custom.get(each.name)
            self.initial[f"custom.{each.name}"] = str(value).lower() if isinstance(value, bool) else value
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and (stands := str(self.initial.get(name) or "")):
                _offer(field, stands, self.label_of(name, stands))

    def label_of(self, name: str, value: str) -> str:  # noqa: ARG002 - for forms that know better
        """Return the words for a value that a choice does not offer any more."""
        return value


class Details(OwnFields):
    """What is known of a contact."""

    entity = Entity.CONTACT
    full_name = forms.CharField(label=_("Name"), required=False, max_length=_LENGTHS["full_name"])
    title = forms.CharField(label=_("Title"), required=False, max_length=_LENGTHS["title"])
    account = forms.CharField(
        label=_("Company"),
        required=False,
        max_length=200,
        help_text=_("A company that is not known yet is added."),
    )
    seniority = forms.ChoiceField(
        label=_("Seniority"),
        required=False,
        choices=[("", _("not known")), *((each.value, each.label) for each in Seniority)],
    )
    department = forms.CharField(label=_("Department"), required=False, max_length=_LENGTHS["department"])
    city = forms.CharField(label=_("City"), required=False, max_length=_LENGTHS["city"])
    country = forms.CharField(label=_("Country"), required=False, max_length=_LENGTHS["country"])
    language = forms.CharField(label=_("Language"), required=False, max_length=_LENGTHS["language"])
    linkedin_slug = forms.CharField(label=_("LinkedIn profile"), required=False, max_length=200)
    is_competitor = forms.ChoiceField(label=_("Works for a competitor"), required=False, choices=_YES_NO)
    owner_id = forms.ChoiceField(label=_("Looked after by"), required=False)

    FIELDS = tuple(name for name in CONTACT_FIELDS if name in _LENGTHS or name == "seniority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the members there are."""
        super().__init__(*args, **kwargs)
        offer_members(self.fields["owner_id"])

    def changes(self) -> dict[str, Any]:
        """Return the fields as they shall be; the company is resolved by the view."""
        given = self.cleaned_data
        return {
            **self.values((*self.FIELDS, "linkedin_slug")),
            "is_competitor": _truth(given["is_competitor"]),
            "owner_id": int(given["owner_id"]) if given["owner_id"] else None,
        }


class Changed(Seen, Details):
    """What is known of a contact that stands there already."""

    def __init__(self, contact: Contact, *args: Any, **kwargs: Any) -> None:
        """Show the contact as it is."""
        super().__init__(*args, **kwargs)
        self._contact = contact
        plain = {name: getattr(contact, name) or "" for name in (*self.FIELDS, "linkedin_slug")}
        competitor = contact.is_competitor
        self.fill(
            {
                **plain,
                "account": contact.account.name if contact.account else "",
                "is_competitor": "" if competitor is None else str(competitor).lower(),
                "owner_id": str(contact.owner_id or ""),
                "seen": contact.updated_at.isoformat(),
            },
            contact.custom,
        )

    def label_of(self, name: str, value: str) -> str:
        """Name the owner who was switched off."""
        return self._contact.owner.name if name == "owner_id" and self._contact.owner else value


class NewContact(Details):
    """What is known of somebody new."""

    email = forms.CharField(label=_("E-mail"), required=False, max_length=320)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    field_order = ("full_name", "email", "phone", "title", "account")


class Email(forms.Form):
    """One more address."""

    address = forms.CharField(
        label=_("E-mail"), max_length=320, widget=forms.TextInput(attrs={"type": "email"})
    )


class Phone(forms.Form):
    """One more number."""

    number = forms.CharField(label=_("Phone"), max_length=60, widget=forms.TextInput(attrs={"type": "tel"}))
    label = forms.CharField(label=_("Which"), max_length=40, required=False, help_text=_("Such as mobile."))


class ExternalId(forms.Form):
    """What the contact is called in another system."""

    source = forms.CharField(label=_("System"), max_length=60, help_text=_("Such as salesforce."))
    value = forms.CharField(label=_("Id there"), max_length=200)


class _Word(forms.Form):
    """A word about a consent: for what, where it was given, and when if not just now."""

    purpose = forms.CharField(label=_("For what"), max_length=40, help_text=_("Such as newsletter."))
    source = forms.CharField(
        label=_("Where it was said"), max_length=120, help_text=_("Such as: on the phone, form at the booth.")
    )
    at = forms.DateTimeField(
        label=_("When, if not now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_at(self) -> Any:
        """Refuse a word from the future; without a time it was said now."""
        at = self.cleaned_data["at"]
        if at and at > clock.now():
            raise forms.ValidationError(_("This lies ahead. Give the time at which it was said."))
        if at and at.year < _EARLIEST:
            raise forms.ValidationError(_("This lies before 1900. Look at the year."))
        return at


class ConsentGiven(_Word):
    """What a contact agreed to."""

    wording_version = forms.CharField(
        label=_("Version of the wording"), max_length=40, required=False, help_text=_("Such as 2026-05.")
    )
    wording = forms.CharField(
        label=_("The words they were shown"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConsentTakenBack(_Word):
    """What a contact does not agree to any more."""


def _offer(field: forms.ChoiceField, value: str, label: str) -> None:
    known = list(field.widget.choices)
    if value not in {str(each) for each, _label in known}:
        field.choices = [*known, (value, label)]


def offer_members(field: forms.Field) -> None:
    """Let a field name a member who is here."""
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    members = team.members(Filter(active=True), size=_MEMBERS).rows
    field.choices = [("", _("nobody")), *((str(each.id), each.name) for each in members)]


def _own_field(label: str, sort: str, choices: Iterable[str]) -> forms.Field:
    match FieldType(sort):
        case FieldType.NUMBER:
            return forms.DecimalField(label=label, required=False, max_digits=30, decimal_places=15)
        case FieldType.BOOLEAN:
            return forms.ChoiceField(label=label, required=False, choices=_YES_NO)
        case FieldType.DATE:
            return forms.DateField(
                label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            )
        case FieldType.CHOICE:
            offered = [("", _("not known")), *((each, each) for each in choices)]
            return forms.ChoiceField(label=label, required=False, choices=offered)
        case FieldType.TEXT:
            return forms.CharField(label=label, required=False)


def _own_value(value: Any, sort: str) -> Any:
    if value in ("", None):
        return None
    if sort == FieldType.BOOLEAN:
        return _truth(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if sort == FieldType.DATE else value


def _truth(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value)
