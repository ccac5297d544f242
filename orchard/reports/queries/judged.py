"""What Sales says to be not useful, and the facts behind a line of a score, on which one says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.contacts.models import Contact
from orchard.interactions import queries as ledger
from orchard.interactions.types import KINDS, NotUseful
from orchard.reports.queries.timeline import events_of
from orchard.reports.types import Event
from orchard.team import queries as team

MOST = 200
"""So many facts behind a line are shown, the newest first."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a contact's score with the facts behind it, and those of its kinds that are said to be not useful.

    Each fact of `rows` comes with what it gives now in tenths of a point; `tenths` is the line, cut by its `cap`.
    """

    contact: Contact
    version: int
    place: int
    name: str
    tenths: int
    cap: int | None
    rows: Sequence[tuple[Event, int]]
    ids: list[int]
    """Of all facts behind it, those beyond `rows` included."""
    aside: Sequence[Event]

    @property
    def count(self) -> int:
        """How many facts are behind it."""
        return len(self.ids)

    @property
    def capped(self) -> bool:
        """Whether the facts would give more than the line may."""
        return self.cap is not None and self.tenths >= self.cap


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One fact that is said to be not useful, with whom it is and what it is, in words."""

    contact_id: int
    name: str
    what: str
    at: datetime
    why: str
    member: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class JudgedLately:
    """What was said lately to be not useful: how often by kind and reason, and the last of them."""

    groups: Sequence[tuple[str, str, int]]
    rows: Sequence[JudgedRow]
    count: int

    @property
    def more(self) -> int:
        """How many there are beyond those that are shown."""
        return self.count - len(self.rows)


def line_shown(contact_id: int, place: int, *, now: datetime) -> LineShown:
    """Return a line of a living contact's score; raises `Gone`, `UnknownLine`."""
    contact = contacts.contact(contact_id).contact
    behind = agreement.behind(contact.id, place, now=now)
    known = {fact.id: fact for fact in ledger.facts_of_kinds([contact.id], behind.kinds)}
    given = {each.interaction_id: each.tenths for each in behind.facts[:MOST]}
    said = ledger.discounts_of(known)
    aside = sorted((known[each] for each in said), key=lambda fact: fact.occurred_at, reverse=True)
    verdict = agreement.verdict_of(contact.id, now=now)
    return LineShown(
        contact,
        behind.version,
        place,
        behind.name,
        verdict.lines[place].tenths if verdict else 0,
        behind.cap,
        [
            (event, given[event.id])
            for event in events_of([known[each] for each in given if each in known], human=True)
        ],
        [each.interaction_id for each in behind.facts],
        events_of(aside[:MOST], human=False),
    )


def judged_lately(*, now: datetime) -> JudgedLately:
    """Return what members of one's reach said lately to be not useful."""
    found, often = ledger.judged_lately(now=now, member_ids=team.reach().members)
    people = {each.contact_id for each in found}
    names: Mapping[int, str] = contacts.names(people - contacts.hidden_among(people)) if found else {}
    member = team.names([each.said.member_id for each in found]) if found else {}
    rows = [
        JudgedRow(
            each.contact_id,
            names[each.contact_id],
            _what(each.kind),
            each.occurred_at,
            _(each.said.why.label),
            member.get(each.said.member_id, ""),
            each.said.said_at,
        )
        for each in found
        if each.contact_id in names
    ]
    groups = [(_what(kind), _(NotUseful(why).label), number) for kind, why, number in often]
    return JudgedLately(groups, rows, sum(number for _kind, _why, number in often))


def _what(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else kind
