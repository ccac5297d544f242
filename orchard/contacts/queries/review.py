"""The review list: pairs that may be one person, waiting for a member's word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL

from orchard.contacts.models import Doubt
from orchard.contacts.queries.lists import ListedContact, contacts
from orchard.contacts.queries.seen import hidden_ids
from orchard.kit import paging

# The living contacts that the two ids of a pair mean.
_MEANT = RawSQL(
    """
    ARRAY(SELECT coalesce(o.living_id, one.id) FROM unnest(ARRAY[doubt.first_id, doubt.second_id])
                 WITH ORDINALITY AS one (id, place)
            LEFT JOIN contact_alias o ON o.old_id = one.id AND o.ended_by IS NULL ORDER BY one.place)
    """,
    [],
    ArrayField(BigIntegerField()),
)


@dataclass(frozen=True, slots=True)
class ListedDoubt:
    """A pair and what speaks for its being one person."""

    id: int
    first: ListedContact
    second: ListedContact
    reasons: Sequence[str]


def open_doubts() -> int:
    """Return how many pairs wait of whom one may see both."""
    return _open().count()


def doubts_of(contact_ids: Sequence[int]) -> list[ListedDoubt]:
    """Return the pairs that wait and name one of these ids; `first` is who is asked about."""
    mine = set(contact_ids)
    rows = Doubt.objects.filter(Q(first__in=mine) | Q(second__in=mine), state=Doubt.State.OPEN)
    found = list(rows.annotate(meant=_MEANT).order_by("-id"))
    return [
        pair if pair.first.id in mine else replace(pair, first=pair.second, second=pair.first)
        for pair in _listed(found)
    ]


def doubts(*, cursor: str = "", size: int = 25) -> paging.Page[ListedDoubt]:
    """Return one page of pairs that wait, the newest first; a pair that became one meanwhile is left out."""
    rows = _open()
    back, key = paging.decode(cursor, int)
    if key:
        rows = rows.filter(id__gt=key[0]) if back else rows.filter(id__lt=key[0])
    found = list(rows.annotate(meant=_MEANT).order_by("id" if back else "-id")[: size + 1])
    cut = paging.page(found, size=size, cursor=cursor, key=lambda doubt: (doubt.id,))
    return paging.Page(rows=_listed(cut.rows), next=cut.next, previous=cut.previous)


def _open() -> QuerySet[Doubt]:
    rows, hidden = Doubt.objects.filter(state=Doubt.State.OPEN), hidden_ids()
    return rows.exclude(Q(first__in=hidden) | Q(second__in=hidden)) if hidden else rows


def _listed(found: Sequence[Doubt]) -> list[ListedDoubt]:
    if not found:
        return []
    meant = [vars(doubt)["meant"] for doubt in found]
    people = {row.id: row for row in contacts(ids=list({*chain(*meant)}), size=2 * len(found) + 1).rows}
    return [
        ListedDoubt(doubt.id, people[first], people[second], doubt.reasons)
        for doubt, (first, second) in zip(found, meant, strict=True)
        if first != second and first in people and second in people
    ]
