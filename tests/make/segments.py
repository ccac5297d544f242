"""Segments for tests: who writes them, how everything follows, and how everybody is asked anew."""

from orchard import flow
from orchard.engine.conditions import read
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.segments import actions, jobs, queries
from orchard.segments.models import SegmentMember
from orchard.segments.queries import matching
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make.members import member

VISITED = {"did": ["show.visited"], "within_days": 30}
IN_AUSTRIA = {"field": "contact.country", "is": "AT"}


def writer() -> Member:
    """Make a member of Marketing."""
    return member(Role.MARKETING, name="Sam Okafor")


def saved(name: str, condition: dict, *, by: Member | None = None) -> int:
    """Save a segment; return its id."""
    actor = by or writer()
    return actions.create(name=name, condition=condition, actor_id=actor.pk, now=clock.now())


def said_anew(segment_id: int, condition: dict, *, by: Member) -> None:
    """Let a segment say something else."""
    shown = queries.segment(segment_id)
    actions.change(
        segment_id=segment_id,
        name=shown.row.name,
        condition=condition,
        revision=shown.revision,
        actor_id=by.pk,
        now=clock.now(),
    )


def follow() -> None:
    """Let all that is noted be read, and time and new segments be followed."""
    ledger.drain(flow.CONSUMERS)
    jobs.turn_due(clock.now())
    jobs.count(clock.now())


def kept(segment_id: int) -> set[int]:
    """Return the members as they are kept."""
    rows = SegmentMember.objects.filter(segment_id=segment_id, is_member=True)
    return set(rows.values_list("contact_id", flat=True))


def anew(condition: dict) -> set[int]:
    """Ask everybody anew."""
    matching._kept.clear()
    return set(queries.contacts_matching(read(condition), now=clock.now()).contact_ids)
