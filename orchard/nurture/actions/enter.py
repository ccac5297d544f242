"""How contacts enter a program: once for the fact that brought them, by hand, or because they fit."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contact_actions
from orchard.contacts import queries as contacts
from orchard.interactions.types import Lane
from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.kit.ids import as_array
from orchard.kit.words import Phrase, marked
from orchard.leads import queries as leads
from orchard.nurture.actions.closing import tell
from orchard.nurture.actions.rights import may_change
from orchard.nurture.models import Enrolment, Passed, Program, ProgramVersion
from orchard.nurture.queries.versions import document_of, live_versions, program_of
from orchard.nurture.rules.graph import FIRST
from orchard.nurture.types import OPEN, VersionState
from orchard.segments import queries as segments

_ENTER = """
INSERT INTO enrolment (program_id, version_id, contact_id, state, at_step, due_at, held_at, remaining, steps_done,
                       failures, entered_at, cause_id, by_id, outcome)
SELECT %(program)s, %(version)s, g.contact_id, CASE WHEN g.held THEN 'held' ELSE 'active' END, %(first)s,
       CASE WHEN NOT g.held THEN %(now)s::timestamptz END, CASE WHEN g.held THEN %(now)s::timestamptz END,
       CASE WHEN g.held THEN interval '0' END, 0, 0, %(now)s, g.cause_id, %(by)s, ''
  FROM unnest(%(contacts)s::bigint[], %(causes)s::bigint[], %(helds)s::boolean[]) AS g (contact_id, cause_id, held)
 ORDER BY g.contact_id
    ON CONFLICT DO NOTHING RETURNING id
"""

_LINK = """
UPDATE enrolment e SET fact_id = g.fact_id
  FROM unnest(%s::bigint[], %s::bigint[]) AS g (id, fact_id) WHERE e.id = g.id
"""

_MAY_ENTER = """
SELECT g.id FROM unnest(%(contacts)s::bigint[]) AS g (id)
 WHERE NOT EXISTS (SELECT FROM program_passed p WHERE p.program_id = %(program)s AND p.contact_id = g.id)
   AND NOT EXISTS (SELECT FROM enrolment e WHERE e.program_id = %(program)s AND e.contact_id = g.id
                    AND (e.ended_at IS NULL OR %(before)s::timestamptz IS NULL OR e.ended_at > %(before)s))
"""

_OVERLOOK = """
INSERT INTO program_passed (program_id, contact_id, at)
SELECT %(program)s, g.id, %(now)s FROM unnest(%(contacts)s::bigint[]) AS g (id) ON CONFLICT DO NOTHING
"""

_FORGET = """
DELETE FROM program_passed p WHERE p.program_id = %(program)s
   AND NOT EXISTS (SELECT FROM unnest(%(contacts)s::bigint[]) AS g (id) WHERE g.id = p.contact_id)
"""


@transaction.atomic
def enter(
    version: ProgramVersion,
    causes: Mapping[int, int | None],
    *,
    now: datetime,
    lane: Lane = Lane.LIVE,
    by: int | None = None,
) -> int:
    """Let living contacts enter a live version, each for the fact that caused it (None: no fact did); return how many.

    Who is in the program stays where he is, and the same fact lets nobody in twice. Who is a customer, disqualified
    or at the goal does not enter where that would be the end at once.
    """
    wanted = {
        each: cause for each, cause in causes.items() if each not in _kept_out(version, causes, now=now)
    }
    if not wanted:
        return 0
    held = contacts.held(wanted)
    paused = version.program.paused_at is not None
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            {
                "program": version.program_id,
                "version": version.pk,
                "first": FIRST,
                "now": now,
                "by": by,
                "contacts": as_array(wanted),
                "causes": list(wanted.values()),
                "helds": [paused or each in held for each in wanted],
            },
        )
        ids = [identity for (identity,) in cursor.fetchall()]
        entered = list(Enrolment.objects.filter(id__in=ids).order_by("id"))
        facts = tell("program.entered", entered, now=now, lane=lane, by=by)
        cursor.execute(_LINK, [[each.pk for each in entered], facts])
    Passed.objects.filter(
        program=version.program_id, contact__in=[each.contact_id for each in entered]
    ).delete()
    return len(entered)


def _kept_out(version: ProgramVersion, contact_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """Return who would be at the end at once, each with the reason in words; erasures wait for the caller."""
    ids, document = list(contact_ids), document_of(version)
    out = dict.fromkeys(contact_actions.gone(ids), marked("is not there any more"))
    stages = agreement.stages_of(ids)
    over = {
        "customer": (document.ends.customer, marked("is a customer, for whom this program ends")),
        "disqualified": (document.ends.disqualified, marked("is disqualified, for whom this program ends")),
    }
    for contact, stage in stages.items():
        ends, words = over.get(stage.stage, (False, ""))
        if ends:
            out.setdefault(contact, words)
    goal = document.goal.when if document.goal else None
    if goal is not None:
        reached = segments.holding([goal], ids, now=now)
        for contact, (holds,) in reached.items():
            if holds:
                out.setdefault(contact, marked("has reached the goal of this program already"))
    return out


@transaction.atomic
def enter_returned(returns: Mapping[int, tuple[int, int, datetime]], *, now: datetime, lane: Lane) -> int:
    """Let whoever came back enter the programs that answer the reason; return how many enrolments there are new.

    `returns` names for each fact its living contact, the lead and when it was recorded: what was recorded before a
    program was opened is none of its business.
    """
    back = leads.came_back(lead for _, lead, _ in returns.values())
    entered = 0
    for version in live_versions() if back else ():
        reasons, opened_at = document_of(version).audience.returned or (), version.program.opened_at
        causes: dict[int, int | None] = {
            contact: fact
            for fact, (contact, lead, at) in returns.items()
            if lead in back and back[lead].reason in reasons and opened_at is not None and at >= opened_at
        }
        if causes:
            entered += enter(version, causes, now=now, lane=lane)
    return entered


@transaction.atomic
def let_in(*, program_id: int, contact_id: int, actor_id: int, now: datetime) -> None:
    """Let one contact enter the live version by hand."""
    may_change(actor_id)
    version = live_version(program_id)
    contact = contacts.contact(contact_id).contact
    if Enrolment.objects.filter(program=program_id, contact=contact.pk, state__in=OPEN).exists():
        raise Refused("{contact} is in this program already.", contact=contact)
    if reason := _kept_out(version, [contact.pk], now=now).get(contact.pk):
        raise Refused("{contact} {reason}.", contact=contact, reason=Phrase(reason))
    enter(version, {contact.pk: None}, now=now, by=actor_id)
    journal.record(
        actor_id=actor_id,
        action="program.let_in",
        subject=("program", program_id),
        details={"contact": contact.pk},
        now=now,
    )


def live_version(program_id: int) -> ProgramVersion:
    """Return the live version of a program, locked; refuse where it has none."""
    program_of(program_id)
    rows = ProgramVersion.objects.select_for_update(of=("self",)).select_related("program")
    found = rows.filter(program=program_id, state=VersionState.LIVE).first()
    if found is None:
        raise Refused("This program is not live, so nobody can enter. Let it go live first.")
    return found


def may_enter(
    program: Program, contact_ids: Collection[int], again_after_days: int | None, now: datetime
) -> set[int]:
    """Return who of these was never in the program, or may come again, and was not passed over."""
    before = now - timedelta(days=again_after_days) if again_after_days else None
    with connection.cursor() as cursor:
        cursor.execute(
            _MAY_ENTER, {"program": program.pk, "contacts": as_array(contact_ids), "before": before}
        )
        return {contact for (contact,) in cursor.fetchall()}


def pass_over(program: Program, contact_ids: Collection[int], *, now: datetime) -> None:
    """Note that these contacts fit and were not let in."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OVERLOOK, {"program": program.pk, "contacts": as_array(sorted(contact_ids)), "now": now}
        )


def forget_passed(program: Program, fits: Collection[int]) -> None:
    """Let whoever was passed over and does not fit any more enter once he fits again."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"program": program.pk, "contacts": as_array(fits)})
