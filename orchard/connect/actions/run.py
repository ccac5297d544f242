"""How an import runs: claimed by one process at a time, chunk by chunk, so that it survives a kill and resumes."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from orchard.connect import csv, opening
from orchard.connect.actions.cancel import leave_file
from orchard.connect.actions.declare import declare_fields
from orchard.connect.actions.relay import Share, chunks, store_rest
from orchard.connect.actions.store import LOST, Errand, counts_of, facts_of, people_of, plain_cells, plan_of
from orchard.connect.models import Import, RejectedRow
from orchard.connect.types import CHUNK, LEASE, Counts, Lost, State
from orchard.journal import actions as journal
from orchard.kit import clock
from orchard.kit.errors import Refused


def run(*, import_id: int, progress: Callable[[int], None] | None = None, chunk: int = CHUNK) -> Counts:
    """Store the rest of an import that is queued, or was left running by a process that died; return all counts.

    What was stored before a kill is not stored again: how far it is, is committed with each chunk. Raises `Refused`
    where the file or its map cannot be read (the import is then failed, with the sentence), and `Lost`
    where another process has it. `chunk` rows are stored together.
    """
    token = _claim(import_id)
    made = Import.objects.get(id=import_id)
    try:
        reading = opening.reading_of(made)
        Import.objects.filter(id=import_id, claim=token).update(
            rows_total=reading.tally.rows,
            known=reading.known,
            header=reading.table.header,
            columns=reading.map.needs(reading.table.header),
            delimiter=reading.table.delimiter,
            found=reading.found,
            beside=reading.table.constants,
        )
        declare_fields(reading.map, now=clock.now(), actor_id=made.member_id)
        at_once = made.loud or bool(reading.map.consent)
        share = Share(Errand(import_id, token, plan_of(reading.map), at_once), reading, chunk)
        state = State.DONE if store_rest(share, progress=progress) else State.CANCELLED
        _complete_rejects(import_id, reading)
    except Lost:
        raise
    except Refused as error:
        _end(import_id, token, State.FAILED, error=error.args[0] if error.args else "")
        raise
    return _end(import_id, token, state)


def rehearse(*, import_id: int, progress: Callable[[int], None] | None = None) -> Counts:
    """Return what an import would do, and do nothing: every chunk is stored and taken back.

    A person named again in a later chunk counts as created twice.
    """
    made = Import.objects.filter(id=import_id, state=State.DRAFT).first()
    if made is None:
        raise Lost("This import was started already.")
    reading, counts = opening.reading_of(made), Counts()
    plan = plan_of(reading.map)
    for each in chunks(Share(Errand(import_id, uuid4(), plan), reading, CHUNK)):
        with transaction.atomic():
            results = people_of(made, each, plan, now=clock.now())
            told = facts_of(made, each, results, now=clock.now())
            transaction.set_rollback(True)
        counts += counts_of(each, results) + Counts(interactions=told)
        if progress:
            progress(counts.rows)
    return counts


def _claim(import_id: int) -> UUID:
    """Take the import for this process; one that another process holds and still renews is refused."""
    token, now = uuid4(), clock.now()
    with transaction.atomic():
        made = Import.objects.select_for_update().filter(id=import_id).first()
        held = made and made.claimed_until and made.claimed_until > now
        if made is None or made.state not in {State.QUEUED, State.RUNNING, State.CANCELLING} or held:
            raise Lost("This import is run by another process, or has ended.")
        if made.state == State.QUEUED:
            made.state = State.RUNNING
        made.claim, made.claimed_until = token, now + LEASE
        made.started_at = made.started_at or now
        made.people_row = max(made.people_row, made.last_row)  # an earlier release knew the one step only
        made.save(update_fields=["state", "claim", "claimed_until", "started_at", "people_row"])
    return token


def _complete_rejects(import_id: int, reading: csv.Reading) -> None:
    """Give the rows that were refused only when they were stored their cells, for whoever mends them."""
    bare = set(RejectedRow.objects.filter(made_by=import_id, cells=[]).values_list("row", flat=True))
    if not bare:
        return
    cells = {number: plain_cells(found) for number, found, _ in reading.table.records() if number in bare}
    rows = list(RejectedRow.objects.filter(made_by=import_id, row__in=cells))
    for each in rows:
        each.cells = cells[each.row]
    RejectedRow.objects.bulk_update(rows, ["cells"], batch_size=2_000)


@transaction.atomic
def _end(import_id: int, token: UUID, state: State, *, error: str = "") -> Counts:
    ended: datetime = clock.now()
    mine = Import.objects.filter(id=import_id, claim=token)
    if not mine.update(state=state, finished_at=ended, error=error, claim=None, claimed_until=None):
        raise Lost(LOST)
    made = Import.objects.get(id=import_id)
    counts = Counts(made.rows, made.created, made.updated, made.unchanged, made.rejected, made.interactions)
    journal.record(
        actor_id=made.member_id,
        action=f"import.{state}",
        subject=("import", import_id),
        details={"file": made.file_name, "rows": made.rows, "rejected": made.rejected},
        now=ended,
    )
    leave_file(import_id)
    return counts
