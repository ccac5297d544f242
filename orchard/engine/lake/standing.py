"""How far the lake has come, and how large it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Sum

from orchard.engine import catalogue
from orchard.engine.models import LakeFile, LakeTable


@dataclass(frozen=True, slots=True)
class Standing:
    """The lake at a moment: it holds every fact up to `pos`. `synced_at` is empty where there is none yet."""

    pos: int
    synced_at: datetime | None
    files: int
    bytes: int


def standing() -> Standing:
    """Return how the lake stands."""
    logs = [source.name for source in catalogue.installed().lake if source.log]
    come = LakeTable.objects.filter(name__in=logs).aggregate(pos=Min("pos"), at=Max("synced_at"))
    listed = LakeFile.objects.filter(retired_at__isnull=True).aggregate(n=Count("id"), size=Sum("bytes"))
    return Standing(come["pos"] or 0, come["at"], listed["n"], listed["size"] or 0)
