"""Writes the values of the mapping form as the data of a map, and says beside each field what is wrong with it."""

import re
from typing import Any

from django.utils.translation import gettext as _

from orchard.web.marketing.imports.form.sheet import Column, Part, Sheet

_SEVERAL = frozenset({"email", "phone", "external_id", "account.external_id"})


def map_data(sheet: Sheet) -> dict[str, Any]:
    """Return the data of the map; where something is wrong, the sheet's columns and parts carry the sentence."""
    contact: dict[str, Any] = {}
    campaign: dict[str, Any] = {}
    for each in sheet.kept:
        if each.name.startswith("campaign:"):
            campaign[each.name.removeprefix("campaign:")] = each.sources[0]
        else:
            contact[each.name] = list(each.sources)
    for column in sheet.columns:
        if column.to:
            _place(column, contact, campaign)
    nulls = [text.strip() for text in re.split(r"[,\n]", sheet.nulls) if text.strip()]
    data: dict[str, Any] = {
        **sheet.rest,
        "contact": contact,
        "campaign": campaign,
        "nulls": ["", *nulls] if nulls else None,
        "dates": sheet.dates if sheet.dates != "auto" else None,
        "numbers": sheet.numbers if sheet.numbers != "auto" else None,
        "country": sheet.country or None,
        "time_zone": sheet.time_zone if sheet.time_zone != "UTC" else None,
        "interactions": [part.raw if part.raw is not None else _fact(part) for part in sheet.facts],
        "consent": [part.raw if part.raw is not None else _consent(part) for part in sheet.consents],
        "unknown_contacts": "reject" if sheet.refuse_unknown else None,
    }
    return {key: value for key, value in data.items() if value not in (None, {}, [])}


def _place(column: Column, contact: dict[str, Any], campaign: dict[str, Any]) -> None:
    """Put a column into the map under what it becomes."""
    to, source = column.to, {"column": column.name, **_extras(column)}
    if column.is_new:
        to = to.removesuffix("new") + column.key.lower()
    if to.startswith("campaign:"):
        field = to.removeprefix("campaign:")
        if field in campaign:
            column.error = column.error or _("Another column becomes this already.")
        campaign[field] = source
    elif to in _SEVERAL:
        contact.setdefault(to, []).append(source)
    elif to in contact:
        column.error = column.error or _(
            "Another column becomes this already; a contact has one value of it."
        )
    else:
        contact[to] = source


def _extras(column: Column) -> dict[str, Any]:
    """Return what the field needs to know beside the column, and note on the column what is lacking."""
    if column.is_new:
        choices = [text.strip() for text in column.choices.split(",") if text.strip()]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", column.key.lower()):
            column.error = _("Name the field with small letters, digits and _, a letter first.")
        elif column.type == "choice" and not choices:
            column.error = _("Say which values the list has, with commas between.")
        return {"type": column.type, **({"choices": choices} if column.type == "choice" else {})}
    if column.is_id:
        column.error = "" if column.source else _("Say which system gives this id, such as erp.")
        return {"source": column.source}
    if column.is_money:
        column.error = "" if column.currency else _("Say in which currency these amounts are, such as EUR.")
        return {"currency": column.currency.upper()}
    return {}


def _fact(part: Part) -> dict[str, Any]:
    values = part.values
    for name, sentence in (
        ("kind", _("Say what happened.")),
        ("at", _("Say which column tells when; a fact has its day.")),
    ):
        if not values.get(name):
            part.errors[name] = sentence
    if values.get("amount") and not values.get("currency"):
        part.errors["currency"] = _("Say in which currency, such as EUR, or name the column that tells.")
    return _filled(
        {
            "kind": values.get("kind"),
            "at": values.get("at"),
            "campaign": _either(values, "campaign"),
            "content": _either(values, "content"),
            "amount": values.get("amount"),
            "currency": values.get("currency"),
            "words": values.get("words"),
            "key": values.get("key"),
            "once": True if values.get("once") else None,
            "only_if": values.get("only_if"),
        }
    )


def _consent(part: Part) -> dict[str, Any]:
    values = part.values
    if not values.get("purpose"):
        part.errors["purpose"] = _("Say what the consent is for, such as newsletter.")
    names = ("purpose", "state", "at", "wording", "wording_version", "only_if")
    return _filled({name: values.get(name) for name in names})


def _either(values: dict[str, str], name: str) -> Any:
    if values.get(name) == "=":
        return {"value": values[f"{name}_value"]} if values.get(f"{name}_value") else None
    return values.get(name)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
