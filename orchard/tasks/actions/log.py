"""How what happened with a contact is logged, once for each form, and taken back while it is fresh."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks.actions.facts import untell
from orchard.tasks.actions.steps import finish, plan, reopen
from orchard.tasks.models import Log, Notice, Task
from orchard.tasks.types import (
    TAKEN_BACK_WITHIN,
    Happened,
    Logged,
    NewStep,
    NotOpen,
    Subject,
    Turn,
    UnknownLog,
)

_EARLIEST = 1900


@transaction.atomic
def log(
    *,
    happened: Happened | str,
    contact_id: int,
    member_id: int,
    now: datetime,
    key: UUID,
    at: datetime | None = None,
    words: str = "",
    account_id: int | None = None,
    subject: Subject | None = None,
    does: int | None = None,
    next_step: NewStep | None = None,
) -> Logged:
    """Append what happened with a contact (`at`, now where it is None), and keep what was said beside it.

    `key` is the form's own: sent again, it writes nothing and answers as before. `does` names the task that is done
    by it, unless a colleague did it meanwhile; `next_step` is planned in the same breath.
    """
    if at is not None and at > now:
        raise Refused("This lies in the future. What is to come is planned, not logged.").at("at")
    if at is not None and at.year < _EARLIEST:
        raise Refused("This lies before 1900. Look at the year.").at("at")
    fact = NewFact(
        Happened(happened).kind,
        at or now,
        contact_id=contact_id,
        account_id=account_id,
        subject=subject,
        member_id=member_id,
        key=f"task.log:{member_id}:{key}",
    )
    (interaction_id,) = ledger.append([fact], now=now)
    if interaction_id is None:
        return _before(member_id, key)
    ledger.keep_words([(interaction_id, contact_id, words.strip())])
    did = _does(does, contact_id)
    if did is not None:
        finish(did, by=member_id, now=now)
    planned = (
        plan(
            next_step,
            contact_id=contact_id,
            account_id=account_id,
            subject=subject,
            made_by=member_id,
            now=now,
        )
        if next_step
        else None
    )
    entry = Log.objects.create(
        key=key,
        member_id=member_id,
        happened=Happened(happened),
        contact_id=contact_id,
        interaction_id=interaction_id,
        did=did,
        planned=planned,
        logged_at=now,
    )
    _note("contact.logged", entry, now)
    return Logged(entry.pk, interaction_id, planned.pk if planned else None, fresh=True)


@transaction.atomic
def unlog(*, log_id: int, by: int, now: datetime) -> None:
    """Take back what one logged oneself, a short time ago.

    The task that it did is open again, and the step that was planned with it goes, unless somebody changed it since.
    """
    entry = Log.objects.select_for_update().filter(id=log_id).first()
    if entry is None:
        raise UnknownLog("There is no such entry.")
    if entry.member_id != by:
        raise NotAllowed("Only who logged it may take it back.")
    if entry.undone_at is not None:
        raise NotOpen("This is taken back already.")
    if now - entry.logged_at > TAKEN_BACK_WITHIN:
        minutes = TAKEN_BACK_WITHIN.seconds // 60
        raise Refused(
            "An entry can be taken back for {minutes} minutes. Log what is right beside it.", minutes=minutes
        )
    ledger.withdraw(interaction_ids=[entry.interaction_id], now=now, member_id=by)
    ids = [each for each in (entry.did_id, entry.planned_id) if each is not None]
    held = {task.pk: task for task in Task.objects.select_for_update().filter(id__in=ids).order_by("id")}
    did, planned = held.get(entry.did_id or 0), held.get(entry.planned_id or 0)
    Log.objects.filter(id=log_id).update(undone_at=now)
    if did is not None and did.done_at == entry.logged_at:
        reopen(did, by=by, now=now)
    if planned is not None and planned.changed_at == planned.created_at and not planned.dropped_at:
        _unplan(planned, by=by, now=now)
    _note("contact.log_undone", entry, now)


def _note(action: str, entry: Log, now: datetime) -> None:
    """Note in the audit book who logged what with whom, or took it back; never what was said."""
    journal.record(
        actor_id=entry.member_id,
        action=action,
        subject=("contact", entry.contact_id),
        details={"happened": Happened(entry.happened).kind},
        now=now,
    )


def _before(member_id: int, key: UUID) -> Logged:
    entry = Log.objects.get(member=member_id, key=key)
    return Logged(entry.pk, entry.interaction_id, entry.planned_id, fresh=False)


def _does(task_id: int | None, contact_id: int) -> Task | None:
    """Return the open task that is done by it, held; refuse one with somebody else."""
    if task_id is None:
        return None
    task = Task.objects.select_for_update().filter(id=task_id).first()
    if task is None or task.done_at or task.dropped_at:
        return None
    living = facts.living([contact_id, task.contact_id or 0])
    if living[contact_id] != living[task.contact_id or 0]:
        raise Refused("This step is with somebody else. Log it on that contact's page.")
    return task


def _unplan(task: Task, *, by: int, now: datetime) -> None:
    untell(task, {Turn.PLANNED}, by=by, now=now)
    Notice.objects.filter(subject_kind="task", subject_id=task.pk).delete()
    task.delete()
