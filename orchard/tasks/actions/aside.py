"""How a member puts somebody aside until a day, with a reason that others read, and brings them back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks import rules
from orchard.tasks.actions import steps
from orchard.tasks.models import PutAside, Task
from orchard.tasks.types import TAKEN_BACK_WITHIN, TITLE_LENGTH, Aside, NotOpen, Subject, UnknownTask
from orchard.team import queries as team

_TWICE = timedelta(seconds=10)
"""Within this the same said again is a form that was sent twice."""


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
    _hold(member_id)
    member = team.member(member_id)
    today = now.astimezone(ZoneInfo(member.time_zone)).date()
    if until == today:
        raise Refused("Choose a later day: it is today that this is put aside from.").at("due_on")
    rules.checked_day(until, today=today)
    reason, line = Aside(why), rules.line_of(words, TITLE_LENGTH)
    if reason is Aside.OTHER and not line:
        raise Refused("Say why in your words: Marketing reads it.").at("words")
    before = PutAside.objects.filter(member=member_id, contact_id=contact_id, ended_at__isnull=True).first()
    if before is not None and (before.until, before.why) == (until, reason) and now - before.put_at < _TWICE:
        return before.pk
    fact = NewFact(
        "contact.put_aside",
        now,
        contact_id=contact_id,
        account_id=account_id,
        subject=subject,
        member_id=member_id,
    )
    (told,) = (each for each in ledger.append([fact], now=now) if each is not None)
    ledger.keep_words([(told, contact_id, line)])
    if step_id is not None:
        _put_off(step_id, until, before, by=member_id, now=now)
    if before is not None:
        PutAside.objects.filter(id=before.pk).update(ended_at=now)
    row = PutAside.objects.create(
        member_id=member_id,
        contact_id=contact_id,
        why=reason,
        until=until,
        fact_id=told,
        task_id=step_id,
        put_at=now,
    )
    details = {"reason": reason.value, "until": until.isoformat()}
    _note("contact.put_aside", contact_id, by=member_id, now=now, details=details)
    return row.pk


@transaction.atomic
def bring_back(*, aside_id: int, member_id: int, now: datetime) -> None:
    """Let somebody stand in the member's day again, and the step that was put off be due as before.

    A short time after, it is as if nobody had been put aside.
    """
    _hold(member_id)
    row = PutAside.objects.select_for_update().filter(id=aside_id).first()
    if row is None:
        raise UnknownTask("They are in your day again already.")
    if row.member_id != member_id:
        raise NotAllowed("Only who put somebody aside brings them back.")
    if row.ended_at is not None:
        raise NotOpen("They are in your day again already.")
    task = Task.objects.filter(id=row.task_id or 0, due_on=row.until, due_before__isnull=False).first()
    if task is not None and task.done_at is None and task.dropped_at is None:
        steps.take_back(task_id=task.pk, by=member_id, now=now)
    if now - row.put_at > TAKEN_BACK_WITHIN:
        PutAside.objects.filter(id=row.pk).update(ended_at=now)
    else:
        ledger.withdraw(interaction_ids=[row.fact_id], now=now, member_id=member_id)
        row.delete()
    _note("contact.brought_back", row.contact_id, by=member_id, now=now)


def _note(
    action: str, contact_id: int, *, by: int, now: datetime, details: Mapping[str, str] | None = None
) -> None:
    """Note in the audit book what was done with somebody."""
    journal.record(actor_id=by, action=action, subject=("contact", contact_id), details=details, now=now)


def _hold(member_id: int) -> None:
    """Let one of a member's acts after the other put somebody aside or bring somebody back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('orchard.tasks.aside'), %s)", [member_id])


def _put_off(step_id: int, until: date, before: PutAside | None, *, by: int, now: datetime) -> None:
    """Put a step off; one that was put off with the same person before comes back to the day it had at first."""
    first = Task.objects.filter(id=step_id).values_list("due_before", flat=True).first()
    steps.snooze(task_id=step_id, until=until, by=by, now=now)
    if before is not None and before.task_id == step_id and first is not None:
        Task.objects.filter(id=step_id).update(due_before=first)
