"""How a segment is put away and taken out again; what others name stays."""

from datetime import datetime

from django.db import transaction

from orchard.kit.errors import Conflict, Refused
from orchard.segments import rules
from orchard.segments.actions.rights import may_change
from orchard.segments.actions.save import lock, segment_of, tell
from orchard.segments.models import SegmentCount, SegmentMember
from orchard.segments.queries.names import definitions
from orchard.segments.queries.uses import uses_of
from orchard.segments.types import InUse


@transaction.atomic
def archive(*, segment_id: int, actor_id: int, now: datetime) -> None:
    """Put a segment away: nobody can choose it any more, and its members are forgotten.

    Raises `InUse` with the names of those who use it.
    """
    may_change(actor_id)
    lock()
    segment = segment_of(segment_id)
    if segment.archived_at is not None:
        raise Conflict("This segment was put away already.")
    if uses := uses_of(segment_id):
        names = ", ".join(f"“{each.name}”" for each in uses)
        raise InUse("“{name}” is used by {names}. Take it out there first.", name=segment.name, names=names)
    segment.archived_at = now
    segment.save(update_fields=["archived_at"])
    SegmentCount.objects.select_for_update().filter(segment=segment).update(members=0, revision=0)
    SegmentMember.objects.filter(segment_id=segment_id).delete()
    tell("segment.archived", segment, actor_id=actor_id, now=now, details={})


@transaction.atomic
def restore(*, segment_id: int, actor_id: int, now: datetime) -> None:
    """Take a segment out again that was put away; its members are counted anew."""
    may_change(actor_id)
    lock()
    segment = segment_of(segment_id)
    if segment.archived_at is None:
        raise Conflict("This segment is in use already.")
    saved = definitions()
    away = [each for each in rules.named(saved[segment.code].condition) if saved[each].archived]
    if away:
        names = ", ".join(f"“{saved[each].name}”" for each in away)
        raise Refused(
            "“{name}” rests on {names}, put away too. Take that out first.", name=segment.name, names=names
        )
    segment.archived_at = None
    segment.save(update_fields=["archived_at"])
    tell("segment.restored", segment, actor_id=actor_id, now=now, details={})
