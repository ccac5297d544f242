"""How programs look at everybody: who fits at going live, and who came to fit by time or by what happened."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from orchard.engine.conditions import Condition
from orchard.interactions import queries as ledger
from orchard.interactions.types import Lane
from orchard.journal import actions as journal
from orchard.leads import queries as leads
from orchard.nurture.actions.enter import (
    enter,
    forget_passed,
    live_version,
    may_enter,
    pass_over,
)
from orchard.nurture.actions.rights import may_change
from orchard.nurture.models import Passed, Program, ProgramVersion
from orchard.nurture.queries.versions import document_of, live_versions
from orchard.nurture.types import MOST_ENTERING, VersionState
from orchard.segments import queries as segments

Matching = Callable[[Condition], Collection[int]]
"""Tells which living contacts a condition holds for now, of everybody."""


@transaction.atomic
def look_at(*, causes: Mapping[int, int], now: datetime, lane: Lane) -> int:
    """Let those of these contacts, whom facts are about, enter each program whose condition they came to meet.

    By bulk facts nobody enters: who meets a condition by them is passed over. Return how many entered.
    """
    programs = [
        (version, condition)
        for version in live_versions()
        if version.program.swept_at is not None
        and (condition := document_of(version).audience.when) is not None
    ]
    if not programs or not causes:
        return 0
    holds = segments.holding([condition for _, condition in programs], list(causes), now=now)
    entered = 0
    for place, (version, _) in enumerate(programs):
        fits = {contact for contact, answers in holds.items() if answers[place]}
        Passed.objects.filter(program=version.program_id, contact__in=causes.keys() - fits).delete()
        again = document_of(version).audience.again_after_days
        fresh = may_enter(version.program, fits, again, now)
        if lane == Lane.BULK:
            pass_over(version.program, fresh, now=now)
        else:
            entered += enter(version, {each: causes[each] for each in sorted(fresh)}, now=now)
    return entered


def sweep(*, program_id: int, matching: Matching, readers: Iterable[str], now: datetime) -> int:
    """Look at everybody for one program; return how many entered.

    The first look after going live lets in whoever fits, or passes them over, as was said then. `readers` are the
    consumers that must have read everything before a later one: what they have yet to read may pass somebody over.
    """
    rows = ProgramVersion.objects.select_related("program")
    version = rows.filter(program=program_id, state=VersionState.LIVE).first()
    if version is None:
        return 0
    document, first = document_of(version), version.program.swept_at is None
    entered = 0
    if document.audience.when is not None:
        fits = set(matching(document.audience.when))
        if not first and not ledger.is_read(readers):
            return 0
        forget_passed(version.program, fits)
        fresh = may_enter(version.program, fits, document.audience.again_after_days, now)
        if first and not version.lets_in:
            pass_over(version.program, fresh, now=now)
        else:
            entered = _let_in(version, dict.fromkeys(sorted(fresh)), now=now)
    elif first and version.lets_in:
        entered = _let_in(version, came_back_before(document.audience.returned or ()), now=now)
    Program.objects.filter(id=program_id).update(swept_at=now)
    return entered


def let_in_passed(*, program_id: int, actor_id: int, now: datetime) -> int:
    """Let in whoever was passed over; return how many entered."""
    may_change(actor_id)
    version = live_version(program_id)
    people = list(
        Passed.objects.filter(program=program_id).order_by("contact").values_list("contact", flat=True)
    )
    entered = _let_in(version, dict.fromkeys(people), now=now, by=actor_id)
    Passed.objects.filter(program=program_id, contact__in=people).delete()
    journal.record(
        actor_id=actor_id,
        action="program.let_in",
        subject=("program", program_id),
        details={"people": entered},
        now=now,
    )
    return entered


def came_back_before(reasons: Iterable[str]) -> dict[int, int | None]:
    """Return the contacts who came back last for one of these reasons, each with the fact that told so."""
    rest = leads.resting(reasons)
    facts = ledger.about("lead", rest.values(), kinds=("lead.returned",))
    return {contact: facts[lead] for contact, lead in sorted(rest.items()) if lead in facts}


def _let_in(
    version: ProgramVersion, causes: Mapping[int, int | None], *, now: datetime, by: int | None = None
) -> int:
    """Let many in, some at a time: each part in a transaction of its own, behind those that facts let in now."""
    items = list(causes.items())
    return sum(
        enter(version, dict(items[start : start + MOST_ENTERING]), now=now, lane=Lane.BULK, by=by)
        for start in range(0, len(items), MOST_ENTERING)
    )
