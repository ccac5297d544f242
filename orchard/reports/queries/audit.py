"""The audit book in words: who did what to which record, with the names that both have now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orchard.agreement import queries as agreement
from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.content import queries as content
from orchard.journal import queries as journal
from orchard.journal.models import Entry
from orchard.journal.queries import Wish
from orchard.journal.types import DEEDS, RECORDS
from orchard.kit import once, paging
from orchard.kit.paging import By
from orchard.kit.words import said
from orchard.leads import queries as leads
from orchard.nurture import queries as nurture
from orchard.opportunities import queries as opportunities
from orchard.reports.queries.audit_words import (
    Details,
    members_in,
    people_in,
    spaced,
    teams_named,
    territories_named,
)
from orchard.segments import queries as segments
from orchard.tasks import queries as tasks
from orchard.team import queries as team


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: `who` is empty for what Orchard did by itself, `record` for what never has a name.

    Of a record that is gone, `record` says so, with the name that the book kept or else the number.
    """

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
    is_gone: bool = False


Names = Callable[[set[int]], Mapping[int, str]]
"""Tells what records of one sort are called, by their ids."""


def audit_lines(
    wish: Wish,
    *,
    by: By,
    cursor: str = "",
    size: int = journal.PAGE,
    names: Mapping[str, Names] | None = None,
) -> paging.Page[AuditLine]:
    """Return one page of the audit book; `names` tell what records of rooms above this one are called."""
    page = journal.lines(wish, by=by, cursor=cursor, size=size)
    with once.reading():
        return paging.Page(_lines(page.rows, names or {}), page.next, page.previous)


def _lines(entries: Sequence[Entry], names: Mapping[str, Names]) -> list[AuditLine]:
    ids = _subjects(entries)
    actors = {each.actor_id for each in entries if each.actor_id is not None}
    who = team.names(list(actors | members_in(entries) | ids.get("member", set())))
    of_leads = leads.contacts_of(ids["lead"]) if "lead" in ids else {}
    people = contacts.names({*ids.get("contact", ()), *people_in(entries), *of_leads.values()})
    details = Details(entries, who, people)
    drafted = {each.subject_id for each in entries if each.subject_kind == "agreement" and each.subject_id}
    versions = agreement.numbers_of(drafted)
    known: dict[str, Names] = {
        "contact": lambda _ids: people,
        "lead": lambda _ids: {lead: people.get(contact, "") for lead, contact in of_leads.items()},
        "member": lambda _ids: who,
    }
    named, gone = _records(ids, {**_NAMES, **known, **names})
    records = {
        **named,
        **{("agreement", each): _of_agreement(each, versions) for each in drafted},
    }
    return [
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
            (each.subject_kind, each.subject_id or 0) in gone,
        )
        for each in entries
    ]


def _did(entry: Entry) -> str:
    """Return what was done in words; what an earlier Orchard did and this one does not, by its name."""
    words = said(DEEDS[entry.action]) if entry.action in DEEDS else spaced(entry.action.replace(".", ": "))
    return words[:1].upper() + words[1:]


def record_in_words(kind: str) -> str:
    """Return what a sort of record is called."""
    return said(RECORDS[kind]) if kind in RECORDS else spaced(kind)


def _subjects(entries: Iterable[Entry]) -> dict[str, set[int]]:
    """Return the ids of the records that some lines are about, by their sort."""
    ids: dict[str, set[int]] = {}
    for each in entries:
        if each.subject_id is not None:
            ids.setdefault(each.subject_kind, set()).add(each.subject_id)
    return ids


def _records(
    ids: Mapping[str, set[int]], names: Mapping[str, Names]
) -> tuple[dict[tuple[str, int], str], set[tuple[str, int]]]:
    """Return what the records of some lines are called, and which are gone: a question for each sort, one for those."""
    found = {kind: dict(names[kind](among)) for kind, among in ids.items() if kind in names}
    missing = {kind: ids[kind] - set(known) for kind, known in found.items() if kind not in _HIDES}
    kept = journal.names_kept({kind: among for kind, among in missing.items() if kind not in _PEOPLE})
    gone = {(kind, number) for kind, among in missing.items() for number in among}
    told = {(kind, number): name for kind, known in found.items() for number, name in known.items()}
    return {**told, **{each: _gone(kept.get(each) or str(each[1])) for each in gone}}, gone


def _gone(name: str) -> str:
    return _("%(name)s (gone)") % {"name": name}


def _of_agreement(version_id: int, numbers: Mapping[int, int | None]) -> str:
    """Return what a version is called; of the agreement nothing is ever deleted but a draft."""
    if version_id not in numbers:
        return _("Agreement, a discarded draft")
    number = numbers[version_id]
    return _("Agreement, version %(number)s") % {"number": number} if number else _("Agreement, the draft")


def _of_steps(task_ids: set[int]) -> Mapping[int, str]:
    """Return what steps ask for: in words that may tell of anybody, so only to who sees everybody."""
    return tasks.titles(task_ids) if team.reach().members is None else {}


def _of_views(view_ids: set[int]) -> dict[int, str]:
    found = team.view_names(view_ids)
    return {
        number: _("%(view)s, kept by %(member)s") % {"view": name, "member": member}
        for number, (name, member) in found.items()
    }


_HIDES = ("task", "lead", "opportunity")
"""Whose names are also left out for other reasons than that they are gone."""
_PEOPLE = ("contact", "account", "member")
"""Of whom the book keeps no names to be told by."""

_NAMES: Mapping[str, Names] = {
    "account": contacts.account_names,
    "campaign": campaigns.names,
    "content": content.titles,
    "field": contacts.field_labels,
    "opportunity": opportunities.names_of,
    "program": nurture.names_of,
    "segment": segments.names_of,
    "task": _of_steps,
    "team": teams_named,
    "view": _of_views,
    "territory": territories_named,
}
