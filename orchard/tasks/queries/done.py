"""What a member did on the own day: how much of it there is, and each of it with when and with whom."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from orchard.interactions import queries as ledger
from orchard.tasks.models import Log, Task
from orchard.tasks.queries.steps import steps as steps_of
from orchard.tasks.queries.steps import today_of
from orchard.tasks.types import TAKEN_BACK_WITHIN, Happened, Holder, Step

DONE_AT_MOST = 200
"""So much of one day is listed, the newest."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a member did: what was logged, the step that is done, or both at once.

    `contact_id` is the living contact; `log_id` is what may still be taken back.
    """

    at: datetime
    contact_id: int | None
    happened: Happened | None
    step: Step | None
    log_id: int | None


def done_on(member: Holder, *, now: datetime) -> int:
    """Return with how many contacts a member did something today, by the own calendar, and how many steps beside."""
    begin = _midnight(member, now)
    done = Task.objects.filter(member=member.pk, done_at__gte=begin)
    logged = Log.objects.filter(member=member.pk, logged_at__gte=begin, undone_at__isnull=True)
    contacts = set(done.exclude(contact_id=None).values_list("contact_id", flat=True))
    contacts |= set(logged.values_list("contact_id", flat=True))
    return len(contacts) + done.filter(contact_id=None).count()


def done_today(member: Holder, *, now: datetime) -> list[Done]:
    """Return what a member did today, the newest first, at most `DONE_AT_MOST`."""
    begin = _midnight(member, now)
    logs = list(
        Log.objects.filter(member=member.pk, logged_at__gte=begin, undone_at__isnull=True).order_by(
            "-logged_at", "-id"
        )[:DONE_AT_MOST]
    )
    latest = Task.objects.filter(member=member.pk, done_at__gte=begin).order_by("-done_at", "-id")
    ids = {
        *latest.values_list("id", flat=True)[:DONE_AT_MOST],
        *(each.did_id for each in logs if each.did_id),
    }
    steps = {each.id: each for each in steps_of(ids)}
    living = ledger.living({each.contact_id for each in logs})
    found = [
        Done(
            each.logged_at,
            living[each.contact_id],
            Happened(each.happened),
            steps.pop(each.did_id or 0, None),
            each.pk if now - each.logged_at <= TAKEN_BACK_WITHIN else None,
        )
        for each in logs
    ]
    found += [
        Done(each.done_at, each.contact_id, None, each, None)
        for each in steps.values()
        if each.done_at is not None
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:DONE_AT_MOST]


def _midnight(member: Holder, now: datetime) -> datetime:
    return datetime.combine(today_of(member, now), time(), ZoneInfo(member.time_zone))
