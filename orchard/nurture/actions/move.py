"""How enrolments move on: who is due is claimed, the step is done and the next one set, in one transaction."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from orchard.contacts import queries as contacts
from orchard.interactions.types import Lane
from orchard.leads import queries as leads
from orchard.nurture.actions.closing import end, tell, write
from orchard.nurture.actions.follow import ends_of
from orchard.nurture.actions.holding import hold
from orchard.nurture.models import Enrolment, ProgramVersion
from orchard.nurture.queries.versions import graphs_of
from orchard.nurture.rules import Node
from orchard.nurture.steps import END, STEPS, Due, Here
from orchard.nurture.types import Out, State
from orchard.segments import queries as segments

AT_ONCE = 500
TRIED_AGAIN_AFTER = timedelta(hours=1)

logger = logging.getLogger(__name__)


def move(*, now: datetime) -> int:
    """Move on enrolments that are due; return how many there were, at most `AT_ONCE`.

    Where something goes wrong each is moved by itself, and who cannot be is tried again after an hour: one does not
    stop the others.
    """
    ids = _due(now)
    try:
        return _move(ids, now=now)
    except (OperationalError, InterfaceError):
        raise  # the database is away or asks to try again: nobody's fault
    except Exception:
        logger.exception("Steps of programs could not be done together; each is done by itself")
    return sum(_move_alone(each, now=now) for each in ids)


def _due(now: datetime) -> list[int]:
    rows = Enrolment.objects.filter(state=State.ACTIVE, due_at__lte=now).order_by("due_at", "id")
    return list(rows.values_list("id", flat=True)[:AT_ONCE])


def _move_alone(enrolment_id: int, *, now: datetime) -> int:
    try:
        return _move([enrolment_id], now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The step of enrolment %s could not be done", enrolment_id)
    later = now + TRIED_AGAIN_AFTER
    Enrolment.objects.filter(id=enrolment_id, state=State.ACTIVE).update(
        due_at=later, failures=F("failures") + 1
    )
    return 1


@transaction.atomic
def _move(enrolment_ids: Collection[int], *, now: datetime) -> int:
    """Move on those of these that are due and that nobody else has claimed."""
    rows = list(
        Enrolment.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("program", "version")
        .filter(id__in=list(enrolment_ids), state=State.ACTIVE, due_at__lte=now)
        .order_by("id")
    )
    if not rows:
        return 0
    held = contacts.held({each.contact_id for each in rows})
    standing = [each for each in rows if each.contact_id in held or each.program.paused_at is not None]
    for each in standing:
        hold(each, now)
    write(standing)
    going = [each for each in rows if each not in standing]
    over = ends_of(going, now=now)
    end(over, now=now)
    _go([each for each in going if each not in over], now=now)
    return len(rows)


def _go(rows: list[Enrolment], *, now: datetime) -> None:
    """Do the steps of these until each waits or is at the end."""
    graphs = graphs_of(each.version_id for each in rows)
    finished: list[Enrolment] = []
    going = rows
    while going:
        places: dict[tuple[int, str], list[Enrolment]] = {}
        for each in going:
            places.setdefault((each.version_id, each.at_step), []).append(each)
        for (version_id, place), there in places.items():
            version, graph = graphs[version_id]
            if place == END:
                _finish(there, now)
            else:
                _do(graph[place], version, there, now=now)
        finished += [each for each in going if each.state == State.DONE]
        going = [
            each
            for each in going
            if each.state == State.ACTIVE and each.due_at is not None and each.due_at <= now
        ]
    write(rows)
    tell("program.left", finished, now=now, lane=Lane.LIVE)


def _do(node: Node, version: ProgramVersion, there: list[Enrolment], *, now: datetime) -> None:
    """Do one step for all who are at it, and send each where it leads."""
    sort, step = STEPS[node.step.type], node.step
    asked = sort.asks(step)
    ids = {each.contact_id for each in there}
    holds = segments.holding([asked], ids, now=now) if asked is not None else {}
    if sort.does is not None:
        sort.does(step, _dues(there), Here(now, version.live_by_id))
    for each in there:
        to = sort.goes(step, node.ways, holds.get(each.contact_id, (False,))[0])
        each.at_step, each.due_at = to.to, now + to.after
        each.steps_done, each.failures = each.steps_done + 1, 0
        if to.to == END and to.outcome:
            _finish([each], now, to.outcome)


def _dues(there: list[Enrolment]) -> list[Due]:
    ids = {each.contact_id for each in there}
    whose, returned = contacts.whose(ids), leads.returned_by(ids)
    return [
        Due(each.pk, each.contact_id, known.account_id, known.owner_id, returned.get(each.contact_id))
        for each in there
        for known in [whose[each.contact_id]]
    ]


def _finish(there: Collection[Enrolment], now: datetime, outcome: str = Out.FINISHED) -> None:
    for each in there:
        each.state, each.outcome, each.at_step = State.DONE, outcome, END
        each.due_at, each.ended_at = None, now
