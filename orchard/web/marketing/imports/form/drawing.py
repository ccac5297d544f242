"""Turns a map into the values of the form; what the form cannot say is kept as it is."""

from collections.abc import Mapping
from typing import Any

from orchard.connect.csv import ImportMap
from orchard.connect.queries import Look
from orchard.contacts import queries as contacts
from orchard.web.marketing.imports.form.choices import MOST_COLUMNS
from orchard.web.marketing.imports.form.sheet import Column, Kept, Part, Sheet

_OF_FACTS = frozenset({"kind", "at", "campaign", "content", "amount", "currency", "words", "key", "once"})
_OF_CONSENTS = frozenset({"purpose", "state", "at", "wording", "wording_version"})
_IN_FORM = frozenset({"contact", "campaign", "interactions", "consent", "nulls", "dates", "numbers"})
_ALSO = frozenset({"time_zone", "country", "unknown_contacts"})
_EXTRAS = {"external_id": {"source"}, "annual_revenue": {"currency"}}


def sheet_of(map_: ImportMap | None, look: Look, zone: str) -> Sheet:
    """Return the form's values for a map; without one, a form that takes nothing, with times of `zone`."""
    sheet = Sheet([Column(place, name, look.samples[place]) for place, name in enumerate(look.header)])
    del sheet.columns[MOST_COLUMNS:]
    if map_ is None:
        sheet.time_zone = zone
        return sheet
    data = map_.model_dump(by_alias=True, exclude_defaults=True)
    places = {column.name.casefold(): column for column in sheet.columns}
    declared = {
        f"{'account.' if each.entity == 'account' else ''}custom.{each.name}"
        for each in contacts.custom_fields()
    }
    for name, sources in data.get("contact", {}).items():
        left = [source for source in sources if not _placed(name, source, places, declared)]
        if left:
            sheet.kept.append(Kept(name, left))
    for name, source in data.get("campaign", {}).items():
        if not _placed(f"campaign:{name}", source, places, declared):
            sheet.kept.append(Kept(f"campaign:{name}", [source]))
    sheet.facts = [
        _part(place, fact, _OF_FACTS, places) for place, fact in enumerate(data.get("interactions", []))
    ]
    sheet.consents = [
        _part(place, one, _OF_CONSENTS, places) for place, one in enumerate(data.get("consent", []))
    ]
    sheet.dates, sheet.numbers = map_.dates, map_.numbers
    sheet.nulls = ", ".join(text for text in map_.nulls if text)
    sheet.country, sheet.time_zone = map_.country or "", map_.time_zone
    sheet.refuse_unknown = map_.unknown_contacts == "reject"
    sheet.rest = {key: value for key, value in data.items() if key not in _IN_FORM | _ALSO}
    return sheet


def _placed(
    name: str, source: Mapping[str, Any], places: Mapping[str, Column], declared: frozenset[str] | set[str]
) -> bool:
    """Put a source on the row of its column; False where the form has no words for it, or the row is taken."""
    column = places.get(str(source.get("column", "")).strip().casefold())
    bare = name.rpartition("account.")[2]
    own = bare.startswith("custom.")
    extras = {"type", "choices"} if own else _EXTRAS.get(bare, set())
    if name in {"campaign:planned_cost", "campaign:actual_cost"}:
        extras = {"currency"}
    if column is None or column.to or not source.keys() <= {"column", *extras}:
        return False
    column.to = name
    column.source = source.get("source", "")
    column.currency = source.get("currency", "")
    if own and name not in declared:
        column.to = name.removesuffix(bare) + "custom.new"
        column.key = bare.removeprefix("custom.")
        column.type = source.get("type", "text")
        column.choices = ", ".join(source.get("choices", []))
    return True


def _part(place: int, data: Mapping[str, Any], known: frozenset[str], places: Mapping[str, Column]) -> Part:
    values: dict[str, str] = {}
    for name, value in data.items():
        said = _only_if(value, places) if name == "only_if" else _said(name, value, places)
        if said is None or (name != "only_if" and name not in known):
            return Part(place, raw=dict(data))
        values.update(said)
    return Part(place, values)


def _said(name: str, value: Any, places: Mapping[str, Column]) -> dict[str, str] | None:
    """Return a part's value as the form holds it, or None where the form cannot."""
    if not isinstance(value, dict):
        return {name: "on" if value is True else str(value)}
    if value.keys() == {"column"}:
        column = places.get(value["column"].strip().casefold())
        return {name: column.name} if column else None
    if value.keys() == {"value"} and name in {"campaign", "content"}:
        return {name: "=", f"{name}_value": value["value"]}
    return None


def _only_if(conditions: Any, places: Mapping[str, Column]) -> dict[str, str] | None:
    if not isinstance(conditions, list) or len(conditions) != 1 or conditions[0].keys() != {"column"}:
        return None
    column = places.get(conditions[0]["column"].strip().casefold())
    return {"only_if": column.name} if column else None
