"""How one record is changed by hand: what differs is written, what it replaces is kept, the ledger hears of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from orchard.contacts.models import Account, Contact, CustomField, FieldHistory
from orchard.contacts.queries.seen import refuse_hidden
from orchard.contacts.rules import (
    TEXT_LIMITS,
    company_key,
    custom_problem,
    domain_of,
    full_name,
    name_keys,
    problem,
    visible,
)
from orchard.contacts.types import ACCOUNT_FIELDS, CONTACT_FIELDS, Entity, Gone, Invalid
from orchard.interactions import queries as ledger
from orchard.kit.words import Phrase
from orchard.team import queries as team

_CUSTOM = "custom."
_REFERENCES = frozenset({"account_id", "owner_id", "parent_id"})
_NAME_LIMIT = TEXT_LIMITS["full_name"]


def living_contact(contact_id: int) -> Contact:
    """Return the living contact that `contact_id` means, locked; raises `Gone`, or `Hidden` where it is unseen."""
    living = ledger.living([contact_id])[contact_id]
    refuse_hidden([living])
    contact = Contact.objects.select_for_update(no_key=True).filter(id=living, erased_at__isnull=True).first()
    if contact is None:
        raise Gone("There is no such contact, or it was erased.")
    return contact


def living_account(account_id: int) -> Account:
    """Return the account, locked; raises `Gone`."""
    account = (
        Account.objects.select_for_update(no_key=True).filter(id=account_id, erased_at__isnull=True).first()
    )
    if account is None:
        raise Gone("There is no such account, or it was erased.")
    return account


def refuse_unknown(fields: Mapping[str, Any]) -> None:
    """Refuse an account or an owner that is not there; the account is locked."""
    if fields.get("account_id"):
        living_account(fields["account_id"])
    if fields.get("owner_id"):
        team.member(fields["owner_id"])


def checked(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` with empty texts as None; raises `Invalid` for a field or value that cannot be."""
    fields = CONTACT_FIELDS if entity is Entity.CONTACT else ACCOUNT_FIELDS
    declared = {
        field.name: field
        for field in CustomField.objects.filter(entity=entity, archived_at__isnull=True)
        if any(name.startswith(_CUSTOM) for name in values)
    }
    result: dict[str, Any] = {}
    for name, given in values.items():
        value = given
        if isinstance(given, str):
            value = (given if name.startswith(_CUSTOM) else visible(given)).strip() or None
        if name.startswith(_CUSTOM):
            own = declared.get(name.removeprefix(_CUSTOM))
            if own is None:
                raise Invalid("There is no field “{name}”. Declare it first, under Fields.", name=name)
            sentence = custom_problem(own.label, own.type, own.choices, value)
        elif name in _REFERENCES:
            sentence = None
        elif name in fields:
            sentence = problem(name, value)
        else:
            raise Invalid("A {entity} has no field “{name}”.", entity=Phrase(entity.value), name=name)
        if sentence:
            raise Invalid(sentence).at(name)
        result[name] = value
    return result


def with_keys(
    entity: Entity, values: Mapping[str, Any], before: Contact | Account | None = None, *, derive: bool = True
) -> dict[str, Any]:
    """Return `values` with what follows from them: full name (where `derive`), name keys, bare domain."""
    result = dict(values)
    if entity is Entity.ACCOUNT:
        if result.get("name"):
            result["name_key"] = company_key(result["name"])
        if result.get("domain") and not (domain := domain_of(result["domain"])):
            raise Invalid("“{domain}” is no web domain. Write it like acme.com.", domain=result["domain"]).at(
                "domain"
            )
        if result.get("domain"):
            result["domain"] = domain
        return result
    if derive and result.get("full_name") is None and {"first_name", "last_name"} & result.keys():
        first, last = (
            result[name] if name in result else getattr(before, name, None)
            for name in ("first_name", "last_name")
        )
        result["full_name"] = full_name(first, last)
    if "full_name" in result:
        name = result["full_name"] = result["full_name"] and result["full_name"][:_NAME_LIMIT]
        # A letter that is written as several in a key must not make the key longer than its column.
        keys = name_keys(name) if name else (None, None)
        result["name_key"], result["person_key"] = (key and key[:_NAME_LIMIT] for key in keys)
    return result


def write_changes(
    record: Contact | Account,
    values: Mapping[str, Any],
    *,
    now: datetime,
    member_id: int | None,
    fact_id: int | None = None,
    derive: bool = True,
) -> list[str]:
    """Write what differs on a locked record, keep what it replaces, and return the names of the fields changed.

    Without `derive` a full name is not made of its parts: a merge gives and takes exactly what it names.
    """
    entity = Entity.CONTACT if isinstance(record, Contact) else Entity.ACCOUNT
    custom = dict(record.custom)
    superseded: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    for name, value in with_keys(entity, values, record, derive=derive).items():
        if name.startswith(_CUSTOM):
            key = name.removeprefix(_CUSTOM)
            if custom.get(key) != value:
                superseded[name] = custom.get(key)
                custom = (
                    {**custom, key: value}
                    if value is not None
                    else {k: v for k, v in custom.items() if k != key}
                )
                columns["custom"] = custom
        elif getattr(record, name) != value:
            columns[name] = value
            if not name.endswith("_key"):
                superseded[name] = getattr(record, name)
    if not superseded:
        return []
    for name, value in columns.items():
        setattr(record, name, value)
    record.updated_at = now
    type(record).objects.filter(id=record.id).update(**columns, updated_at=now)
    FieldHistory.objects.bulk_create(
        FieldHistory(
            entity=entity,
            entity_id=record.id,
            field=name,
            value=value,
            valid_until=now,
            fact_id=fact_id,
            member_id=member_id,
        )
        for name, value in superseded.items()
    )
    return list(superseded)
