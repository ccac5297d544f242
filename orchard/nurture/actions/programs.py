"""How programs are written, go live, are retired, paused and resumed, and how somebody is taken out by hand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max

from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused
from orchard.nurture.actions.closing import end
from orchard.nurture.actions.holding import settle
from orchard.nurture.actions.rights import may_change
from orchard.nurture.document import MOST_CHARACTERS, Document, written
from orchard.nurture.models import Enrolment, Program, ProgramVersion
from orchard.nurture.queries.versions import check, program_of
from orchard.nurture.types import (
    OPEN,
    BadProgram,
    NotOpen,
    Out,
    State,
    UnknownEnrolment,
    UnknownProgram,
    VersionState,
)
from orchard.segments import queries as segments
from orchard.segments.actions import note_uses

_AT_ONCE = 5_000

USED_BY = "program"
"""As what a program notes the segments that it names."""

_HOLD_ALL = """
UPDATE enrolment SET state = 'held', held_at = %(now)s, due_at = NULL,
       remaining = greatest(due_at - %(now)s, interval '0')
 WHERE program_id = %(program)s AND state = 'active'
"""


@transaction.atomic
def begin(*, values: dict[str, Any], actor_id: int, now: datetime) -> int:
    """Begin a program with a draft that says `values`, right or wrong; return its id."""
    may_change(actor_id)
    _refuse_large(values)
    program = Program.objects.create(created_at=now)
    ProgramVersion.objects.create(
        program=program, state=VersionState.DRAFT, document=values, changed_by_id=actor_id, changed_at=now
    )
    journal.record(actor_id=actor_id, action="program.begun", subject=("program", program.pk), now=now)
    return program.pk


@transaction.atomic
def save_draft(
    *, program_id: int, values: dict[str, Any], revision: int | None, actor_id: int, now: datetime
) -> int:
    """Keep `values`, right or wrong, as the draft of a program; return its new revision.

    `revision` is the one that the member had open, None to begin a draft beside the live version. Raises `Conflict`
    where somebody else saved or began one meanwhile.
    """
    may_change(actor_id)
    _refuse_large(values)
    program = program_of(program_id)
    if revision is None:
        try:
            with transaction.atomic():
                ProgramVersion.objects.create(
                    program=program,
                    state=VersionState.DRAFT,
                    document=values,
                    changed_by_id=actor_id,
                    changed_at=now,
                )
        except IntegrityError as error:
            raise Conflict(
                "There is a draft of this program already. Open it and go on from there."
            ) from error
        return 1
    changed = ProgramVersion.objects.filter(
        program=program, state=VersionState.DRAFT, revision=revision
    ).update(document=values, revision=F("revision") + 1, changed_by_id=actor_id, changed_at=now)
    if not changed:
        raise Conflict("Somebody else has saved this draft, or it went live. Look at it before you go on.")
    return revision + 1


@transaction.atomic
def discard_draft(*, program_id: int, revision: int, actor_id: int, now: datetime) -> bool:
    """Throw the draft away, and a program that was never live with it; return whether the program is still there.

    What it said stays in the journal.
    """
    may_change(actor_id)
    draft = _locked_draft(program_id, revision)
    journal.record(
        actor_id=actor_id,
        action="program.draft_discarded",
        subject=("program", program_id),
        details={"document": draft.document},
        now=now,
    )
    draft.delete()
    if ProgramVersion.objects.filter(program=program_id).exists():
        return True
    Program.objects.filter(id=program_id).delete()
    return False


@transaction.atomic
def go_live(*, program_id: int, revision: int, lets_in: bool, actor_id: int, now: datetime) -> int:
    """Let the draft, as the member last saw it, be what new people enter; return the number of the version.

    Who is in an earlier version goes through that to its end. `lets_in` says that whoever fits now enters, too. Raises
    `BadProgram` with everything that is wrong.
    """
    may_change(actor_id)
    program = Program.objects.select_for_update().filter(id=program_id).first()
    if program is None:
        raise UnknownProgram("There is no such program.")
    draft = _locked_draft(program_id, revision)
    document = check(draft.document)
    if not isinstance(document, Document):
        raise BadProgram(document)
    live = ProgramVersion.objects.filter(program=program, state=VersionState.LIVE)
    if not live.update(state=VersionState.RETIRED, retired_at=now):
        program.opened_at = now
    highest = ProgramVersion.objects.filter(program=program).aggregate(highest=Max("number"))["highest"]
    draft.number, draft.state, draft.document = (highest or 0) + 1, VersionState.LIVE, written(document)
    draft.live_at, draft.live_by_id, draft.lets_in = now, actor_id, lets_in
    draft.save()
    program.swept_at = None
    program.save()
    names = {code for _, condition in document.conditions() for code in segments.named(condition)}
    note_uses(used_by=USED_BY, used_by_id=program_id, name=document.name, codes=names)
    journal.record(
        actor_id=actor_id,
        action="program.live",
        subject=("program", program_id),
        details={"version": draft.number, "lets_in": lets_in},
        now=now,
    )
    return draft.number


@transaction.atomic
def retire(*, program_id: int, actor_id: int, now: datetime) -> None:
    """Let nobody enter any more; who is in it goes on to the end."""
    may_change(actor_id)
    live = ProgramVersion.objects.filter(program=program_id, state=VersionState.LIVE)
    if not live.update(state=VersionState.RETIRED, retired_at=now):
        raise Conflict("This program is not live any more. Nothing was changed.")
    Program.objects.filter(id=program_id).update(opened_at=None)
    note_uses(used_by=USED_BY, used_by_id=program_id, name="", codes=())
    journal.record(actor_id=actor_id, action="program.retired", subject=("program", program_id), now=now)


@transaction.atomic
def pause(*, program_id: int, actor_id: int, now: datetime) -> int:
    """Let nobody in a program move, and every clock in it stand still; return how many stand still now."""
    may_change(actor_id)
    if not Program.objects.filter(id=program_id, paused_at__isnull=True).update(paused_at=now):
        raise Conflict("This program is paused already. Nothing was changed.")
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_ALL, {"now": now, "program": program_id})
        count: int = cursor.rowcount
    journal.record(
        actor_id=actor_id,
        action="program.paused",
        subject=("program", program_id),
        details={"people": count},
        now=now,
    )
    return count


@transaction.atomic
def resume(*, program_id: int, actor_id: int, now: datetime) -> int:
    """Let everybody in a paused program go on whom Sales does not work with; return how many do."""
    may_change(actor_id)
    if not Program.objects.filter(id=program_id, paused_at__isnull=False).update(paused_at=None):
        raise Conflict("This program is not paused. Nothing was changed.")
    count, last = 0, 0
    while True:
        rows = list(
            Enrolment.objects.select_for_update(of=("self",))
            .select_related("program", "version")
            .filter(program=program_id, state=State.HELD, id__gt=last)
            .order_by("id")[:_AT_ONCE]
        )
        if not rows:
            break
        count, last = count + settle(rows, now=now), rows[-1].pk
    journal.record(
        actor_id=actor_id,
        action="program.resumed",
        subject=("program", program_id),
        details={"people": count},
        now=now,
    )
    return count


@transaction.atomic
def take_out(*, enrolment_id: int, actor_id: int, now: datetime) -> None:
    """End one enrolment by hand; what members were to do for it is dropped."""
    may_change(actor_id)
    found = Enrolment.objects.select_for_update().filter(id=enrolment_id).first()
    if found is None:
        raise UnknownEnrolment("There is no such enrolment.")
    if found.state not in OPEN:
        raise NotOpen("This was over already. Nothing was changed.")
    end({found: Out.TAKEN_OUT}, now=now, by=actor_id)
    journal.record(
        actor_id=actor_id,
        action="program.taken_out",
        subject=("program", found.program_id),
        details={"enrolment": enrolment_id},
        now=now,
    )


def _locked_draft(program_id: int, revision: int) -> ProgramVersion:
    draft = (
        ProgramVersion.objects.select_for_update()
        .filter(program=program_id, state=VersionState.DRAFT, revision=revision)
        .first()
    )
    if draft is None:
        raise Conflict("Somebody else has changed this draft meanwhile. Look at it again first.")
    return draft


def _refuse_large(values: dict[str, Any]) -> None:
    if len(str(values)) > MOST_CHARACTERS:
        raise Refused("A program has at most {at_most} characters. Make two of it.", at_most=MOST_CHARACTERS)
    if any("\0" in text for text in _texts(values)):
        raise Refused("A program holds signs that cannot be kept. Write these words anew.")


def _texts(values: Any) -> Iterator[str]:
    """Give every text in plain values, names included."""
    if isinstance(values, dict):
        values = [*values, *values.values()]
    if isinstance(values, list | tuple):
        for each in values:
            yield from _texts(each)
    elif isinstance(values, str):
        yield values
