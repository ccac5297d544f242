"""How an import runs: chunk by chunk, each one transaction with its counts, so that it survives a kill and resumes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from django.db import transaction

from orchard.connect import csv, opening
from orchard.connect.actions.cancel import leave_file
from orchard.connect.actions.declare import declare_fields
from orchard.connect.actions.store import Chunk, Plan, chunk_of, plain_cells, plan_of, store_chunk
from orchard.connect.csv.types import Reject, Row
from orchard.connect.models import Import, RejectedRow
from orchard.connect.types import CHUNK, LEASE, Counts, Lost, State
from orchard.journal import actions as journal
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.garbage import swept, uncollected

# Chunks after which the few cycles are freed that storing them has made.
SWEEP = 32


def run(*, import_id: int, progress: Callable[[int], None] | None = None, chunk: int = CHUNK) -> Counts:
    """Store the rest of an import that is queued, or was left running by a process that died; return all counts.

    What was stored before a kill is not stored again: the number of the last row is committed with its chunk. Raises
    `Refused` where the file or its map cannot be read (the import is then failed, with the sentence), and `Lost`
    where another process has it. `chunk` rows are stored in one transaction.
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
        plan = plan_of(reading.map)
        state = State.DONE
        with uncollected():
            for place, rows in enumerate(_ahead(_chunks(reading.rows(after=made.last_row), chunk, plan))):
                if _is_cancelled(import_id):
                    state = State.CANCELLED
                    break
                store_chunk(import_id=import_id, token=token, chunk=rows, plan=plan, now=clock.now())
                if place % SWEEP == SWEEP - 1:
                    swept()
                if progress:
                    progress(Import.objects.values_list("rows", flat=True).get(id=import_id))
        _complete_rejects(import_id, reading)
    except Lost:
        raise
    except Refused as error:
        _end(import_id, token, State.FAILED, error=str(error))
        raise
    remarks = {sentence: count for sentence, count in reading.remarks.items() if count}
    Import.objects.filter(id=import_id, claim=token).update(remarks=remarks)
    return _end(import_id, token, state)


def rehearse(*, import_id: int, progress: Callable[[int], None] | None = None) -> Counts:
    """Return what an import would do, and do nothing: every chunk is stored and taken back.

    A person named again in a later chunk counts as created twice.
    """
    Import.objects.filter(id=import_id, state=State.DRAFT).update(state=State.QUEUED)
    token = _claim(import_id)
    made = Import.objects.get(id=import_id)
    counts = Counts()
    try:
        reading = opening.reading_of(made)
        plan = plan_of(reading.map)
        for rows in _ahead(_chunks(reading.rows(), CHUNK, plan)):
            with transaction.atomic():
                counts += store_chunk(
                    import_id=import_id, token=token, chunk=rows, plan=plan, now=clock.now()
                )
                transaction.set_rollback(True)
            if progress:
                progress(counts.rows)
    finally:
        Import.objects.filter(id=import_id, claim=token).update(
            state=State.DRAFT, claim=None, claimed_until=None
        )
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
        made.save(update_fields=["state", "claim", "claimed_until", "started_at"])
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


def _chunks(rows: Iterator[Row | Reject], size: int, plan: Plan) -> Iterator[Chunk]:
    while found := list(islice(rows, size)):
        yield chunk_of(found, plan)


def _ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Read the next chunk while the database stores this one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk


def _is_cancelled(import_id: int) -> bool:
    return Import.objects.filter(id=import_id, state=State.CANCELLING).exists()


@transaction.atomic
def _end(import_id: int, token: UUID, state: State, *, error: str = "") -> Counts:
    ended: datetime = clock.now()
    mine = Import.objects.filter(id=import_id, claim=token)
    if not mine.update(state=state, finished_at=ended, error=error, claim=None, claimed_until=None):
        raise Lost("Another process has taken this import over.")
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
