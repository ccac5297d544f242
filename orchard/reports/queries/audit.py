"""The audit book in words: who did what to which record, with the names that both have now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.journal import queries as journal
from orchard.journal.models import Entry
from orchard.journal.queries import Wish
from orchard.journal.types import DEEDS, DETAILS, RECORDS
from orchard.kit import paging
from orchard.kit.paging import By
from orchard.kit.words import said
from orchard.leads import queries as leads
from orchard.nurture import queries as nurture
from orchard.opportunities import queries as opportunities
from orchard.segments import queries as segments
from orchard.team import queries as team

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: `who` is empty for what Orchard did by itself, `record` for what has no name (any more)."""

    at: datetime
    actor_id: int | None
    who: str
    did: str
    kind: str
    sort: str
    """What records of this kind are called."""
    subject_id: int | None
    record: str
    details: str


def audit_lines(wish: Wish, *, by: By, cursor: str = "", size: int = journal.PAGE) -> paging.Page[AuditLine]:
    """Return one page of the audit book."""
    page = journal.lines(wish, by=by, cursor=cursor, size=size)
    who = team.names([each.actor_id for each in page.rows if each.actor_id is not None])
    records = _records(page.rows)
    lines = [
        AuditLine(
            each.at,
            each.actor_id,
            who.get(each.actor_id or 0, ""),
            _did(each),
            each.subject_kind,
            record_in_words(each.subject_kind),
            each.subject_id,
            records.get((each.subject_kind, each.subject_id or 0), ""),
            told(each.details),
        )
        for each in page.rows
    ]
    return paging.Page(lines, page.next, page.previous)


def told(details: Mapping[str, Any]) -> str:
    """Return what a line holds beside the record, in one text: values as they were written, cut."""
    text = "; ".join(f"{_called(name)}: {_value(value)}" for name, value in details.items())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_called(name)} {_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("none") if value is None else str(value) or _("empty")


def _did(entry: Entry) -> str:
    """Return what was done in words; what an earlier Orchard did and this one does not, by its name."""
    words = said(DEEDS[entry.action]) if entry.action in DEEDS else _spaced(entry.action.replace(".", ": "))
    return words[:1].upper() + words[1:]


def record_in_words(kind: str) -> str:
    """Return what a sort of record is called."""
    return said(RECORDS[kind]) if kind in RECORDS else _spaced(kind)


def _called(name: str) -> str:
    return said(DETAILS[name]) if name in DETAILS else _spaced(name)


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("api ", "API ")


def _records(entries: Sequence[Entry]) -> dict[tuple[str, int], str]:
    """Return what the records of some lines are called, one question for each sort of record."""
    ids: dict[str, set[int]] = {}
    for each in entries:
        if each.subject_id is not None:
            ids.setdefault(each.subject_kind, set()).add(each.subject_id)
    return {
        (kind, number): name
        for kind, names in _NAMES.items()
        if kind in ids
        for number, name in names(ids[kind]).items()
    }


def _of_leads(lead_ids: Iterable[int]) -> dict[int, str]:
    people = leads.contacts_of(lead_ids)
    names = contacts.names(people.values())
    return {lead: names.get(contact, "") for lead, contact in people.items()}


_NAMES: Mapping[str, Callable[[set[int]], Mapping[int, str]]] = {
    "contact": contacts.names,
    "account": contacts.account_names,
    "campaign": campaigns.names,
    "lead": _of_leads,
    "opportunity": opportunities.names_of,
    "member": lambda ids: team.names(list(ids)),
    "program": nurture.names_of,
    "segment": segments.names_of,
}
