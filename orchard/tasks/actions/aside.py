"""How a member puts somebody aside until a day, with a reason that others read, and brings them back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks import rules
from orchard.tasks.actions import steps
from orchard.tasks.models import PutAside, Task
from orchard.tasks.types import TAKEN_BACK_WITHIN, TITLE_LENGTH, Aside, NotOpen, Subject, UnknownTask
from orchard.team import queries as team


@transaction.atomic
def put_aside(
    *,
    contact_id: int,
    member_id: int,
    until: date,
    why: Aside | str,
    now: datetime,
    words: str = "",
    account_id: int | None = None,
    subject: Subject | None = None,
    step_id: int | None = None,
) -> int:
    """Leave a contact out of the member's day until a day by his or her calendar; return the id of that.

    `step_id` names a step with the contact that is put off to the same day. Only clocks that run out before bring the
    contact back earlier. Refuses a day that is not to come, and a reason of its own without words.
    """
    member = team.member(member_id)
    today = now.astimezone(ZoneInfo(member.time_zone)).date()
    if until == today:
        raise Refused("Choose a later day: it is today that this is put aside from.")
    rules.checked_day(until, today=today)
    reason, line = Aside(why), rules.line_of(words, TITLE_LENGTH)
    if reason is Aside.OTHER and not line:
        raise Refused("Say why in your words: Marketing reads it.")
    fact = NewFact(
        "contact.put_aside",
        now,
        contact_id=contact_id,
        account_id=account_id,
        subject=subject,
        member_id=member_id,
    )
    (told,) = ledger.append([fact], now=now)
    if told is None:
        raise Refused("This was stored already.")
    ledger.keep_words([(told, contact_id, line)])
    if step_id is not None:
        steps.snooze(task_id=step_id, until=until, by=member_id, now=now)
    before = PutAside.objects.filter(member=member_id, contact_id=contact_id, ended_at__isnull=True)
    before.update(ended_at=now)
    row = PutAside.objects.create(
        member_id=member_id,
        contact_id=contact_id,
        why=reason,
        until=until,
        fact_id=told,
        task_id=step_id,
        put_at=now,
    )
    return row.pk


@transaction.atomic
def bring_back(*, aside_id: int, member_id: int, now: datetime) -> None:
    """Let somebody stand in the member's day again; a short time after it is as if they never had been put aside."""
    row = PutAside.objects.select_for_update().filter(id=aside_id).first()
    if row is None:
        raise UnknownTask("They are in your day again already.")
    if row.member_id != member_id:
        raise NotAllowed("Only who put somebody aside brings them back.")
    if row.ended_at is not None:
        raise NotOpen("They are in your day again already.")
    if now - row.put_at > TAKEN_BACK_WITHIN:
        PutAside.objects.filter(id=row.pk).update(ended_at=now)
        return
    ledger.withdraw(interaction_ids=[row.fact_id], now=now, member_id=member_id)
    task = Task.objects.filter(id=row.task_id or 0, due_on=row.until, due_before__isnull=False).first()
    if task is not None and task.done_at is None and task.dropped_at is None:
        steps.take_back(task_id=task.pk, by=member_id, now=now)
    row.delete()
