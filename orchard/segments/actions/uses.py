"""How rooms above note that something of theirs names segments, so that nobody puts these away."""

from collections.abc import Collection

from django.db import transaction

from orchard.kit.errors import Refused
from orchard.segments.actions.save import lock
from orchard.segments.models import Segment, SegmentUse


@transaction.atomic
def note_uses(*, used_by: str, used_by_id: int, name: str, codes: Collection[str]) -> None:
    """Note which segments something names from now on, and no others; `used_by` is its sort, such as `program`."""
    if codes:
        lock()
    there = dict(Segment.objects.filter(code__in=codes, archived_at__isnull=True).values_list("code", "id"))
    if gone := sorted(set(codes) - there.keys()):
        raise Refused("There is no segment `{code}` any more. Choose another one.", code=gone[0])
    SegmentUse.objects.filter(used_by=used_by, used_by_id=used_by_id).delete()
    SegmentUse.objects.bulk_create(
        SegmentUse(segment_id=each, used_by=used_by, used_by_id=used_by_id, name=name)
        for each in sorted(there.values())
    )
