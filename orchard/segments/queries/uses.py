"""Who names a segment: other segments, and what rooms above have noted."""

from orchard.segments import rules
from orchard.segments.models import Segment, SegmentUse
from orchard.segments.queries.names import definitions
from orchard.segments.types import Use


def uses_of(segment_id: int) -> list[Use]:
    """Return whoever names this segment, but for what is put away."""
    return all_uses().get(segment_id, [])


def all_uses() -> dict[int, list[Use]]:
    """Return whoever names segments, by the id of what is named."""
    saved, found = definitions(), dict[int, list[Use]]()
    for each in saved.values():
        for code in rules.named(each.condition) if not each.archived else ():
            if code in saved:
                found.setdefault(saved[code].id, []).append(Use("segment", each.id, each.name))
    rows = SegmentUse.objects.order_by("used_by", "name", "id")
    for segment, used_by, used_by_id, name in rows.values_list("segment_id", "used_by", "used_by_id", "name"):
        found.setdefault(segment, []).append(Use(used_by, used_by_id, name))
    return found


def is_there_any() -> bool:
    """Return whether any segment is in use: before, nobody's membership can turn."""
    return Segment.objects.filter(archived_at__isnull=True).exists()
