"""How the ledger is told of tasks, and that something of it is taken back: ids alone, under what the task is about."""

from collections.abc import Collection, Sequence
from datetime import datetime

from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.tasks.models import Task, TurnTold
from orchard.tasks.types import Turn, What

ENDS = frozenset({Turn.DONE, Turn.DROPPED})


def tell(turn: Turn, tasks: Sequence[Task], *, by: int | None, now: datetime) -> None:
    """Append what became of tasks, in the caller's transaction, and note which fact tells of which."""
    facts = ledger.append_new([_fact(turn, task, by, now) for task in tasks], now=now)
    TurnTold.objects.bulk_create(
        TurnTold(fact_id=fact, task=task, turn=turn) for fact, task in zip(facts, tasks, strict=True)
    )


def untell(task: Task, turns: Collection[Turn], *, by: int | None, now: datetime) -> None:
    """Withdraw what was told of a task's turns of these sorts, in the caller's transaction."""
    told = TurnTold.objects.filter(task=task, turn__in=turns)
    if ids := list(told.values_list("fact_id", flat=True)):
        ledger.withdraw(interaction_ids=ids, now=now, member_id=by)
        told.delete()


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
    if task.what != What.MEETING or turn is Turn.DONE:
        return f"task.{turn}"
    return "meeting.cancelled" if turn is Turn.DROPPED else f"meeting.{turn}"
