"""How a step is planned, changed, put off, done, dropped, and how the last of these is taken back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from orchard.journal import actions as journal
from orchard.kit.errors import Refused, refuse_unseen
from orchard.tasks import rules
from orchard.tasks.actions.facts import ENDS, tell, untell
from orchard.tasks.actions.notices import notify
from orchard.tasks.models import Task
from orchard.tasks.types import TITLE_LENGTH, Holder, NewStep, NotOpen, Subject, Turn, UnknownTask, What
from orchard.team import queries as team


@transaction.atomic
def plan_step(
    *,
    what: What | str,
    member_id: int,
    now: datetime,
    made_by: int | None,
    due_on: date | None = None,
    title: str = "",
    contact_id: int | None = None,
    account_id: int | None = None,
    subject: Subject | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
) -> int:
    """Plan a step for a member and return its id; whoever gets it from a colleague is told.

    A meeting has `starts_at` and `ends_at`, everything else a day (`due_on`). `made_by` None: a room planned it.
    """
    step = NewStep(What(what), due_on, title, starts_at, ends_at, place, member_id)
    return plan(
        step,
        contact_id=contact_id,
        account_id=account_id,
        subject=subject,
        made_by=made_by,
        holder=_at_work(member_id),
        now=now,
    ).pk


def plan(
    step: NewStep,
    *,
    contact_id: int | None,
    account_id: int | None,
    subject: Subject | None,
    made_by: int | None,
    holder: Holder | None = None,
    now: datetime,
) -> Task:
    """Write a new step in the caller's transaction; without a holder, whoever makes it does it."""
    member = holder or _at_work(step.member_id or made_by or 0)
    task = Task(
        member_id=member.pk,
        made_by_id=made_by,
        contact_id=contact_id,
        account_id=account_id,
        subject_kind=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        created_at=now,
    )
    _set(task, step, member, now)
    task.save()
    tell(Turn.PLANNED, [task], by=made_by, now=now)
    _tell_holder(task, by=made_by, now=now)
    return task


@transaction.atomic
def change_step(*, task_id: int, step: NewStep, by: int, now: datetime, seen: datetime | None = None) -> None:
    """Set what a step says and who does it; `seen` is its last change as it was shown (`Step.seen`)."""
    task = open_task(task_id)
    refuse_unseen("step", stands=task.changed_at, seen=seen)
    before = (task.member_id, task.starts_at, task.ends_at, task.title, task.place, task.what)
    member = _at_work(step.member_id or task.member_id)
    was_day, task.due_before = task.due_on, None
    _set(task, step, member, now)
    task.member_id = member.pk
    after = (task.member_id, task.starts_at, task.ends_at, task.title, task.place, task.what)
    if before == after and was_day == task.due_on:
        return
    task.sequence += 1
    task.save()
    tell(Turn.CHANGED, [task], by=by, now=now)
    if member.pk != before[0]:
        _tell_holder(task, by=by, now=now)


@transaction.atomic
def snooze(*, task_id: int, until: date, by: int, now: datetime) -> None:
    """Put a step off to a later day."""
    task = open_task(task_id)
    if task.what == What.MEETING:
        raise Refused("A meeting has a time. Move it on its page.")
    rules.checked_day(until, today=now.astimezone(ZoneInfo(task.member.time_zone)).date())
    task.due_before, task.due_on = task.due_on, until
    _look_again(task, now)
    task.save()
    tell(Turn.CHANGED, [task], by=by, now=now)


@transaction.atomic
def done(*, task_id: int, by: int, now: datetime, outcome: str = "") -> None:
    """Mark a step as done."""
    finish(open_task(task_id), by=by, now=now, outcome=outcome)


def finish(task: Task, *, by: int, now: datetime, outcome: str = "") -> None:
    """Mark a step, held by the caller's transaction, as done."""
    task.done_at = now
    _end(task, outcome, now)
    task.save()
    tell(Turn.DONE, [task], by=by, now=now)
    journal.record(actor_id=by, action="task.done", subject=("task", task.pk), now=now)


@transaction.atomic
def drop(*, task_id: int, by: int, now: datetime, reason: str = "") -> None:
    """Drop a step, or cancel a meeting: it is not done and need not be."""
    task = open_task(task_id)
    task.dropped_at = now
    _end(task, reason, now)
    task.sequence += 1
    task.save()
    tell(Turn.DROPPED, [task], by=by, now=now)
    journal.record(actor_id=by, action="task.dropped", subject=("task", task.pk), now=now)


@transaction.atomic
def take_back(*, task_id: int, by: int, now: datetime) -> None:
    """Let a step that was done or dropped be open again, or be due when it was before it was put off."""
    task = _held(task_id)
    if task.done_at or task.dropped_at:
        reopen(task, by=by, now=now)
        journal.record(actor_id=by, action="task.reopened", subject=("task", task.pk), now=now)
    elif task.due_before is not None:
        task.due_on, task.due_before = task.due_before, None
        _look_again(task, now)
        task.save()
        tell(Turn.CHANGED, [task], by=by, now=now)
    else:
        raise NotOpen("There is nothing left to take back.")


def reopen(task: Task, *, by: int | None, now: datetime) -> None:
    """Let an ended step, held by the caller's transaction, be open again; that it ended is withdrawn."""
    untell(task, ENDS, by=by, now=now)
    task.sequence += bool(task.dropped_at)
    task.done_at = task.dropped_at = None
    task.outcome = ""
    _look_again(task, now)
    task.save()


def open_task(task_id: int) -> Task:
    """Return a step that is still to be done, held until the transaction ends."""
    task = _held(task_id)
    if task.done_at or task.dropped_at:
        raise NotOpen("This step was done or dropped in the meantime.")
    return task


def _held(task_id: int) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("member").filter(id=task_id).first()
    if task is None:
        raise UnknownTask("There is no such step.")
    return task


def _set(task: Task, step: NewStep, member: Holder, now: datetime) -> None:
    """Write what a step says into its row."""
    stands = None if task.pk is None else task.starts_at or task.due_on
    said = rules.checked(step, zone=ZoneInfo(member.time_zone), now=now, stands=stands)
    assert said.due_on is not None  # noqa: S101 - a checked step has a day
    task.what, task.title, task.place = said.what, said.title, said.place
    task.due_on, task.starts_at, task.ends_at = said.due_on, said.starts_at, said.ends_at
    _look_again(task, now)


def _look_again(task: Task, now: datetime) -> None:
    task.changed_at = now
    task.remind_at = rules.first_look(due_on=task.due_on, starts_at=task.starts_at)


def _end(task: Task, outcome: str, now: datetime) -> None:
    task.outcome = rules.line_of(outcome, TITLE_LENGTH)
    task.changed_at, task.remind_at, task.due_before = now, None, None


def _at_work(member_id: int) -> Holder:
    member = team.member(member_id)
    if not member.is_active:
        raise Refused("{name} does not work here any more. Choose somebody else.", name=member.name).at(
            "member_id"
        )
    return member


def _tell_holder(task: Task, *, by: int | None, now: datetime) -> None:
    if by is not None and by != task.member_id:
        notify(
            member_ids=[task.member_id],
            kind="task.given",
            subject=("task", task.pk),
            contact_id=task.contact_id,
            key=f"task.given:{task.pk}:{now.isoformat()}",
            now=now,
        )
