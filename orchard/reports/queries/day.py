"""A member's day as its page shows it: the lines, and beside them whatever is known of the one that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.contacts.queries import ContactPage
from orchard.contacts.types import Gone, Hidden
from orchard.leads import queries as leads
from orchard.leads.queries import LeadShown
from orchard.picking import queries as picking
from orchard.picking.queries import Day, Line, Picker
from orchard.reports.queries.timeline import timeline
from orchard.reports.types import Event
from orchard.tasks import queries as tasks
from orchard.tasks.types import Step

RECENT = 8
"""So much of what happened stands beside a line."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the list for one of its lines, the `place`th from 0.

    `page` is None where the line is with nobody, or the person is not there any more; `lead` is the one it is about.
    """

    line: Line
    place: int
    lead: LeadShown | None
    page: ContactPage | None
    stage: str = ""
    events: Sequence[Event] = ()
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day, and what stands beside it; None where no line is open."""

    day: Day
    beside: Beside | None


def day_shown(
    member: Picker, *, now: datetime, key: str = "", place: int = 0, stays: bool = False
) -> DayShown:
    """Return the day of a member, with the line that `key` names open beside it.

    Where that line is not in the day any more, as after it was done, the one that took its place is open instead. With
    `stays` it is open as it is now, as after something was taken back whose clocks are read again in a moment.
    """
    day = picking.today(member, now=now, keeps=key if stays else "")
    if day.kept:
        return DayShown(day, _beside(day.kept, place, now=now))
    if not key or not day.lines:
        return DayShown(day, None)
    keys = [line.key for line in day.lines]
    at = keys.index(key) if key in keys else min(place, len(keys) - 1)
    return DayShown(day, _beside(day.lines[at], at, now=now))


def _beside(line: Line, place: int, *, now: datetime) -> Beside:
    about = line.lead or line.waiting
    lead = leads.lead(about.id, now=now) if about else None
    if line.contact_id is None:
        return Beside(line, place, lead, None)
    try:
        page = contacts.contact(line.contact_id)
    except (Gone, Hidden):
        return Beside(line, place, lead, None)
    return Beside(
        line,
        place,
        lead,
        page,
        agreement.stage_of(page.contact.id).label,
        timeline([page.contact.id], size=RECENT).rows,
        tasks.open_of_contacts([page.contact.id]),
    )
