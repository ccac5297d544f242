"""How the lake is written anew from PostgreSQL while readers keep the old files until the new ones are whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from orchard.engine import catalogue
from orchard.engine.lake.derived import forget_derived
from orchard.engine.lake.files import differing, write_file
from orchard.engine.lake.sync import STEP, alone, folder, head_of, new_path, sync, written
from orchard.engine.models import LakeFile, LakeTable
from orchard.engine.types import LakeSource


@dataclass(frozen=True, slots=True)
class Remade:
    """What was written: the rows of all tables, and how many of them are not as they stood in the lake before."""

    rows: int
    differences: int


def remake(*, now: datetime) -> Remade:
    """Write every table of the lake anew up to where it stands, and compare it with what stood."""
    sync(now=now)
    rows = differences = 0
    with alone():
        for source in catalogue.installed().lake:
            table = LakeTable.objects.get(name=source.name)
            before = LakeFile.objects.filter(table=table, retired_at__isnull=True)
            upto = table.pos if source.log else head_of(source)
            after = list(_files(table, source, upto, now))
            differences += differing(_paths(list(before)), _paths(after))
            rows += sum(file.rows for file in after)
            with transaction.atomic():
                before.update(retired_at=now)
                LakeFile.objects.bulk_create(after)
                LakeTable.objects.filter(name=source.name).update(pos=upto, synced_at=now)
        if differences:
            forget_derived()
    return Remade(rows, differences)


def _files(table: LakeTable, source: LakeSource, upto: int, now: datetime) -> Iterator[LakeFile]:
    """Write the files of a table, and yield their lines of the manifest."""
    if not source.log:
        path = new_path(source, f"at-{upto}")
        yield written(table, path, (0, upto), write_file(source, path), now)
        return
    for after in range(0, upto, STEP):
        last = min(after + STEP, upto)
        path = new_path(source, f"{after + 1}-{last}")
        yield written(table, path, (after + 1, last), write_file(source, path, after=after, upto=last), now)


def _paths(files: list[LakeFile]) -> list[Path]:
    return [folder() / file.path for file in files]
