"""How the lake follows the ledger: new facts are appended as files, what changed beside them is taken anew."""

import filecmp
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from orchard.engine import catalogue
from orchard.engine.lake.files import merge_files, write_file
from orchard.engine.models import LakeFile, LakeTable
from orchard.engine.types import LakeSource
from orchard.kit import remaking
from orchard.kit.errors import Conflict

# Facts in one file at most, and how few make a file worth joining with its neighbours.
STEP = 2_000_000
SMALL = 250_000
MANY_SMALL = 8

# So many facts are written while a page waits, at most.
LARGE = 1_000_000

# A reader that listed a file just before it was retired has this long to open it.
GRACE = timedelta(hours=1)

DERIVED = "derived"
"""The folder of what is derived from these files, which is looked after by `derived`."""

_LOCK = 7_202_602


@dataclass(frozen=True, slots=True)
class Synced:
    """What the lake holds after a sync: facts, files, bytes; and the seconds it took."""

    rows: int
    files: int
    bytes: int
    seconds: float


def folder() -> Path:
    """Return where the lake's files lie."""
    return Path(settings.ORCHARD_HOME) / "lake"


def sync(*, now: datetime) -> Synced:
    """Bring every table of the lake up to the last place given; one process at a time.

    Raises Conflict while the projections that it writes are being made anew.
    """
    if remaking.is_under_way():
        raise Conflict("What is derived is being made anew (`orchard rebuild`). Wait until that is done.")
    begun = time.monotonic()
    with alone():
        _sweep(now)
        _mend()
        _write_all(now)
    listed = LakeFile.objects.filter(retired_at__isnull=True)
    facts = {source.name for source in catalogue.installed().lake if source.log}
    sizes = list(listed.values_list("table_id", "rows", "bytes"))
    return Synced(
        rows=sum(rows for name, rows, _ in sizes if name in facts),
        files=len(sizes),
        bytes=sum(size for _, _, size in sizes),
        seconds=round(time.monotonic() - begun, 3),
    )


def freshen(*, now: datetime) -> bool:
    """Bring the lake up to the ledger where that takes a moment, and tell whether it was; a large one is read as it is.

    A page that asks a report must not wait until a million contacts are written anew: the worker does that. Raises
    Conflict where nothing can be read until it has.
    """
    logs = [source.name for source in catalogue.installed().lake if source.log]
    listed = LakeFile.objects.filter(retired_at__isnull=True)
    taken_anew = listed.exclude(table_id__in=logs).aggregate(rows=Sum("rows"))["rows"]
    is_whole = taken_anew is not None and not _spoilt()
    is_long = taken_anew > SMALL if is_whole else _head_of_ledger() > LARGE
    if is_long or remaking.is_under_way():
        if not is_whole:
            raise Conflict(
                "The figures are being made ready, after an upgrade or a restore. Open this page again in some minutes."
            )
        return False
    sync(now=now)
    return True


def _head_of_ledger() -> int:
    with connection.cursor() as cursor:
        cursor.execute(catalogue.installed().head)
        return int(cursor.fetchone()[0])


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else write files of the lake meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def head_of(source: LakeSource) -> int:
    """Return the place up to which a table may be written by now."""
    if not source.head:
        return _head_of_ledger()
    with connection.cursor() as cursor:
        cursor.execute(source.head)
        return int(cursor.fetchone()[0])


def _write_all(now: datetime) -> None:
    """Bring every table up to the last place given; those that need not be written are told so together."""
    tables = {table.name: table for table in LakeTable.objects.all()}
    paths: dict[str, list[Path]] = defaultdict(list)
    listed = LakeFile.objects.filter(retired_at__isnull=True).values_list("table_id", "path")
    for name, path in listed:
        paths[name].append(folder() / path)
    # The place is read first: what changes while rows are copied is in them, or is found by the next sync.
    head = _head_of_ledger()
    same: dict[int, list[str]] = defaultdict(list)
    for source in catalogue.installed().lake:
        table = tables.get(source.name) or LakeTable.objects.create(name=source.name, shape=source.shape)
        upto = head_of(source) if source.head else head
        if source.log:
            if not _append(table, source, upto, now):
                same[table.pos].append(source.name)
        elif not _retaken(table, source, upto, paths[source.name], now):
            same[upto].append(source.name)
    for upto, names in same.items():
        LakeTable.objects.filter(name__in=names).update(pos=upto, synced_at=now)


def _append(table: LakeTable, source: LakeSource, head: int, now: datetime) -> bool:
    """Write the facts between the table's place and the last one given, and tell whether there were any.

    They stand still, so no lock is needed.
    """
    before = table.pos
    while table.pos < head:
        upto = min(table.pos + STEP, head)
        path = new_path(source, f"{table.pos + 1}-{upto}")
        rows, size = write_file(source, path, after=table.pos, upto=upto)
        with transaction.atomic():
            written(table, path, (table.pos + 1, upto), (rows, size), now).save()
            table.pos, table.synced_at = upto, now
            table.save(update_fields=["pos", "synced_at"])
    _compact(table, source, now)
    return table.pos > before


def _retaken(table: LakeTable, source: LakeSource, head: int, before: Sequence[Path], now: datetime) -> bool:
    """Take a table anew where a fact since its place says that it changed, and tell whether it had."""
    if before and not _changed(source, table.pos, head):
        return False
    path = new_path(source, f"at-{head}")
    rows, size = write_file(source, path)
    if _is_as_before(before, path):
        path.unlink()
        return False
    with transaction.atomic():
        LakeFile.objects.filter(table=table, retired_at__isnull=True).update(retired_at=now)
        written(table, path, (0, head), (rows, size), now).save()
        LakeTable.objects.filter(name=table.name).update(pos=head, synced_at=now)
    return True


def written(
    table: LakeTable, path: Path, places: tuple[int, int], size: tuple[int, int], now: datetime
) -> LakeFile:
    """Return the line of the manifest, not yet saved, for a file: its first and last place, its rows and bytes."""
    return LakeFile(
        table=table,
        path=str(path.relative_to(folder())),
        first_pos=places[0],
        last_pos=places[1],
        rows=size[0],
        bytes=size[1],
        made_at=now,
    )


def _is_as_before(before: Sequence[Path], path: Path) -> bool:
    """Tell whether a file holds what the one listed holds: what is derived from that stays as it is."""
    return len(before) == 1 and before[0].exists() and filecmp.cmp(before[0], path, shallow=False)


def _changed(source: LakeSource, after: int, upto: int) -> bool:
    if not (source.changed_by or source.changed_where):
        return True
    if after >= upto:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ledger_order o JOIN interaction i ON i.id = o.interaction_id"  # noqa: S608 - our own text
            f" WHERE o.pos > %s AND o.pos <= %s"
            f" AND (i.kind = ANY (%s) OR {source.changed_where or 'false'}))",
            [after, upto, sorted(source.changed_by)],
        )
        return bool(cursor.fetchone()[0])


def _compact(table: LakeTable, source: LakeSource, now: datetime) -> None:
    """Join small neighbours into one file, so that a lake synced every minute stays quick to read."""
    listed = LakeFile.objects.filter(table=table, retired_at__isnull=True).order_by("first_pos")
    small = [file for file in listed if file.rows < SMALL]
    if len(small) < MANY_SMALL:
        return
    run = _neighbours(small)
    path = new_path(source, f"{run[0].first_pos}-{run[-1].last_pos}")
    rows, size = merge_files([folder() / file.path for file in run], path)
    with transaction.atomic():
        LakeFile.objects.filter(id__in=[file.id for file in run]).update(retired_at=now)
        written(table, path, (run[0].first_pos, run[-1].last_pos), (rows, size), now).save()


def _neighbours(small: list[LakeFile]) -> list[LakeFile]:
    """Return the longest stretch of small files that follow each other without a gap."""
    best: list[LakeFile] = []
    run: list[LakeFile] = []
    for file in small:
        run = [*run, file] if run and run[-1].last_pos + 1 == file.first_pos else [file]
        best = max(best, run, key=len)
    return best


def new_path(source: LakeSource, says: str) -> Path:
    """Return where a new file of a table goes; `says` is what is in it."""
    place = folder() / source.name
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{says}-{uuid4().hex[:8]}.parquet"


def _mend() -> None:
    """Forget a table that cannot be read as it is, so that it is made anew."""
    LakeTable.objects.filter(pk__in=_spoilt()).delete()


def _spoilt() -> set[str]:
    """Return the tables of which a file is gone, as after a disk was lost, and those that an earlier Orchard wrote."""
    listed = LakeFile.objects.filter(retired_at__isnull=True).values_list("table_id", "path")
    gone = {str(table) for table, path in listed if not (folder() / path).exists()}
    shapes = {source.name: source.shape for source in catalogue.installed().lake}
    return gone | {
        name for name, shape in LakeTable.objects.values_list("name", "shape") if shape != shapes.get(name)
    }


def _sweep(now: datetime) -> None:
    """Delete files that were retired a while ago, and those that a killed process left unlisted."""
    old = LakeFile.objects.filter(retired_at__lt=now - GRACE)
    for path in old.values_list("path", flat=True):
        (folder() / path).unlink(missing_ok=True)
    old.delete()
    known = set(LakeFile.objects.values_list("path", flat=True))
    for found in folder().glob("*/*"):
        if str(found.relative_to(folder())) in known or found.parent.name == DERIVED:
            continue
        if found.is_dir():
            shutil.rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)
