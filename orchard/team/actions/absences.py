"""When a member is away."""

from datetime import date, datetime, timedelta

from django.db import transaction

from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.team.models import Absence, Member
from orchard.team.types import STILL_NOTED, UnknownAbsence, UnknownMember

# Days in one absence, at most: a year of leave, with room.
LONGEST_ABSENCE = 400

# How far ahead days may lie.
FARTHEST = timedelta(days=3 * 366)


def add_absence(*, member_id: int, first: date, last: date, actor_id: int | None, now: datetime) -> int:
    """Note days on which a member does not work, first and last included; return the id of the absence."""
    if last < first:
        raise Refused("The last day lies before the first.").at("last")
    if (last - first).days >= LONGEST_ABSENCE:
        raise Refused("An absence has at most {at_most} days.", at_most=LONGEST_ABSENCE).at("last")
    if first < now.date() - STILL_NOTED or last > now.date() + FARTHEST:
        raise Refused("Days that are long past, or years ahead, are not noted. Look at the year.").at("first")
    with transaction.atomic():
        if not Member.objects.select_for_update().filter(id=member_id).exists():
            raise UnknownMember("There is no such member.")
        other = Absence.objects.filter(member=member_id, first__lte=last, last__gte=first).first()
        if other is not None:
            raise Refused(
                "These days overlap with {first} to {last}. Take those back first.",
                first=other.first,
                last=other.last,
            ).at("first")
        made = Absence.objects.create(member_id=member_id, first=first, last=last, created_at=now)
        _note("absence.added", made, actor_id, now)
    return made.id


def remove_absence(*, absence_id: int, actor_id: int, now: datetime) -> None:
    """Let a member work on these days after all."""
    with transaction.atomic():
        found = Absence.objects.select_for_update().filter(id=absence_id).first()
        if found is None:
            raise UnknownAbsence("There is no such absence.")
        _note("absence.removed", found, actor_id, now)
        found.delete()


def _note(action: str, absence: Absence, actor_id: int | None, now: datetime) -> None:
    days = {"first": absence.first.isoformat(), "last": absence.last.isoformat()}
    journal.record(
        actor_id=actor_id, action=action, subject=("member", absence.member_id), details=days, now=now
    )
