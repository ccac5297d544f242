"""What the selects of the mapping form offer."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchard.connect.csv.mapping.grammar import CAMPAIGN_FIELDS, IMPORTABLE
from orchard.contacts import queries as contacts
from orchard.contacts.types import ACCOUNT_FIELDS, CONTACT_FIELDS, FieldType
from orchard.interactions.types import KINDS

Choice = tuple[str, str | Promise]

# The form shows so many columns; of a wider file the others are mapped in the text.
MOST_COLUMNS = 200

TYPES: tuple[Choice, ...] = (
    (FieldType.TEXT.value, gettext_lazy("text")),
    (FieldType.NUMBER.value, gettext_lazy("number")),
    (FieldType.DATE.value, gettext_lazy("date")),
    (FieldType.BOOLEAN.value, gettext_lazy("yes or no")),
    (FieldType.CHOICE.value, gettext_lazy("one of a list")),
)


def offers(header: list[str]) -> dict[str, Any]:
    """Return what each select offers: places for a column, kinds of facts, columns of the file."""
    return {
        "targets": _targets(),
        "kinds": [(name, KINDS[name].label) for name in IMPORTABLE],
        "types": TYPES,
        "header": header[:MOST_COLUMNS],
        "date_orders": (
            ("auto", _("find out; ask where it is not clear")),
            ("day_first", _("day first, 31/12/2026")),
            ("month_first", _("month first, 12/31/2026")),
        ),
        "number_marks": (
            ("auto", _("find out; ask where it is not clear")),
            ("1,234.5", "1,234.5"),
            ("1.234,5", "1.234,5"),
        ),
    }


def _targets() -> list[tuple[str, list[Choice]]]:
    own: dict[str, list[Choice]] = {"contact": [], "account": []}
    for each in contacts.custom_fields():
        prefix = "" if each.entity == "contact" else "account."
        own[each.entity].append((f"{prefix}custom.{each.name}", each.label))
    person: list[Choice] = [("email", _("e-mail")), ("phone", _("phone"))]
    person += [
        ("linkedin" if name == "linkedin_slug" else name, words) for name, words in CONTACT_FIELDS.items()
    ]
    company: list[Choice] = [
        (f"account.{name}", words) for name, words in ACCOUNT_FIELDS.items() if name != "currency"
    ]
    return [
        (_("The person"), [*person, ("external_id", _("id in another system"))]),
        (_("The company"), [*company, ("account.external_id", _("id of the company in another system"))]),
        (_("Our own fields"), [*own["contact"], ("custom.new", _("a new field of the person …"))]),
        (
            _("Our own fields of the company"),
            [*own["account"], ("account.custom.new", _("a new field of the company …"))],
        ),
        (_("A campaign"), [(f"campaign:{name}", words) for name, words in CAMPAIGN_FIELDS.items()]),
    ]
