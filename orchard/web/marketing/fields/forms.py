"""What is asked of a field that a company declares."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orchard.contacts import queries
from orchard.contacts.types import Entity, FieldType

_CHOICE = 80
TYPES = (
    (FieldType.TEXT.value, _("text")),
    (FieldType.NUMBER.value, _("number")),
    (FieldType.DATE.value, _("date")),
    (FieldType.BOOLEAN.value, _("yes or no")),
    (FieldType.CHOICE.value, _("one of a list")),
)


class Known(forms.Form):
    """What of a field may change once it holds values: what it is called, and what one can choose."""

    label = forms.CharField(label=_("What it is called"), max_length=80)
    choices = forms.CharField(
        label=_("What one can choose"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line; only for a field that is one of a list."),
    )

    def clean_choices(self) -> list[str]:
        """Return the lines without blank ones and repetitions."""
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        if any(len(line) > _CHOICE for line in lines):
            raise forms.ValidationError(_("A choice holds at most 80 letters."))
        return list(dict.fromkeys(line for line in lines if line))


class New(Known):
    """What of a field is settled when it is declared, since values of it are stored."""

    entity = forms.ChoiceField(
        label=_("About whom"),
        choices=[(Entity.CONTACT.value, _("contacts")), (Entity.ACCOUNT.value, _("accounts"))],
    )
    type = forms.ChoiceField(label=_("What it holds"), choices=TYPES)
    name = forms.CharField(
        label=_("Name in files and conditions"),
        max_length=60,
        help_text=_("Small letters, digits and _, such as contract_until. It cannot be changed later."),
    )
    field_order = ("label", "entity", "type", "choices", "name")

    def clean(self) -> dict[str, Any]:
        """Say it at the field, where a list lacks its choices or something else has some."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("type") == FieldType.CHOICE and not given.get("choices"):
            self.add_error("choices", _("Write what one can choose, one a line."))
        taken = {(field.entity, field.name) for field in queries.declared_fields()}
        if (given.get("entity"), given.get("name")) in taken:
            self.add_error("name", _("There is a field of this name already, maybe among those put away."))
        return given
