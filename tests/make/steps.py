"""Steps and what was told of them, made through the room's own actions."""

from datetime import UTC, datetime, timedelta

from orchard.interactions import queries as ledger
from orchard.interactions.actions import place
from orchard.tasks import actions
from orchard.tasks.models import Task
from orchard.tasks.types import What

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)  # a Wednesday
TODAY = NOW.date()
HOUR = timedelta(hours=1)


def day(number):
    """Return the day that many days after today."""
    return TODAY + timedelta(days=number)


def step(holder, *, due=0, what=What.CALL, by=None, now=NOW, **values):
    """Plan a step for a member, by him or her unless `by` says otherwise; return its id."""
    return actions.plan_step(
        what=what, member_id=holder.id, made_by=(by or holder).id, due_on=day(due), now=now, **values
    )


def meeting(holder, *, starts=NOW + 24 * HOUR, lasts=HOUR, now=NOW, **values):
    """Plan a meeting."""
    return actions.plan_step(
        what=What.MEETING,
        member_id=holder.id,
        made_by=holder.id,
        starts_at=starts,
        ends_at=starts + lasts,
        now=now,
        **values,
    )


def overdue(holder, *, since=1, **values):
    """Plan a step in time, and let that many days pass."""
    return step(holder, due=-since, now=NOW - timedelta(days=since), **values)


def row(task_id):
    """Return a task as it is stored."""
    return Task.objects.get(id=task_id)


def told(contact_id):
    """Return the kinds of the facts of a contact that stand, the oldest first."""
    place()
    return [fact.kind for fact in reversed(ledger.facts_of([contact_id]))]
