"""What fields of a record hold and held before, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import capfirst

from orchard.contacts import queries as contacts
from orchard.contacts.types import ACCOUNT_FIELDS, CONTACT_FIELDS, Entity, Seniority
from orchard.kit import codes, naming
from orchard.kit.words import Phrase, voiced
from orchard.reports.types import Replaced
from orchard.team import queries as team

MOST = 60
_SENIORITY = {each.value: each.label for each in Seniority}
_CODES: Mapping[str, Callable[[str], str]] = {
    "country": codes.country_name,
    "language": codes.language_name,
    "seniority": lambda code: _SENIORITY.get(code, code),
}
_MORE = {
    "account_id": Phrase("company"),
    "owner_id": Phrase("looked after by"),
    "parent_id": Phrase("belongs to"),
}


def labels_of(entity: Entity) -> dict[str, str]:
    """Return the words for every field of a contact or an account, the company's own among them."""
    fields = CONTACT_FIELDS if entity is Entity.CONTACT else ACCOUNT_FIELDS
    own = {f"custom.{field.name}": field.label for field in contacts.custom_fields(entity)}
    return {**fields, **_MORE, **own}


def in_words(values: dict[str, Any]) -> dict[str, str]:
    """Return values of fields as people read them: companies and members by their names, no value as a dash."""
    companies = contacts.account_names(
        values[name] for name in ("account_id", "parent_id") if values.get(name)
    )
    members = team.names([values["owner_id"]] if values.get("owner_id") else [])
    return {name: _said(name, value, companies, members) for name, value in values.items()}


def known_of(entity: Entity, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is known of a record, `said` by field, each under its label as the reader's language heads a line."""
    labels = labels_of(entity)
    return [
        (capfirst(voiced(labels.get(name, name.removeprefix("custom.")))), value)
        for name, value in said.items()
        if value
    ]


def past_of(entity: Entity, record_id: int) -> list[Replaced]:
    """Return what fields of a record held before, the last replaced first."""
    rows = contacts.history(entity, record_id, limit=MOST)
    labels = labels_of(entity) if rows else {}
    members = {row.value for row in rows if row.field == "owner_id"} | {row.member_id for row in rows}
    names = naming.names(
        [
            contacts.account_naming(
                row.value for row in rows if row.field in ("account_id", "parent_id") and row.value
            ),
            team.naming(each for each in members if each),
        ]
    )
    return [
        Replaced(
            labels.get(row.field, row.field.removeprefix("custom.")),
            _said(row.field, row.value, names["account"], names["member"]),
            row.valid_until,
            names["member"].get(row.member_id or 0, ""),
        )
        for row in rows
    ]


def _said(name: str, value: Any, companies: dict[int, str], members: dict[int, str]) -> str:
    if value is None or value == "":
        return ""
    if name in ("account_id", "parent_id"):
        return companies.get(value, "")
    if name == "owner_id":
        return members.get(value, "")
    if name in _CODES:
        return _CODES[name](str(value))
    if isinstance(value, bool):
        return Phrase("yes") if value else Phrase("no")
    return str(value)
