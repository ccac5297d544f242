"""Knows the exports of other systems by their columns, and cuts their maps down to the columns of a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from orchard.connect.csv.mapping import ImportMap, read_map
from orchard.connect.csv.types import Record
from orchard.connect.csv.values.text import plain

SAMPLE = 200
"""Rows to look at where the columns alone do not tell one export from another."""

_ROOM = Path(__file__).parent.parent
_ACCOUNT_ID = re.compile(r"001[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?")


class Known(NamedTuple):
    """A recognised export: its name, and its map cut down to the columns that this file has."""

    name: str
    map: ImportMap


@dataclass(frozen=True, slots=True)
class _Export:
    """Columns by which an export is known: all of `has`, one of `some` (where there are any), none of `lacks`."""

    map: str
    has: tuple[str, ...]
    some: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def fits(self, names: frozenset[str]) -> bool:
        return (
            names.issuperset(self.has)
            and (not self.some or not names.isdisjoint(self.some))
            and names.isdisjoint(self.lacks)
        )


_DEAL = ("deal name", "deal stage")
_EXPORTS = (
    _Export("csv/known/zoom", ("attended", "user name (original name)", "first name", "email", "join time")),
    _Export("csv/known/mailchimp_unsubscribed", ("email address", "member_rating", "leid", "unsub_time")),
    _Export("csv/known/mailchimp", ("email address", "member_rating", "leid", "euid")),
    _Export("csv/known/eventbrite", ("order #", "order date", "attendee #", "email")),
    _Export("csv/known/eventbrite_orders", ("order #", "order date", "order status", "email")),
    _Export("csv/known/tito", ("ticket first name", "ticket last name", "ticket email")),
    _Export("csv/known/ezbadge", ("firstname", "lastname", "email", "company or organization")),
    _Export("linkedin/connections", ("first name", "connected on"), ("last name", "company", "position")),
    _Export("salesforce/campaign_members", ("id", "campaignid"), ("leadid", "contactid")),
    _Export("salesforce/tasks", ("id", "whoid", "activitydate")),
    _Export("salesforce/leads", ("id", "lastname", "company", "status"), ("isconverted", "leadsource")),
    _Export("salesforce/contacts", ("id", "lastname", "accountid"), lacks=("whoid", "company")),
    _Export("salesforce/accounts", ("id", "name"), ("billingcity", "billingcountry", "numberofemployees")),
    _Export("salesforce/campaigns", ("id", "name", "startdate", "type"), ("isactive", "numbersent")),
    _Export("hubspot/contacts", ("record id",), ("email", "first name"), _DEAL),
    _Export("hubspot/contacts", ("record id - contact",), lacks=_DEAL),
    _Export("hubspot/companies", ("record id", "company name"), ("company owner", "website url"), _DEAL),
)


def recognise(header: Sequence[str], sample: Sequence[Record] = (), file_name: str = "") -> Known | None:
    """Return the known export that has these columns, or None.

    The name of the file says what Mailchimp's columns do not: whether its people are subscribed. The sample
    says whether Salesforce wrote companies by name or by id.
    """
    names = frozenset(name.strip().casefold() for name in header)
    export = next((export for export in _EXPORTS if export.fits(names)), None)
    if export is None:
        return None
    which = export.map
    if which == "csv/known/mailchimp" and _says_subscribed(file_name):
        which = "csv/known/mailchimp_subscribed"
    if which == "salesforce/leads" and _companies_are_ids(header, sample):
        which = "salesforce/leads_with_account_ids"
    whole = known_map(which)
    return Known(whole.name, _cut_down(whole, names))


@cache
def known_map(which: str) -> ImportMap:
    """Return a map that comes with Orchard, by its path in the room (`linkedin/connections`)."""
    return read_map(_ROOM / f"{which}.yaml")


def _says_subscribed(file_name: str) -> bool:
    name = file_name.casefold()
    return "subscribed" in name and not re.search(r"(?:un|non)[ _-]?subscribed", name)


def _companies_are_ids(header: Sequence[str], sample: Sequence[Record]) -> bool:
    place = [name.strip().casefold() for name in header].index("company")
    companies = [text for record in sample if (text := plain(record.cells[place]))]
    return bool(companies) and all(_ACCOUNT_ID.fullmatch(company) for company in companies)


def _cut_down(whole: ImportMap, names: frozenset[str]) -> ImportMap:
    """Leave out what needs columns that the file does not have."""
    data = whole.model_dump(by_alias=True, exclude_defaults=True)
    data["only_if"] = [part for part in data.get("only_if", []) if _present(part, names)]
    data["contact"] = {
        name: kept
        for name, sources in data.get("contact", {}).items()
        if (kept := [cut for source in sources if (cut := _present(source, names))])
    }
    data["campaign"] = {
        name: cut for name, source in data.get("campaign", {}).items() if (cut := _present(source, names))
    }
    for section in ("interactions", "consent"):
        data[section] = [cut for part in data.get(section, []) if (cut := _rule(part, names))]
    return ImportMap.model_validate(data)


def _present(source: dict[str, Any], names: frozenset[str]) -> dict[str, Any] | None:
    several = next((key for key in ("first_of", "join") if source.get(key)), None)
    if several is not None:
        found = [name for name in source[several] if name.casefold() in names]
        return {**source, several: found} if found else None
    column = source.get("column")
    return source if column is None or column.casefold() in names else None


def _rule(rule: dict[str, Any], names: frozenset[str]) -> dict[str, Any] | None:
    """Return the rule without the columns that are missing, or None where its time or a condition is missing."""
    conditions = rule.get("only_if", [])
    if not all(_present(condition, names) for condition in conditions):
        return None
    kept = {
        key: cut
        for key, part in rule.items()
        if (cut := _present(part, names) if isinstance(part, dict) else part) is not None
    }
    return None if "at" in rule and "at" not in kept else kept
