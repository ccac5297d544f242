"""How an enrolment stands still while Sales works with its contact or its program is paused, and goes on after."""

from collections.abc import Collection, Iterable
from datetime import datetime

from orchard.contacts import queries as contacts
from orchard.nurture.actions.closing import write
from orchard.nurture.models import Enrolment
from orchard.nurture.rules import left_of, resumes_at
from orchard.nurture.types import State


def settle(enrolments: Iterable[Enrolment], *, now: datetime) -> int:
    """Hold and let go of open enrolments, locked by the caller and read with their programs, as things stand.

    It does not matter how often or in which order this is asked. Return how many were held or let go.
    """
    rows = list(enrolments)
    if not rows:
        return 0
    held = contacts.held({each.contact_id for each in rows})
    changed = [
        each
        for each in rows
        if (each.state == State.HELD) != (each.contact_id in held or each.program.paused_at is not None)
    ]
    for each in changed:
        hold(each, now) if each.state == State.ACTIVE else let_go(each, now)
    write(changed)
    return len(changed)


def hold(enrolment: Enrolment, now: datetime) -> None:
    """Let the clock of an active enrolment stand still."""
    if enrolment.due_at is not None:
        enrolment.remaining = left_of(enrolment.due_at, now)
    enrolment.state, enrolment.due_at, enrolment.held_at = State.HELD, None, now


def let_go(enrolment: Enrolment, now: datetime) -> None:
    """Let the clock of a held enrolment run on."""
    if enrolment.remaining is not None:
        enrolment.due_at = resumes_at(enrolment.remaining, now)
    enrolment.state, enrolment.remaining, enrolment.held_at = State.ACTIVE, None, None


def open_of(contact_ids: Collection[int]) -> list[Enrolment]:
    """Return the open enrolments of these contacts, locked against others, with program and version."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("program", "version")
    return list(
        rows.filter(contact__in=list(contact_ids), state__in=[State.ACTIVE, State.HELD]).order_by("id")
    )
