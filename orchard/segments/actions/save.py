"""How a segment is written and changed: checked with all that it names, and never in a circle."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from pydantic import ValidationError

from orchard.engine.conditions import Condition, problems_of, read, written
from orchard.engine.types import Problem
from orchard.interactions.actions import append
from orchard.interactions.types import NewFact
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused
from orchard.kit.words import Phrase
from orchard.segments import rules
from orchard.segments.actions.rights import may_change
from orchard.segments.models import Segment, SegmentCount
from orchard.segments.queries.names import definitions, known, problems_of_use
from orchard.segments.types import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    BadSegment,
    Definitions,
    UnknownSegment,
)

# Saving looks at every other segment, and whoever saves at the same time must see what came of it.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('orchard.segments'))"


@transaction.atomic
def create(*, name: str, condition: Any, actor_id: int, now: datetime, description: str = "") -> int:
    """Save a condition under a name; return the id of the segment. Its code is made of the name and stays.

    Raises `BadSegment` where the condition cannot be asked, or names a segment that is not there.
    """
    may_change(actor_id)
    lock()
    name, description = _texts(name, description)
    saved = definitions()
    code = _free_code(name, saved)
    asked = _checked(code, condition, saved, {code: name})
    segment = Segment(
        code=code,
        name=name,
        description=description,
        condition=written(asked),
        made_by_id=actor_id,
        made_at=now,
        changed_by_id=actor_id,
        changed_at=now,
    )
    _store(segment)
    SegmentCount.objects.create(segment=segment)
    tell(
        "segment.saved",
        segment,
        actor_id=actor_id,
        now=now,
        details={"name": name, "condition": written(asked)},
    )
    return segment.pk


@transaction.atomic
def change(
    *,
    segment_id: int,
    name: str,
    condition: Any,
    revision: int,
    actor_id: int,
    now: datetime,
    description: str = "",
) -> bool:
    """Change a segment that the member had open at `revision`; return whether anything was another.

    Whoever names it asks what it says now. Raises `Conflict` where somebody else changed it meanwhile, `BadSegment`
    where the condition cannot be asked or leads back to the segment.
    """
    may_change(actor_id)
    lock()
    name, description = _texts(name, description)
    segment = segment_of(segment_id)
    if segment.revision != revision:
        raise Conflict("Somebody else has changed this segment meanwhile. Look at it before you go on.")
    if segment.archived_at is not None:
        raise Conflict("This segment was put away. Take it out again before you change it.")
    saved = definitions()
    checked = _checked(segment.code, condition, saved, {segment.code: name})
    _refuse_what_breaks_others(segment.code, checked, saved)
    asked = written(checked)
    before = {"name": segment.name, "description": segment.description, "condition": segment.condition}
    after = {"name": name, "description": description, "condition": asked}
    if before == after:
        return False
    segment.name, segment.description, segment.condition = name, description, asked
    segment.revision, segment.changed_by_id, segment.changed_at = revision + 1, actor_id, now
    _store(segment)
    if before["condition"] == asked:
        SegmentCount.objects.filter(segment=segment, revision=revision).update(revision=revision + 1)
    else:
        _count_those_who_name(segment.code, saved)
    changed = {key: value for key, value in after.items() if before[key] != value}
    was = {key: before[key] for key in changed}
    tell("segment.saved", segment, actor_id=actor_id, now=now, details={**changed, "was": was})
    return True


def lock() -> None:
    """Let nobody else save or put away a segment until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)


def segment_of(segment_id: int) -> Segment:
    """Return a segment's row, locked."""
    found = Segment.objects.select_for_update().filter(id=segment_id).first()
    if found is None:
        raise UnknownSegment("There is no such segment.")
    return found


def tell(kind: str, segment: Segment, *, actor_id: int, now: datetime, details: dict[str, Any]) -> None:
    """Append the fact and write the line of the audit book."""
    append([NewFact(kind, now, subject=("segment", segment.pk), member_id=actor_id)], now=now)
    journal.record(actor_id=actor_id, action=kind, subject=("segment", segment.pk), details=details, now=now)


def _texts(name: str, description: str) -> tuple[str, str]:
    name, description = " ".join(name.split()), description.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused("Give the segment a name of at most {at_most} characters.", at_most=LONGEST_NAME)
    if len(description) > LONGEST_DESCRIPTION:
        raise Refused("A description has at most {at_most} characters.", at_most=LONGEST_DESCRIPTION)
    return name, description


def _free_code(name: str, saved: Definitions) -> str:
    stem = slugify(name)[: LONGEST_NAME - 5] or "segment"
    codes = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(saved) + 2))
    return next(code for code in codes if code not in saved)


def _checked(code: str, condition: Any, saved: Definitions, own: dict[str, str]) -> Condition:
    """Return the condition as it may be saved under `code`; else raise `BadSegment` with all that is wrong."""
    try:
        asked = read(condition)
    except Refused as error:
        cause = error.__cause__
        raise BadSegment(
            problems_of(cause) if isinstance(cause, ValidationError) else [Problem("", error.args[0])]
        ) from error
    conditions = {each.code: each.condition for each in saved.values()}
    if way := rules.circle(code, asked, conditions):
        names = {each.code: each.name for each in saved.values()} | own
        words = rules.in_words(way, names)
        raise BadSegment(
            [
                Problem(
                    "", Phrase("This would lead in a circle: {words}. Leave one of these out.", words=words)
                )
            ]
        )
    if problems := problems_of_use(asked, known(), saved):
        raise BadSegment(problems)
    return asked


def _refuse_what_breaks_others(code: str, asked: Condition, saved: Definitions) -> None:
    """Raise `BadSegment` where a segment that names this one could not be asked any more."""
    changed = {**saved, code: replace(saved[code], condition=asked)} if code in saved else saved
    conditions = {each.code: each.condition for each in changed.values()}
    for other in sorted(rules.resting_on(code, conditions) - {code}):
        if problems := problems_of_use(changed[other].condition, known(), changed):
            name = changed[other].name
            words = Phrase(
                "“{name}” names this segment, and could not be asked any more: {sentence}",
                name=name,
                sentence=Phrase(problems[0].sentence),
            )
            raise BadSegment([Problem("", words)])


def _store(segment: Segment) -> None:
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        other = Segment.objects.filter(name__iexact=segment.name).exclude(id=segment.pk).first()
        if other is None:
            raise
        if other.archived_at:
            raise Conflict(
                "There is a segment called “{name}” already (put away). Choose another name.", name=other.name
            ) from error
        raise Conflict(
            "There is a segment called “{name}” already. Choose another name.", name=other.name
        ) from error


def _count_those_who_name(code: str, saved: Definitions) -> None:
    """Let everybody be asked anew for each segment that rests on this one."""
    resting = rules.resting_on(code, {each.code: each.condition for each in saved.values()})
    SegmentCount.objects.filter(segment__code__in=resting).update(revision=0)
