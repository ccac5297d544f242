"""What members said to be not useful: of some facts, and lately by everybody, for those who make the rules."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from orchard.interactions.models import Discount
from orchard.interactions.types import Discounted, NotUseful
from orchard.kit.ids import as_array

LATELY = timedelta(days=30)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A fact that is said to be not useful, with what it is; `contact_id` is the living contact."""

    said: Discounted
    kind: str
    occurred_at: datetime
    contact_id: int


def discounted(interaction_ids: Collection[int]) -> set[int]:
    """Return which of these facts are said to be not useful."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT interaction_id FROM ledger_discount WHERE ended_by IS NULL AND interaction_id = ANY (%s::bigint[])",
            [as_array(interaction_ids)],
        )
        return {identity for (identity,) in cursor.fetchall()}


def discounts_of(interaction_ids: Iterable[int]) -> dict[int, Discounted]:
    """Return what is said of these facts, by their ids; of whom nothing is said is absent."""
    rows = Discount.objects.filter(interaction_id__in=list(interaction_ids), ended_by__isnull=True)
    return {row.interaction_id: _said(row) for row in rows}


def discounts(
    *, of: Collection[int], told_by: Collection[int]
) -> tuple[dict[int, Discounted], dict[int, NotUseful]]:
    """Return what is said of these facts, and the reason that each of those of the kind `fact.discounted` gives."""
    if not of and not told_by:
        return {}, {}
    rows = Discount.objects.filter(Q(interaction_id__in=of, ended_by__isnull=True) | Q(made_by__in=told_by))
    said, why = {}, {}
    for row in rows:
        if row.ended_by is None and row.interaction_id in of:
            said[row.interaction_id] = _said(row)
        if row.made_by in told_by:
            why[row.made_by] = NotUseful(row.why)
    return said, why


def judged_lately(
    *, now: datetime, member_ids: Collection[int] | None = None
) -> tuple[Sequence[Judged], Sequence[tuple[str, NotUseful, int]]]:
    """Return what is said to be not useful within `LATELY`, the last first, by these members or anybody.

    Beside it stands how often for each kind and reason, the most frequent first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.id, d.interaction_id, d.why, d.member_id, d.said_at, f.kind, f.occurred_at, f.contact_id
              FROM ledger_discount d JOIN facts f ON f.interaction_id = d.interaction_id
             WHERE d.ended_by IS NULL AND d.said_at > %(since)s AND f.contact_id IS NOT NULL
               AND (%(members)s::bigint[] IS NULL OR d.member_id = ANY (%(members)s::bigint[]))
             ORDER BY d.said_at DESC, d.id DESC
            """,
            {"since": now - LATELY, "members": None if member_ids is None else list(member_ids)},
        )
        found = [
            Judged(Discounted(row[0], row[1], NotUseful(row[2]), *row[3:5]), *row[5:])
            for row in cursor.fetchall()
        ]
    counts: dict[tuple[str, NotUseful], int] = {}
    for each in found:
        counts[each.kind, each.said.why] = counts.get((each.kind, each.said.why), 0) + 1
    often = sorted(((*key, number) for key, number in counts.items()), key=lambda row: (-row[2], row[:2]))
    return found[:_SHOWN], often


def _said(row: Discount) -> Discounted:
    return Discounted(row.pk, row.interaction_id, NotUseful(row.why), row.member_id, row.said_at)
