"""How members follow what happens and what time does: whom it concerns is asked for all segments at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orchard.contacts import queries as contacts
from orchard.interactions.types import Fact
from orchard.kit import clock
from orchard.segments.actions.keep import keep, let_go, locked
from orchard.segments.models import SegmentCount, SegmentMember
from orchard.segments.queries.work import askable, concerned

AT_ONCE = 2_000


@transaction.atomic
def follow(*, facts: Sequence[Fact], now: datetime) -> int:
    """Ask whom these facts concern for every segment; return how many memberships are another."""
    held = locked()
    segments = askable(held)
    people = concerned(segments, facts) if held else set()
    if not people:
        return 0
    # Segments that cannot be asked keep whom they had, but for those who are not there any more.
    asked = {each.id for each in segments}
    let_go(
        [each for each in held if each not in asked],
        people.difference(contacts.contact_ids(ids=people)),
        now=now,
    )
    return keep(segments, people, hour=clock.full_hour(now), now=now)


@transaction.atomic
def follow_due(*, now: datetime) -> int:
    """Ask some of those whom time turns by now; return how many that were.

    Segments that somebody else works on are left for the next look.
    """
    segments = askable(locked(skip=True))
    hour = clock.full_hour(now)
    due = SegmentMember.objects.filter(
        segment_id__in=[each.id for each in segments], changes_at__lte=hour
    ).select_for_update(skip_locked=True)
    people = set(due.order_by("contact_id").values_list("contact_id", flat=True)[:AT_ONCE])
    if people:
        keep(segments, people, hour=hour, now=now)
    return len(people)


def forget_members() -> None:
    """Empty the projection before a rebuild; that everybody was asked for a segment stays known."""
    SegmentMember.objects.all().delete()
    SegmentCount.objects.update(members=0)
