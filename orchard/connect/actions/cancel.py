"""How an import is stopped: what is stored stays until it is undone, the rest is left out."""

import shutil
from datetime import datetime
from pathlib import Path

from django.db import transaction

from orchard.connect.models import Import
from orchard.connect.types import State
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict


@transaction.atomic
def cancel(*, import_id: int, now: datetime, member_id: int | None = None) -> None:
    """Stop an import after the rows that are being stored just now."""
    waiting = Import.objects.filter(id=import_id, state=State.QUEUED)
    if waiting.update(state=State.CANCELLED, finished_at=now):
        leave_file(import_id)
    elif not Import.objects.filter(id=import_id, state=State.RUNNING).update(state=State.CANCELLING):
        raise Conflict("This import is not running any more.")
    journal.record(actor_id=member_id, action="import.cancelled", subject=("import", import_id), now=now)


@transaction.atomic
def discard(*, import_id: int) -> None:
    """Throw away an import that was never started."""
    found = Import.objects.select_for_update().filter(id=import_id, state=State.DRAFT).first()
    if found is None:
        raise Conflict("This import was started already; it can be cancelled or undone.")
    leave_file(import_id)
    found.delete()


def leave_file(import_id: int) -> None:
    """Forget the file, and delete it where it is an upload's copy: what it said is stored, or stands refused."""
    row = Import.objects.filter(id=import_id).values_list("kept", "path").first()
    if row is None:
        return
    kept, path = row
    Import.objects.filter(id=import_id).update(path="")
    if kept and path:
        transaction.on_commit(lambda: shutil.rmtree(Path(path).parent, ignore_errors=True))
