"""How many tasks change at once: handed to a colleague, moved to another record, dropped with what they were about."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from orchard.kit.errors import Refused
from orchard.tasks import rules
from orchard.tasks.actions.facts import tell
from orchard.tasks.actions.notices import notify
from orchard.tasks.actions.steps import reopen
from orchard.tasks.models import Task
from orchard.tasks.types import TITLE_LENGTH, Subject, Turn
from orchard.team import queries as team

_AT_ONCE = 500


@transaction.atomic
def reassign(
    *, of: int, to: int, by: int | None, now: datetime, subjects: Collection[Subject] | None = None
) -> int:
    """Hand the open tasks of one member to another, who is told once; return how many there were.

    With `subjects` only those about these records, so that what somebody leaves may go to several people.
    """
    if of == to or (subjects is not None and not subjects):
        return 0
    receiver = team.member(to)
    if not receiver.is_active:
        raise Refused("{name} does not work here any more. Choose somebody else.", name=receiver.name)
    rows = _open().filter(member=of)
    tasks = _locked(rows if subjects is None else rows.filter(_about(subjects)))
    zone = ZoneInfo(receiver.time_zone)
    for task in tasks:
        task.member_id, task.changed_at, task.due_before = receiver.pk, now, None
        if task.starts_at is not None:
            task.due_on = task.starts_at.astimezone(zone).date()
            task.sequence += 1
        task.remind_at = rules.first_look(due_on=task.due_on, starts_at=task.starts_at)
    _write(tasks, "member", "changed_at", "due_before", "due_on", "sequence", "remind_at")
    tell(Turn.CHANGED, tasks, by=by, now=now)
    if tasks and by != to:
        notify(
            member_ids=[to],
            kind="tasks.given",
            subject=("member", of),
            key=f"tasks.given:{of}:{now.isoformat()}",
            now=now,
        )
    return len(tasks)


@transaction.atomic
def move_subject(*, was: Subject, to: Subject, by: int | None, now: datetime) -> int:
    """Let the open tasks about one record be about another, as when a lead becomes an opportunity; return how many."""
    tasks = _locked(_open().filter(_about([was])))
    for task in tasks:
        task.subject_kind, task.subject_id = to
        task.changed_at = now
    _write(tasks, "subject_kind", "subject_id", "changed_at")
    tell(Turn.CHANGED, tasks, by=by, now=now)
    return len(tasks)


@transaction.atomic
def drop_steps(*, subjects: Collection[Subject], by: int | None, now: datetime, reason: str = "") -> int:
    """Drop the open tasks about these records, which are over; return how many there were."""
    return _drop(_open().filter(_about(subjects)), by=by, now=now, reason=reason) if subjects else 0


@transaction.atomic
def pick_steps_up(
    *, subjects: Collection[Subject], dropped_at: datetime, by: int | None, now: datetime
) -> int:
    """Let the tasks about these records be open again that were dropped with them then; return how many."""
    rows = Task.objects.filter(_about(subjects), dropped_at=dropped_at).select_related("member")
    tasks = list(rows.select_for_update(of=("self",)).order_by("id"))
    for task in tasks:
        reopen(task, by=by, now=now)
    return len(tasks)


@transaction.atomic
def drop_of_contacts(*, contact_ids: Collection[int], by: int | None, now: datetime) -> int:
    """Drop the open tasks with these contacts, under exactly these ids; return how many there were."""
    return _drop(_open().filter(contact_id__in=contact_ids), by=by, now=now, reason="")


def _drop(rows: QuerySet[Task], *, by: int | None, now: datetime, reason: str) -> int:
    tasks, words = _locked(rows), rules.line_of(reason, TITLE_LENGTH)
    for task in tasks:
        task.dropped_at = task.changed_at = now
        task.outcome = words
        task.remind_at = task.due_before = None
        task.sequence += 1
    _write(tasks, "dropped_at", "changed_at", "outcome", "remind_at", "due_before", "sequence")
    tell(Turn.DROPPED, tasks, by=by, now=now)
    return len(tasks)


def _open() -> QuerySet[Task]:
    return Task.objects.filter(done_at__isnull=True, dropped_at__isnull=True)


def _about(subjects: Iterable[Subject]) -> Q:
    """Return the condition that finds what is about these records: one part for each kind of them."""
    kinds: dict[str, list[int]] = {}
    for kind, identity in subjects:
        kinds.setdefault(kind, []).append(identity)
    condition = Q(pk__in=[])
    for kind, ids in kinds.items():
        condition |= Q(subject_kind=kind, subject_id__in=ids)
    return condition


def _locked(rows: QuerySet[Task]) -> list[Task]:
    return list(rows.select_for_update().order_by("id"))


def _write(tasks: Sequence[Task], *fields: str) -> None:
    Task.objects.bulk_update(tasks, fields, batch_size=_AT_ONCE)
