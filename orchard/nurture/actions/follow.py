"""How enrolments follow what is told of contacts: held, let go, at the goal, over; joined and parted with them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from orchard.agreement import queries as agreement
from orchard.interactions import actions as record
from orchard.interactions import queries as ledger
from orchard.interactions.types import Lane
from orchard.nurture.actions.closing import end, write
from orchard.nurture.actions.holding import open_of, settle
from orchard.nurture.models import Enrolment
from orchard.nurture.queries.versions import document_of
from orchard.nurture.types import Out, State
from orchard.segments import queries as segments
from orchard.tasks import actions as tasks

_ENDS = {"customer": Out.CUSTOMER, "disqualified": Out.DISQUALIFIED}


@transaction.atomic
def follow(
    *,
    contact_ids: Collection[int],
    became_leads: Mapping[int, int],
    now: datetime,
    lane: Lane = Lane.LIVE,
) -> int:
    """Bring the open enrolments of these living contacts in line with what stands now; return how many changed.

    `became_leads` are those of whom it was just told, each with the fact. What is over ends; what is left is held or
    goes on.
    """
    rows = open_of(contact_ids)
    if not rows:
        return 0
    over = ends_of(rows, became_leads=became_leads, now=now)
    ended = end(over, now=now, lane=lane, causes=_causes(over, became_leads))
    return ended + settle([each for each in rows if each not in over], now=now)


def ends_of(
    enrolments: Collection[Enrolment], *, now: datetime, became_leads: Collection[int] = ()
) -> dict[Enrolment, str]:
    """Return which of these open enrolments are over, each with how: by the goal first, then by what else ends them."""
    if not enrolments:
        return {}
    stages = agreement.stages_of({each.contact_id for each in enrolments})
    reached = _at_goal(enrolments, now=now)
    over: dict[Enrolment, str] = {}
    for each in enrolments:
        document = document_of(each.version)
        stage = stages[each.contact_id].stage
        became = document.goal is not None and document.goal.becomes_lead and each.contact_id in became_leads
        if became or each.pk in reached:
            over[each] = Out.REACHED
        elif (stage == "customer" and document.ends.customer) or (
            stage == "disqualified" and document.ends.disqualified
        ):
            over[each] = _ENDS[stage]
    return over


def _causes(over: Mapping[Enrolment, str], became_leads: Mapping[int, int]) -> dict[Enrolment, int]:
    """Return the fact of a lead that was the end of each of these, where one was."""
    gone = {each.contact_id for each, outcome in over.items() if outcome == Out.DISQUALIFIED}
    said: dict[int | None, int] = {}
    for fact in ledger.facts_of_kinds(gone, ("lead.disqualified",)) if gone else ():
        said[fact.contact_id] = max(fact.id, said.get(fact.contact_id, 0))
    found: dict[Enrolment, int] = {}
    for each, outcome in over.items():
        by: Mapping[Any, int] = said if outcome == Out.DISQUALIFIED else became_leads
        if outcome in (Out.REACHED, Out.DISQUALIFIED) and each.contact_id in by:
            found[each] = by[each.contact_id]
    return found


def _at_goal(enrolments: Collection[Enrolment], *, now: datetime) -> set[int]:
    """Return which of these are at the goal of their version, where that is a condition: one question a version."""
    by_version: dict[int, list[Enrolment]] = {}
    for each in enrolments:
        by_version.setdefault(each.version_id, []).append(each)
    reached: set[int] = set()
    for rows in by_version.values():
        goal = document_of(rows[0].version).goal
        if goal is None or goal.when is None:
            continue
        holds = segments.holding([goal.when], {each.contact_id for each in rows}, now=now)
        reached |= {each.pk for each in rows if holds.get(each.contact_id, (False,))[0]}
    return reached


@transaction.atomic
def let_go_gone(*, contact_ids: Mapping[int, Out], now: datetime, lane: Lane = Lane.LIVE) -> int:
    """End the open enrolments of contacts who are not there any more, each as the word says; return how many."""
    rows = open_of(list(contact_ids))
    return end({each: contact_ids[each.contact_id] for each in rows}, now=now, lane=lane)


@transaction.atomic
def follow_joins(*, contact_ids: Collection[int], now: datetime, lane: Lane = Lane.LIVE) -> None:
    """Let each open enrolment be of the living contact that the fact of its beginning is about now.

    Of two in one program the one that is further goes on, and the other ends as merged. When the contacts are parted
    again, each has its own, and the one that had ended so goes on where it stood.
    """
    living = ledger.living(contact_ids)
    ids = {*living, *living.values()}
    rows = open_of(ids)
    meant = _meant(rows, living)
    further: dict[tuple[int, int], Enrolment] = {}
    over: dict[Enrolment, str] = {}
    for each in sorted(rows, key=lambda row: (-row.steps_done, row.pk)):
        first = further.setdefault((each.program_id, meant[each.pk]), each)
        if first is not each:
            each.merged_into = first
            over[each] = Out.MERGED
    end(over, now=now, lane=lane)
    _move([each for each in rows if each not in over], meant)
    _go_on(ids, living, now=now)
    settle(open_of({*ids, *meant.values()}), now=now)


def _meant(rows: Collection[Enrolment], living: Mapping[int, int]) -> dict[int, int]:
    about = ledger.contacts_of(each.fact_id for each in rows if each.fact_id is not None)
    return {
        each.pk: about.get(each.fact_id or 0, living.get(each.contact_id, each.contact_id)) for each in rows
    }


def _move(rows: Collection[Enrolment], meant: Mapping[int, int]) -> None:
    moved = [each for each in rows if each.contact_id != meant[each.pk]]
    for each in moved:
        each.contact_id = meant[each.pk]
    write(moved)


def _go_on(ids: Collection[int], living: Mapping[int, int], *, now: datetime) -> None:
    """Let enrolments go on that had ended as merged with one of a contact who is another one now."""
    rows = list(
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("merged_into")
        .filter(contact__in=list(ids), state=State.ENDED, outcome=Out.MERGED, merged_into__isnull=False)
        .order_by("id")
    )
    meant = _meant([*rows, *(each.merged_into for each in rows if each.merged_into)], living)
    back = []
    for each in rows:
        contact = meant[each.pk]
        with_whom = meant[each.merged_into_id] if each.merged_into_id else contact
        if contact == with_whom or _is_in(each.program_id, contact):
            continue
        each.contact_id, each.state, each.outcome = contact, State.ACTIVE, ""
        each.due_at = now + each.remaining if each.remaining is not None else now
        each.remaining = each.ended_at = each.merged_into = None
        back.append(each)
    write(back)


def _is_in(program_id: int, contact_id: int) -> bool:
    return Enrolment.objects.filter(
        program=program_id, contact=contact_id, state__in=[State.ACTIVE, State.HELD]
    ).exists()


@transaction.atomic
def take_back(
    *,
    facts: Mapping[int, int],
    contact_ids: Collection[int],
    became_leads: Mapping[int, int],
    now: datetime,
    lane: Lane = Lane.LIVE,
) -> None:
    """Let what facts about these living contacts had done be undone, where they are withdrawn.

    `facts` names each withdrawn fact with the one that withdrew it. Who entered by that return leaves; whose enrolment
    it was the end of goes on where it stood, unless the contact became a lead by a later fact (`became_leads`).
    """
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("program", "version")
    about = rows.filter(contact__in=list(contact_ids)).order_by("id")
    entered = about.filter(cause_id__in=list(facts), state__in=[State.ACTIVE, State.HELD])
    # By a condition somebody enters for whatever was told last: that it is withdrawn says nothing.
    by_return = [each for each in entered if document_of(each.version).audience.returned is not None]
    end(dict.fromkeys(by_return, Out.TAKEN_BACK), now=now, lane=lane)
    back = []
    for each in about.filter(end_cause_id__in=list(facts), state=State.ENDED):
        later = became_leads.get(each.contact_id, 0)
        if each.end_cause_id is not None and later > facts[each.end_cause_id]:
            each.end_cause_id = later
            write([each])
        elif not _is_in(each.program_id, each.contact_id):
            back.append(each)
    told = ledger.about("enrolment", [each.pk for each in back], kinds=("program.left",))
    facts_of_leaving = [told[each.pk] for each in back if each.pk in told]
    record.withdraw(interaction_ids=facts_of_leaving, now=now, lane=lane)
    for each in back:
        left_at = each.ended_at or now
        each.state, each.outcome, each.due_at = State.ACTIVE, "", now + (each.remaining or timedelta())
        each.remaining = each.ended_at = each.end_cause_id = None
        tasks.pick_steps_up(subjects=[("enrolment", each.pk)], dropped_at=left_at, by=None, now=now)
    write(back)
    settle(back, now=now)
