"""How every projection is dropped and built anew from the ledger; reactions stay as they happened."""

from collections.abc import Callable, Sequence

from django.db import transaction

from orchard.interactions.actions.read_on import drain
from orchard.interactions.models import Cursor, Stuck
from orchard.interactions.types import Consumer, Sort


def rebuild(consumers: Sequence[Consumer], *, progress: Callable[[int], None] | None = None) -> int:
    """Empty all projections, set their cursors to the beginning and read to the end; return the facts read."""
    projections = [consumer for consumer in consumers if consumer.sort is Sort.PROJECTION]
    names = [consumer.name for consumer in projections]
    drain(consumers)
    with transaction.atomic():
        for consumer in projections:
            if consumer.reset:
                consumer.reset()
        Cursor.objects.filter(consumer__in=names).update(pos=0)
        Stuck.objects.filter(consumer__in=names).delete()
    drain(projections, progress=progress)
    return max(Cursor.objects.filter(consumer__in=names).values_list("pos", flat=True), default=0)
