"""How what comes due by time is told: due tasks are claimed, each once, and their members notified."""

from datetime import datetime

from django.db import transaction

from orchard.tasks import rules
from orchard.tasks.actions.notices import Telling, tell
from orchard.tasks.models import Task
from orchard.tasks.types import What
from orchard.team import queries as team
from orchard.team.types import Hours, WorkingTime

BATCH = 500


@transaction.atomic
def remind(*, now: datetime, default: Hours) -> int:
    """Look at some of the tasks whose time to look has come, and remind of those that are due; return how many.

    One that is not due yet, since its member works otherwise by now, is looked at again when it is. `default` are the
    hours of whoever is in no territory.
    """
    tasks = list(
        Task.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("member")
        .filter(remind_at__lte=now)
        .order_by("remind_at", "id")[:BATCH]
    )
    hours = team.working_times({task.member for task in tasks}, now=now, default=default)
    due = []
    for task in tasks:
        at = _time_of(task, hours[task.member_id], now)
        task.remind_at = at if at is not None and at > now else None
        if at is not None and at <= now:
            due.append(task)
    Task.objects.bulk_update(tasks, ["remind_at"])
    tell([_telling(task) for task in due], now=now)
    return len(tasks)


def _time_of(task: Task, hours: WorkingTime, now: datetime) -> datetime | None:
    """Return when to remind of a task; what is late for want of a clock waits until its member is at work."""
    at = rules.reminder(due_on=task.due_on, starts_at=task.starts_at, set_at=task.changed_at, hours=hours)
    if at is None or at > now or task.starts_at is not None:
        return at
    return team.opens_next(hours, now)


def _telling(task: Task) -> Telling:
    meeting = task.what == What.MEETING
    when = task.starts_at.isoformat() if task.starts_at else task.due_on.isoformat()
    return Telling(
        task.member_id,
        "meeting.near" if meeting else "task.due",
        ("task", task.pk),
        task.contact_id,
        f"{'meeting.near' if meeting else 'task.due'}:{task.pk}:{when}",
    )
