"""How an import is undone: its facts are withdrawn chunk by chunk, then what it created and changed goes back."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from orchard.campaigns import actions as campaigns
from orchard.connect.models import Import
from orchard.connect.types import CHUNK, State
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane, NewFact
from orchard.journal import actions as journal
from orchard.kit import clock
from orchard.kit.errors import Conflict

_ENDED = (State.DONE, State.CANCELLED, State.FAILED)

_FACTS = """
SELECT i.id FROM interaction i
  LEFT JOIN ledger_correction c ON c.interaction_id = i.id AND c.ended_by IS NULL
 WHERE i.import_id = %s AND i.kind NOT LIKE 'fact.%%' AND c.id IS NULL AND i.id > %s ORDER BY i.id LIMIT %s
"""


@transaction.atomic
def undo(*, import_id: int, now: datetime, member_id: int | None = None) -> None:
    """Set an ended import to be undone; a worker does it."""
    if not Import.objects.filter(id=import_id, state__in=_ENDED).update(state=State.UNDOING):
        raise Conflict("Only an import that has ended can be undone, and only once.")
    journal.record(actor_id=member_id, action="import.undo_asked", subject=("import", import_id), now=now)


def undo_on(*, import_id: int, progress: Callable[[int], None] | None = None) -> int:
    """Undo an import that is set to be undone, from wherever an earlier try was stopped; return the facts withdrawn."""
    withdrawn, last = 0, 0
    while ids := _next_facts(import_id, last):
        with transaction.atomic():
            withdrawn += ledger.withdraw(
                interaction_ids=ids, now=clock.now(), lane=Lane.BULK, import_id=import_id
            )
        last = ids[-1]
        if progress:
            progress(withdrawn)
    _take_back(import_id)
    return withdrawn


def _next_facts(import_id: int, after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [import_id, after, CHUNK])
        return [identity for (identity,) in cursor.fetchall()]


@transaction.atomic
def _take_back(import_id: int) -> None:
    made = Import.objects.select_for_update().get(id=import_id)
    if made.state != State.UNDOING:
        return
    now = clock.now()
    campaigns.remove_sources(import_id=import_id)
    contacts.take_back_consents(source=f"import {import_id}")
    undone = contacts.undo_import(import_id=import_id, now=now)
    ledger.append([NewFact("import.undone", now, subject=("import", import_id))], now=now, lane=Lane.BULK)
    made.state = State.UNDONE
    made.remarks = {"removed": undone.removed, "kept": undone.kept, "restored": undone.restored}
    made.save(update_fields=["state", "remarks"])
    journal.record(
        actor_id=made.member_id,
        action="import.undone",
        subject=("import", import_id),
        details=made.remarks,
        now=now,
    )
