"""Whom members put aside: for the day of each, and lately by everybody, for those who wonder why nothing happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from orchard.interactions import queries as ledger
from orchard.tasks.models import PutAside
from orchard.tasks.queries.steps import today_of
from orchard.tasks.types import Aside, Holder
from orchard.team import queries as team

LATELY = timedelta(days=30)
_MOST = 200
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SetAside:
    """Somebody who was put aside: by whom, until which day, why, and in which words. `contact_id` is the living one."""

    id: int
    contact_id: int
    member: str
    why: Aside
    words: str
    until: date
    put_at: datetime


def aside_of(member: Holder, *, now: datetime) -> list[SetAside]:
    """Return whom a member has put aside as of now, who comes back first on top."""
    rows = PutAside.objects.filter(
        member=member.pk, ended_at__isnull=True, until__gt=today_of(member, now)
    ).order_by("until", "id")
    return _shown(rows[:_MOST])


def aside_lately(*, now: datetime) -> tuple[Sequence[SetAside], int]:
    """Return who was put aside within `LATELY` by members of one's reach, the last first, and how many there were."""
    rows, members = PutAside.objects.filter(put_at__gt=now - LATELY), team.reach().members
    if members is not None:
        rows = rows.filter(member__in=members)
    return _shown(rows.order_by("-put_at", "-id")[:_SHOWN]), rows.count()


def is_aside_of(member_id: int, aside_id: int) -> bool:
    """Tell whether it was the member who put somebody aside."""
    return PutAside.objects.filter(id=aside_id, member=member_id).exists()


def _shown(rows: QuerySet[PutAside]) -> list[SetAside]:
    found = list(rows.select_related("member"))
    living = ledger.living({row.contact_id for row in found})
    words = ledger.words_of([row.fact_id for row in found])
    return [
        SetAside(
            row.pk,
            living[row.contact_id],
            row.member.name,
            Aside(row.why),
            words.get(row.fact_id, ""),
            row.until,
            row.put_at,
        )
        for row in found
    ]
