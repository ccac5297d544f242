"""How enrolments end: with a recorded end, the fact that tells so, and without the steps that wait for members."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from orchard.interactions.actions import append
from orchard.interactions.types import Lane, NewFact
from orchard.nurture.models import Enrolment
from orchard.nurture.rules import left_of
from orchard.nurture.types import Out, State
from orchard.tasks import actions as tasks


def end(
    enrolments: Mapping[Enrolment, str],
    *,
    now: datetime,
    lane: Lane = Lane.LIVE,
    by: int | None = None,
    causes: Mapping[Enrolment, int] = MappingProxyType({}),
) -> int:
    """End enrolments, held by the caller, each as the word says; return how many.

    `causes` names the facts of leads that were the end of some: they can be taken back. What members were to do for
    them is dropped, but for who was joined with another: that goes on with the other.
    """
    if not enrolments:
        return 0
    for each, outcome in enrolments.items():
        each.state, each.outcome, each.ended_at = State.ENDED, outcome, now
        left = left_of(each.due_at, now) if each.due_at else each.remaining
        each.end_cause_id = causes.get(each)
        each.remaining = left if outcome == Out.MERGED or each.end_cause_id else None
        each.due_at = each.held_at = None
    write(enrolments)
    over = [each for each, outcome in enrolments.items() if outcome != Out.MERGED]
    tasks.drop_steps(subjects=[("enrolment", each.pk) for each in over], by=by, now=now)
    tell("program.left", enrolments, now=now, lane=lane, by=by)
    return len(enrolments)


def write(enrolments: Collection[Enrolment]) -> None:
    """Write how far enrolments are."""
    Enrolment.objects.bulk_update(
        list(enrolments),
        [
            "contact",
            "state",
            "at_step",
            "due_at",
            "held_at",
            "remaining",
            "steps_done",
            "failures",
            "ended_at",
            "end_cause_id",
            "outcome",
            "merged_into",
        ],
        batch_size=500,
    )


def tell(
    kind: str, enrolments: Collection[Enrolment], *, now: datetime, lane: Lane, by: int | None = None
) -> list[int | None]:
    """Append what happened to enrolments: ids alone; return the ids of the facts."""
    facts = [
        NewFact(kind, now, contact_id=each.contact_id, subject=("enrolment", each.pk), member_id=by)
        for each in enrolments
    ]
    return append(facts, now=now, lane=lane)
