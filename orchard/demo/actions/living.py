"""How a part of the story happens: its people become known, its facts are appended, the mark is moved, all or none."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from django.db import transaction

from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.contacts.types import IncomingConsent, IncomingRow, normal_email
from orchard.content import actions as contents
from orchard.demo.models import Loading
from orchard.demo.types import Happening, Part, Person
from orchard.interactions import actions as ledger
from orchard.interactions.types import KINDS, Lane, brings
from orchard.kit.garbage import uncollected

Crowd: TypeAlias = "array[int]"
"""The contact that each person of the story is, by their place in it; `UNKNOWN` where it is none."""

_T = TypeVar("_T")

SOURCE = "demo"
UNKNOWN = 0
CHUNK = 10_000

_COLUMNS = (
    "full_name",
    "first_name",
    "last_name",
    "title",
    "seniority",
    "department",
    "country",
    "city",
    "is_competitor",
)
_ACCOUNT_COLUMNS = ("name", "domain", "industry", "country", "city", "employees")
_CONSENTS = {"consent.granted": True, "consent.withdrawn": False}
_PURPOSE, _WORDING = "newsletter", "Send me the newsletter, once a month. I can leave at any time."


def live(part: Part, crowd: Crowd) -> None:
    """Let a part happen."""
    with transaction.atomic(), uncollected():
        for some in _chunks(part.people):
            _meet(some, crowd, part.end)
        told = [each for each in part.happenings if crowd[each.place] != UNKNOWN]
        for happenings in _chunks([each for each in told if each.kind not in _CONSENTS]):
            _tell(happenings, crowd, part.end)
        for consents in _chunks([each for each in told if each.kind in _CONSENTS]):
            _agree(consents, crowd, part.end)
        Loading.objects.update(week=part.week, told_until=part.end)


def _chunks(rows: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (rows[first : first + CHUNK] for first in range(0, len(rows), CHUNK))


def _meet(persons: Sequence[Person], crowd: Crowd, now: datetime) -> None:
    """Let people become known."""
    results = contacts.upsert_batch(
        [_incoming(person) for person in persons],
        contact_columns=_COLUMNS,
        account_columns=_ACCOUNT_COLUMNS,
        import_id=None,
        now=now,
        lane=Lane.BULK,
    )
    crowd.extend([UNKNOWN] * (max(each.place for each in persons) + 1 - len(crowd)))
    for person, result in zip(persons, results, strict=True):
        crowd[person.place] = result.contact_id or UNKNOWN


def _incoming(person: Person) -> IncomingRow:
    return IncomingRow(
        person.place,
        (
            f"{person.first_name} {person.last_name}",
            person.first_name,
            person.last_name,
            person.title,
            person.seniority,
            person.department,
            person.country,
            person.city,
            person.is_competitor,
        ),
        (person.company, person.domain, person.industry, person.country, person.city, person.employees),
        [(person.email, normal_email(person.email) or person.email)],
        [(person.phone, person.phone, "")] if person.phone else [],
        [(SOURCE, str(person.place))],
    )


def _tell(happenings: Sequence[Happening], crowd: Crowd, now: datetime) -> None:
    """Append what happened, with who came by which campaign, and what was said."""
    campaign_ids = campaigns.ensure_campaigns({each.campaign for each in happenings}, now=now)
    content_ids = contents.ensure_contents({each.content for each in happenings}, now=now)
    facts = ledger.append_rows(
        [
            (
                None,
                crowd[each.place],
                None,
                "",
                None,
                each.kind,
                each.at,
                KINDS[each.kind].direction,
                campaign_ids.get(each.campaign),
                content_ids.get(each.content),
                None,
                None,
                "",
            )
            for each in happenings
        ],
        now=now,
        lane=Lane.BULK,
    )
    campaigns.add_sources(
        [
            (crowd[each.place], campaign_ids[each.campaign], each.at)
            for each in happenings
            if each.campaign in campaign_ids and brings(each.kind)
        ]
    )
    ledger.keep_words(
        (fact, crowd[each.place], each.words)
        for fact, each in zip(facts, happenings, strict=True)
        if fact and each.words
    )


def _agree(consents: Sequence[Happening], crowd: Crowd, now: datetime) -> None:
    """Note who agreed to the newsletter, and who wants no other issue."""
    contacts.note_consents(
        [
            IncomingConsent(
                crowd[each.place],
                _PURPOSE,
                _CONSENTS[each.kind],
                each.at,
                _WORDING if _CONSENTS[each.kind] else "",
                "1" if _CONSENTS[each.kind] else "",
            )
            for each in consents
        ],
        source="form",
        now=now,
        lane=Lane.BULK,
    )
