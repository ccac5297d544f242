"""How the ledger is told of tasks: ids alone, under the record that the task is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.tasks.models import Task
from orchard.tasks.types import What

Turn = Literal["planned", "changed", "done", "dropped"]


def tell(turn: Turn, tasks: Sequence[Task], *, by: int | None, now: datetime) -> list[int]:
    """Append what became of tasks, in the caller's transaction; return the ids of the facts in the same order."""
    ids = ledger.append([_fact(turn, task, by, now) for task in tasks], now=now)
    return [identity for identity in ids if identity is not None]


def _fact(turn: Turn, task: Task, by: int | None, now: datetime) -> NewFact:
    return NewFact(
        _kind(turn, task),
        now,
        contact_id=task.contact_id,
        account_id=task.account_id,
        subject=(task.subject_kind, task.subject_id) if task.subject_id is not None else ("task", task.pk),
        member_id=by,
    )


def _kind(turn: Turn, task: Task) -> str:
    if task.what != What.MEETING or turn == "done":
        return f"task.{turn}"
    return "meeting.cancelled" if turn == "dropped" else f"meeting.{turn}"
