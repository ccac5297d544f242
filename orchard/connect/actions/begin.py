"""How an import begins: a file is taken in, given its map, and set to run."""

import errno
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from orchard.connect.models import Import
from orchard.connect.queries import how_begun, one
from orchard.connect.types import State
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused


@transaction.atomic
def begin(
    *,
    file_name: str,
    now: datetime,
    upload: BinaryIO | None = None,
    path: Path | None = None,
    member_id: int | None = None,
) -> int:
    """Take in a file, uploaded (a copy is kept until the import has ended) or by its `path`; return the import."""
    made = Import.objects.create(
        file_name=Path(file_name).name[:255],
        path=str(path.absolute()) if path else "",
        kept=upload is not None,
        member_id=member_id,
        state=State.DRAFT,
        created_at=now,
    )
    if upload is not None:
        Import.objects.filter(id=made.id).update(path=str(_kept(upload, made.id, file_name)))
    return made.id


def describe(*, import_id: int, map_text: str, sheet: str = "", known: str = "", loud: bool = False) -> None:
    """Say how the file is to be read; only before it runs."""
    changed = Import.objects.filter(id=import_id, state=State.DRAFT).update(
        map_text=map_text, sheet=sheet, known=known, loud=loud
    )
    if not changed:
        raise Conflict(how_begun(one(import_id)))


def _kept(upload: BinaryIO, import_id: int, file_name: str) -> Path:
    """Copy an upload to the folder of its import, which nobody but Orchard reads."""
    folder = settings.ORCHARD_HOME / "imports" / str(import_id)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / _harmless(file_name)
        with target.open("wb") as copy:
            shutil.copyfileobj(upload, copy, 1 << 20)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise Refused(
            "The disk is full, so the file was not taken in. Ask whoever runs Orchard to make room."
        ) from error
    return target


def _harmless(file_name: str) -> str:
    """Return a name that any file system takes: its end is kept, since that says what the file is."""
    plain = re.sub(r"[^\w.() -]+", "_", Path(file_name).name)[-60:].strip(". ")
    return plain or "file"


@transaction.atomic
def launch(*, import_id: int, now: datetime, member_id: int | None = None) -> None:
    """Set the import to run; a worker takes it up."""
    if not Import.objects.filter(id=import_id, state=State.DRAFT).update(state=State.QUEUED):
        raise Conflict(how_begun(one(import_id)))
    journal.record(actor_id=member_id, action="import.started", subject=("import", import_id), now=now)
