"""The audit book in words: who did what to which record, with the names that both have now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orchard.agreement import queries as agreement
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.journal import queries as journal
from orchard.journal.models import Entry
from orchard.journal.queries import Wish
from orchard.journal.types import DEEDS, RECORDS
from orchard.kit import paging
from orchard.kit.paging import By
from orchard.kit.words import said
from orchard.leads import queries as leads
from orchard.nurture import queries as nurture
from orchard.opportunities import queries as opportunities
from orchard.reports.queries.audit_words import Details, members_in, spaced
from orchard.segments import queries as segments
from orchard.tasks import queries as tasks
from orchard.team import queries as team


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
    version: int | None = None
    """Of a record of the agreement, its number as a version; a draft has none."""


def audit_lines(wish: Wish, *, by: By, cursor: str = "", size: int = journal.PAGE) -> paging.Page[AuditLine]:
    """Return one page of the audit book."""
    page = journal.lines(wish, by=by, cursor=cursor, size=size)
    actors = {each.actor_id for each in page.rows if each.actor_id is not None}
    who = team.names(list(actors | members_in(page.rows)))
    details = Details(page.rows, who)
    drafted = {each.subject_id for each in page.rows if each.subject_kind == "agreement" and each.subject_id}
    versions = agreement.numbers_of(drafted)
    records = {
        **_records(page.rows),
        **{("agreement", each): _of_agreement(each, versions) for each in drafted},
    }
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
            details.told(each.action, each.details, each.subject_id),
            versions.get(each.subject_id or 0) if each.subject_kind == "agreement" else None,
        )
        for each in page.rows
    ]
    return paging.Page(lines, page.next, page.previous)


def _did(entry: Entry) -> str:
    """Return what was done in words; what an earlier Orchard did and this one does not, by its name."""
    words = said(DEEDS[entry.action]) if entry.action in DEEDS else spaced(entry.action.replace(".", ": "))
    return words[:1].upper() + words[1:]


def record_in_words(kind: str) -> str:
    """Return what a sort of record is called."""
    return said(RECORDS[kind]) if kind in RECORDS else spaced(kind)


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


def _of_agreement(version_id: int, numbers: Mapping[int, int | None]) -> str:
    """Return what a version is called; of the agreement nothing is ever deleted but a draft."""
    if version_id not in numbers:
        return _("Agreement, a discarded draft")
    number = numbers[version_id]
    return _("Agreement, version %(number)s") % {"number": number} if number else _("Agreement, the draft")


def _of_leads(lead_ids: Iterable[int]) -> dict[int, str]:
    people = leads.contacts_of(lead_ids)
    names = contacts.names(people.values())
    return {lead: names.get(contact, "") for lead, contact in people.items()}


def _of_steps(task_ids: set[int]) -> Mapping[int, str]:
    """Return what steps ask for: in words that may tell of anybody, so only to who sees everybody."""
    return tasks.titles(task_ids) if team.reach().members is None else {}


_NAMES: Mapping[str, Callable[[set[int]], Mapping[int, str]]] = {
    "contact": contacts.names,
    "account": contacts.account_names,
    "campaign": campaigns.names,
    "lead": _of_leads,
    "opportunity": opportunities.names_of,
    "member": lambda ids: team.names(list(ids)),
    "program": nurture.names_of,
    "segment": segments.names_of,
    "task": _of_steps,
    "team": lambda _ids: {each.pk: each.name for each in team.teams()},
    "territory": lambda _ids: {each.pk: each.name for each in team.territories()},
}
