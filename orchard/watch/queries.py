"""Who is alive, and what was slow over the last day."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Max, Sum

from orchard.watch.models import Heartbeat, SlowStatement
from orchard.watch.types import KEPT, SILENT, Beat, Slowness


def beats(*, now: datetime) -> dict[str, Beat]:
    """Return each part of the house that was seen within a day, by its name."""
    rows = defaultdict(list)
    for row in Heartbeat.objects.filter(seen_at__gt=now - KEPT).order_by("-seen_at"):
        rows[row.part].append(row)
    return {part: _beat(part, of_part, now) for part, of_part in sorted(rows.items())}


def slowest(*, now: datetime, size: int = 20) -> list[Slowness]:
    """Return the shapes that were slowest over the last day, the worst first."""
    found = (
        SlowStatement.objects.filter(hour__gt=now - KEPT)
        .values("digest", "place")
        .annotate(shape=Max("shape"), n=Sum("times"), total=Sum("total_ms"), worst=Max("worst_ms"))
        .order_by("-worst", "digest")[:size]
    )
    return [
        Slowness(row["shape"], row["place"], row["n"], row["total"] / row["n"], row["worst"]) for row in found
    ]


def _beat(part: str, rows: list[Heartbeat], now: datetime) -> Beat:
    alive = [row for row in rows if row.seen_at > now - SILENT]
    busy = min(
        (row for row in alive if row.doing_since), key=lambda row: row.doing_since or now, default=None
    )
    return Beat(
        part,
        len(alive),
        rows[0].seen_at,
        busy.doing if busy else "",
        busy.doing_since if busy else None,
        sum(row.memory for row in alive),
    )
