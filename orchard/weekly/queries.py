"""What was noted and decided week by week, what is still open, and whose each is."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from orchard.kit import paging
from orchard.tasks import queries as tasks
from orchard.tasks.types import Step
from orchard.weekly.models import Decision, Note
from orchard.weekly.rules import begun, is_running, last_whole, read_week, week_of
from orchard.weekly.types import DECISION, DecisionShown, Held, NoteShown, UnknownDecision, UnknownNote, Week

__all__ = [
    "begun",
    "decision",
    "decisions",
    "history",
    "is_decision_of",
    "is_note_of",
    "is_running",
    "last_whole",
    "note",
    "notes",
    "open_before",
    "read_week",
    "week_of",
    "week_of_step",
]

PAGE = 26
MOST_OPEN = 100
"""So many open decisions of earlier weeks are shown at most."""

_OPEN = Q(done_at__isnull=True) & (
    Q(task__isnull=True) | Q(task__done_at__isnull=True, task__dropped_at__isnull=True)
)


def notes(week: Week) -> list[NoteShown]:
    """Return the notes of a week in the order in which they were written."""
    return _notes(Note.objects.filter(week=week.monday))


def note(note_id: int) -> NoteShown:
    """Return one note; raises `UnknownNote`."""
    found = _notes(Note.objects.filter(id=note_id))
    if not found:
        raise UnknownNote("There is no such note. Somebody may have removed it.")
    return found[0]


def decisions(week: Week) -> list[DecisionShown]:
    """Return the decisions of a week in the order in which they were taken."""
    return _decisions(Decision.objects.filter(week=week.monday).order_by("id"))


def decision(decision_id: int) -> DecisionShown:
    """Return one decision; raises `UnknownDecision`."""
    found = _decisions(Decision.objects.filter(id=decision_id))
    if not found:
        raise UnknownDecision("There is no such decision. Somebody may have removed it.")
    return found[0]


def week_of_step(step: Step) -> Week | None:
    """Return of which week's meeting a step is a decision; None for any other step."""
    if step.subject is None or step.subject[0] != DECISION:
        return None
    found = Decision.objects.filter(id=step.subject[1]).values_list("week", flat=True).first()
    return None if found is None else Week(found)


def open_before(week: Week) -> list[DecisionShown]:
    """Return the decisions of earlier weeks that are not done yet, the oldest first, at most `MOST_OPEN`."""
    rows = Decision.objects.filter(_OPEN, week__lt=week.monday)
    return _decisions(rows.order_by("week", "id")[:MOST_OPEN])


def history(*, cursor: str = "", size: int = PAGE) -> paging.Page[Held]:
    """Return one page of the weeks that something was noted or decided in, the newest first."""
    back, key = paging.decode(cursor, date)
    way = "week__gt" if back else "week__lt"
    within = {way: key[0]} if key else {}
    order = "week" if back else "-week"
    weeks: set[date] = set()
    for model in (Note, Decision):
        found = model.objects.filter(**within).order_by(order).values_list("week", flat=True)
        weeks |= set(found.distinct()[: size + 1])
    nearest = sorted(weeks, reverse=not back)[: size + 1]
    return paging.page(
        _held(nearest), size=size, cursor=cursor, key=lambda held: (held.week.monday.isoformat(),)
    )


def is_note_of(member_id: int, note_id: int) -> bool:
    """Tell whether a member wrote a note."""
    return Note.objects.filter(id=note_id, member=member_id).exists()


def is_decision_of(member_id: int, decision_id: int) -> bool:
    """Tell whether a decision is the member's own: written down by them, or theirs to do."""
    mine = Q(member=member_id) | Q(task__member=member_id)
    return Decision.objects.filter(mine, id=decision_id).exists()


def _held(weeks: Sequence[date]) -> list[Held]:
    rows = Decision.objects.filter(week__in=weeks).order_by()
    noted, decided, left = (
        Counter(dict(found.values_list("week").annotate(n=Count("id"))))
        for found in (Note.objects.filter(week__in=weeks).order_by(), rows, rows.filter(_OPEN))
    )
    return [Held(Week(each), noted[each], decided[each], left[each]) for each in weeks]


def _notes(rows: QuerySet[Note]) -> list[NoteShown]:
    return [
        NoteShown(
            id=row.pk,
            week=Week(row.week),
            words=row.words,
            member_id=row.member_id,
            member=row.member.name,
            written_at=row.written_at,
            seen=row.changed_at,
        )
        for row in rows.select_related("member").order_by("id")
    ]


def _decisions(rows: QuerySet[Decision]) -> list[DecisionShown]:
    found = list(rows.select_related("member"))
    steps = _steps([row.task_id for row in found if row.task_id is not None])
    return [_shown(row, steps.get(row.task_id or 0)) for row in found]


def _steps(task_ids: Collection[int]) -> dict[int, Step]:
    return {step.id: step for step in tasks.steps(task_ids)} if task_ids else {}


def _shown(row: Decision, step: Step | None) -> DecisionShown:
    return DecisionShown(
        id=row.pk,
        week=Week(row.week),
        words=row.words,
        made_by=row.member_id,
        made_by_name=row.member.name,
        made_at=row.made_at,
        seen=max(row.changed_at, step.seen) if step else row.changed_at,
        owner_id=step.member_id if step else None,
        owner=step.member if step else "",
        due_on=step.due_on if step else row.due_on,
        task_id=row.task_id,
        done_at=step.done_at if step else row.done_at,
        dropped_at=step.dropped_at if step else None,
        outcome=step.outcome if step else "",
    )
