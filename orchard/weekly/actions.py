"""How notes and decisions of a meeting are written, changed, done and removed."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused, refuse_unseen
from orchard.tasks import actions as tasks
from orchard.tasks import queries as steps
from orchard.tasks.types import NewStep, What
from orchard.team import queries as team
from orchard.weekly import rules
from orchard.weekly.models import Decision, Note
from orchard.weekly.types import DECISION, NotTheirs, UnknownDecision, UnknownNote, Week


@transaction.atomic
def write_note(*, week: Week, words: str, member_id: int, key: UUID, now: datetime) -> int:
    """Keep a note of a week's meeting and return its id; sent again with the same `key` it is kept once."""
    said = rules.note_words(words)
    _begun(week, member_id, now)
    made, fresh = Note.objects.get_or_create(
        member_id=member_id,
        key=key,
        defaults={"week": week.monday, "words": said, "written_at": now, "changed_at": now},
    )
    if fresh:
        _told("noted", made, by=member_id, now=now)
    return made.pk


@transaction.atomic
def change_note(*, note_id: int, words: str, by: int, now: datetime, seen: datetime | None) -> None:
    """Write one's own note anew; `seen` is its last change as it was shown (`NoteShown.seen`)."""
    note = _note(note_id)
    if note.member_id != by:
        raise NotTheirs("Only who wrote a note may change it. Write one of your own.")
    refuse_unseen("note", stands=note.changed_at, seen=seen)
    said = rules.note_words(words)
    if said == note.words:
        return
    note.words, note.changed_at = said, now
    note.save(update_fields=["words", "changed_at"])
    _told("note_changed", note, by=by, now=now)


@transaction.atomic
def remove_note(*, note_id: int, by: int, now: datetime) -> Week:
    """Remove a note for good, and return its week."""
    note = _note(note_id)
    _told("note_removed", note, by=by, now=now)
    note.delete()
    return Week(note.week)


@transaction.atomic
def decide(
    *,
    week: Week,
    words: str,
    member_id: int,
    key: UUID,
    now: datetime,
    owner_id: int | None = None,
    due_on: date | None = None,
) -> int:
    """Keep a decision of a week's meeting and return its id; with an owner it becomes a step of theirs, due that day.

    Sent again with the same `key` it is kept once.
    """
    said = rules.decision_words(words, owner_id=owner_id, due_on=due_on)
    _begun(week, member_id, now)
    made, fresh = Decision.objects.get_or_create(
        member_id=member_id,
        key=key,
        defaults={"week": week.monday, "words": said, "made_at": now, "changed_at": now},
    )
    if fresh:
        _hand_over(made, owner_id=owner_id, due_on=due_on, by=member_id, now=now)
        made.save()
        _told("decided", made, by=member_id, now=now)
    return made.pk


@transaction.atomic
def change_decision(
    *,
    decision_id: int,
    words: str,
    owner_id: int | None,
    due_on: date | None,
    by: int,
    now: datetime,
    seen: datetime | None,
) -> None:
    """Set what a decision says, whose it is and until when; `seen` is its last change as it was shown."""
    said = rules.decision_words(words, owner_id=owner_id, due_on=due_on)
    decision = _decision(decision_id)
    refuse_unseen("decision", stands=_changed_at(decision), seen=seen)
    if not _is_open(decision):
        raise Conflict("This decision is done. Open it again to change it.")
    decision.words, decision.changed_at = said, now
    _hand_over(decision, owner_id=owner_id, due_on=due_on, by=by, now=now)
    decision.save()
    _told("decision_changed", decision, by=by, now=now)


@transaction.atomic
def finish(*, decision_id: int, by: int, now: datetime) -> None:
    """Mark a decision as done, and the step that it became."""
    decision = _decision(decision_id)
    if not _is_open(decision):
        raise Conflict("This decision was done in the meantime.")
    if decision.task_id is not None:
        tasks.done(task_id=decision.task_id, by=by, now=now)
    else:
        decision.done_at = now
        decision.save(update_fields=["done_at"])
    _told("decision_done", decision, by=by, now=now)


@transaction.atomic
def reopen(*, decision_id: int, by: int, now: datetime) -> None:
    """Take back that a decision was done, or that its step was dropped."""
    decision = _decision(decision_id)
    if _is_open(decision):
        raise Conflict("This decision is open already.")
    if decision.task_id is not None:
        tasks.take_back(task_id=decision.task_id, by=by, now=now)
    else:
        decision.done_at = None
        decision.save(update_fields=["done_at"])
    _told("decision_reopened", decision, by=by, now=now)


@transaction.atomic
def remove_decision(*, decision_id: int, by: int, now: datetime) -> Week:
    """Remove a decision for good, drop the step that it became, and return its week."""
    decision = _decision(decision_id)
    if decision.task_id is not None and _is_open(decision):
        tasks.drop(task_id=decision.task_id, by=by, now=now, reason="The decision was removed")
    _told("decision_removed", decision, by=by, now=now)
    decision.delete()
    return Week(decision.week)


def _hand_over(
    decision: Decision, *, owner_id: int | None, due_on: date | None, by: int, now: datetime
) -> None:
    """Make the decision, held and open, a step of its owner, or one that is in nobody's hands."""
    if owner_id is None:
        if decision.task_id is not None:
            tasks.drop(task_id=decision.task_id, by=by, now=now, reason="In nobody's hands any more")
            decision.task_id = None
        decision.due_on = due_on
        return
    decision.due_on = None
    if decision.task_id is None:
        decision.task_id = tasks.plan_step(
            what=What.TODO,
            title=decision.words,
            due_on=due_on,
            member_id=owner_id,
            made_by=by,
            subject=(DECISION, decision.pk),
            now=now,
        )
    else:
        stands = steps.step(decision.task_id)
        if stands.what is What.MEETING and due_on != stands.due_on:
            raise Refused("Its owner made a meeting of it. Move it on the page of the meeting.").at("due_on")
        step = NewStep(
            stands.what, due_on, decision.words, stands.starts_at, stands.ends_at, stands.place, owner_id
        )
        tasks.change_step(task_id=decision.task_id, step=step, by=by, now=now)


def _changed_at(decision: Decision) -> datetime:
    """Return when a decision was changed last, or the step that it became."""
    if decision.task_id is None:
        return decision.changed_at
    return max(decision.changed_at, steps.step(decision.task_id).seen)


def _is_open(decision: Decision) -> bool:
    if decision.task_id is not None:
        return steps.step(decision.task_id).is_open
    return decision.done_at is None


def _begun(week: Week, member_id: int, now: datetime) -> None:
    rules.begun(week, today=steps.today_of(team.member(member_id), now))


def _note(note_id: int) -> Note:
    found = Note.objects.select_for_update().filter(id=note_id).first()
    if found is None:
        raise UnknownNote("There is no such note. Somebody may have removed it.")
    return found


def _decision(decision_id: int) -> Decision:
    found = Decision.objects.select_for_update().filter(id=decision_id).first()
    if found is None:
        raise UnknownDecision("There is no such decision. Somebody may have removed it.")
    return found


def _told(turn: str, row: Note | Decision, *, by: int, now: datetime) -> None:
    """Note in the audit book what was done to a row: never its words, which may tell of people."""
    kind = DECISION if isinstance(row, Decision) else "weekly_note"
    details = {"week": str(Week(row.week))}
    journal.record(actor_id=by, action=f"weekly.{turn}", subject=(kind, row.pk), details=details, now=now)
