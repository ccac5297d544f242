"""The review list: pairs that may be one person, waiting for a member's word."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchard.contacts.models import Doubt
from orchard.contacts.queries.lists import ListedContact, contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging


@dataclass(frozen=True, slots=True)
class ListedDoubt:
    """A pair and what speaks for its being one person."""

    id: int
    first: ListedContact
    second: ListedContact
    reasons: Sequence[str]


def open_doubts() -> int:
    """Return how many pairs wait."""
    return Doubt.objects.filter(state=Doubt.State.OPEN).count()


def doubts(*, cursor: str = "", size: int = 25) -> paging.Page[ListedDoubt]:
    """Return one page of pairs that wait, the newest first; a pair that became one meanwhile is left out."""
    rows = Doubt.objects.filter(state=Doubt.State.OPEN)
    back = False
    if cursor:
        back, (last,) = paging.decode(cursor)
        rows = rows.filter(id__gt=last) if back else rows.filter(id__lt=last)
    found = list(rows.order_by("id" if back else "-id")[: size + 1])
    living = ledger.living({each for doubt in found for each in (doubt.first_id, doubt.second_id)})
    people = {row.id: row for row in contacts(ids=list(living.values()), size=2 * size + 2).rows}
    cut = paging.page(found, size=size, cursor=cursor, key=lambda doubt: (doubt.id,))
    listed = [
        ListedDoubt(doubt.id, people[first], people[second], doubt.reasons)
        for doubt in cut.rows
        for first, second in [(living[doubt.first_id], living[doubt.second_id])]
        if first != second and first in people and second in people
    ]
    return paging.Page(rows=listed, next=cut.next, previous=cut.previous)
