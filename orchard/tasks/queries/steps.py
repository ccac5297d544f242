"""What is to be done: by whom, with whom, about what; for many at once, one statement each."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.kit.ids import as_array
from orchard.kit.words import voiced
from orchard.tasks import rules
from orchard.tasks.models import Log, Task
from orchard.tasks.types import (
    TAKEN_BACK_WITHIN,
    Counts,
    Happened,
    Holder,
    JustLogged,
    Step,
    Subject,
    UnknownTask,
    What,
    When,
)
from orchard.team import queries as team

PAGE = 50

_OPEN = Q(done_at__isnull=True, dropped_at__isnull=True)

# Within a day, what has no time of the day comes first.
_ALL_DAY = datetime(1, 1, 1, tzinfo=UTC)
_ORDER = ("due_on", "at", "id")

_COUNTS = """
SELECT g.member_id, count(t.id) FILTER (WHERE t.due_on < g.today), count(t.id) FILTER (WHERE t.due_on = g.today),
       count(t.id) FILTER (WHERE t.due_on > g.today)
  FROM unnest(%s::bigint[], %s::date[]) AS g (member_id, today)
  LEFT JOIN task t ON t.member_id = g.member_id AND t.done_at IS NULL AND t.dropped_at IS NULL
 GROUP BY g.member_id
"""

_NEXT_OF_SUBJECTS = """
SELECT DISTINCT ON (t.subject_kind, t.subject_id) t.id
  FROM task t JOIN unnest(%s::text[], %s::bigint[]) AS g (kind, id) ON t.subject_kind = g.kind AND t.subject_id = g.id
 WHERE t.done_at IS NULL AND t.dropped_at IS NULL AND t.subject_kind <> ''
 ORDER BY t.subject_kind, t.subject_id, t.due_on, t.starts_at NULLS FIRST, t.id
"""

_NEXT_OF_CONTACTS = """
SELECT DISTINCT ON (g.living) t.id
  FROM task t JOIN unnest(%s::bigint[], %s::bigint[]) AS g (id, living) ON t.contact_id = g.id
 WHERE t.done_at IS NULL AND t.dropped_at IS NULL
 ORDER BY g.living, t.due_on, t.starts_at NULLS FIRST, t.id
"""


def step(task_id: int) -> Step:
    """Return one task, open or not."""
    found = _steps(Task.objects.filter(id=task_id))
    if not found:
        raise UnknownTask("There is no such step.")
    return found[0]


def steps(task_ids: Collection[int]) -> list[Step]:
    """Return these tasks, open or not, in no order; ids of none are left out."""
    return _steps(Task.objects.filter(id__in=task_ids))


def today_of(member: Holder, now: datetime) -> date:
    """Return the day that a member's own calendar shows."""
    return now.astimezone(ZoneInfo(member.time_zone)).date()


def open_of(
    members: Collection[Holder],
    *,
    now: datetime,
    when: When | None = None,
    cursor: str = "",
    size: int = PAGE,
) -> paging.Page[Step]:
    """Return one page of what these members are to do, by day and time; `when` is reckoned by each one's own day."""
    rows = Task.objects.filter(_OPEN, _due(members, when, now)).annotate(
        at=Coalesce("starts_at", Value(_ALL_DAY))
    )
    back, key = paging.decode(cursor, date, datetime, int)
    if key:
        day, at, identity = key
        way = "lt" if back else "gt"
        rows = rows.filter(
            Q(**{f"due_on__{way}": day})
            | Q(**{"due_on": day, f"at__{way}": at})
            | Q(**{"due_on": day, "at": at, f"id__{way}": identity})
        )
    found = _steps(rows.order_by(*(f"-{name}" if back else name for name in _ORDER))[: size + 1])
    return paging.page(
        found,
        size=size,
        cursor=cursor,
        key=lambda row: (row.due_on.isoformat(), (row.starts_at or _ALL_DAY).isoformat(), row.id),
    )


def counts(members: Collection[Holder], *, now: datetime) -> dict[int, Counts]:
    """Return for each member how many tasks are overdue, due today and coming, by his or her own day."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [[each.pk for each in members], [today_of(each, now) for each in members]])
        return {member: Counts(*numbers) for member, *numbers in cursor.fetchall()}


def open_by_member() -> dict[int, int]:
    """Return how many open tasks each member has."""
    rows = Task.objects.filter(_OPEN).order_by().values_list("member")
    return dict(rows.annotate(n=Count("id")))


def next_steps(subjects: Collection[Subject]) -> dict[Subject, Step]:
    """Return the earliest open task about each of these records; one that has none is absent."""
    if not subjects:
        return {}
    kinds, ids = zip(*subjects, strict=True)
    next_ids = RawSQL(_NEXT_OF_SUBJECTS, [list(kinds), as_array(ids)])  # noqa: S611 - our own text, with parameters
    found = _steps(Task.objects.filter(id__in=next_ids))
    return {each.subject: each for each in found if each.subject is not None}


def next_steps_of_contacts(contact_ids: Iterable[int]) -> dict[int, Step]:
    """Return the earliest open task with each of these contacts, under any id that means it, by the id asked for."""
    asked = ledger.living(contact_ids)
    meant = ledger.all_ids(set(asked.values()))
    ids = RawSQL(_NEXT_OF_CONTACTS, [as_array(meant), as_array(meant.values())])  # noqa: S611 - as above
    found = {each.contact_id: each for each in _steps(Task.objects.filter(id__in=ids))}
    return {contact: found[living] for contact, living in asked.items() if living in found}


def open_of_contacts(contact_ids: Iterable[int]) -> list[Step]:
    """Return every open task with these contacts, under any id that means them, the earliest first."""
    living = ledger.living(contact_ids)
    rows = Task.objects.filter(_OPEN, contact_id__in=ledger.all_ids(set(living.values())))
    return _steps(_in_order(rows))


def open_of_subjects(subjects: Collection[Subject]) -> list[Step]:
    """Return every open task about these records, the earliest first."""
    condition = Q(pk__in=[])
    for kind in {kind for kind, _ in subjects}:
        ids = [identity for each, identity in subjects if each == kind]
        condition |= Q(subject_kind=kind, subject_id__in=ids)
    return _steps(_in_order(Task.objects.filter(_OPEN, condition)))


def titles(task_ids: Collection[int]) -> dict[int, str]:
    """Return what these tasks ask for, in words."""
    rows = Task.objects.filter(id__in=task_ids).values_list("id", "title", "what")
    return {identity: title or voiced(What(what).label) for identity, title, what in rows}


def meeting_file(task_id: int, *, who: str, link: str) -> bytes:
    """Return a meeting as a file for calendars; `who` names whom it is with, `link` its page."""
    task = Task.objects.select_related("member").filter(id=task_id, what=What.MEETING).first()
    if task is None or task.starts_at is None or task.ends_at is None:
        raise UnknownTask("There is no such meeting.")
    title = task.title or voiced(What.MEETING.label)
    return rules.meeting_file(
        uid=task.uid,
        sequence=task.sequence,
        changed_at=task.changed_at,
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        title=f"{title} · {who}" if who else title,
        place=task.place,
        link=link,
        member=(task.member.name, task.member.email),
        cancelled=task.dropped_at is not None,
    )


def done_by(happened: Happened, steps: Sequence[Step], *, member_id: int, now: datetime) -> Step | None:
    """Return which of these open steps is done by what a member did just now."""
    today = today_of(team.member(member_id), now)
    return rules.done_by(happened, steps, member_id=member_id, today=today)


def is_step_of(member_id: int, task_id: int) -> bool:
    """Tell whether a task is the member's own: to do, or planned for somebody else."""
    return Task.objects.filter(Q(member=member_id) | Q(made_by=member_id), id=task_id).exists()


def is_seen(task_id: int) -> bool:
    """Tell whether whoever asks may see a task: who has it, or who made it, is within reach."""
    members = team.reach().members
    rows = Task.objects.filter(id=task_id)
    within = Q() if members is None else Q(member__in=members) | Q(made_by__in=members)
    return rows.filter(within).exists()


def is_logged_by(member_id: int, log_id: int) -> bool:
    """Tell whether a member logged this."""
    return Log.objects.filter(id=log_id, member=member_id).exists()


def just_logged(*, member_id: int, contact_id: int, now: datetime) -> list[JustLogged]:
    """Return what a member logged of a contact and may still take back, the newest first."""
    rows = Log.objects.filter(
        member=member_id,
        logged_at__gte=now - TAKEN_BACK_WITHIN,
        undone_at__isnull=True,
        contact_id__in=ledger.all_ids(ledger.living([contact_id]).values()),
    )
    return [
        JustLogged(each.pk, Happened(each.happened), each.logged_at)
        for each in rows.order_by("-logged_at", "-id")
    ]


def _due(members: Collection[Holder], when: When | None, now: datetime) -> Q:
    """Return the condition for one part of what these members are to do: members of one day are asked for together."""
    if when is None:
        return Q(member__in=[each.pk for each in members])
    way = {When.OVERDUE: "due_on__lt", When.TODAY: "due_on", When.COMING: "due_on__gt"}[when]
    condition = Q(pk__in=[])
    days = {each: today_of(each, now) for each in members}
    for day in set(days.values()):
        condition |= Q(member__in=[each.pk for each in members if days[each] == day], **{way: day})
    return condition


def _in_order(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.annotate(at=Coalesce("starts_at", Value(_ALL_DAY))).order_by(*_ORDER)


def _steps(rows: QuerySet[Task]) -> list[Step]:
    """Read tasks, with the name of each member and the contacts that are meant by now."""
    found = list(rows.select_related("member"))
    living = ledger.living({task.contact_id for task in found if task.contact_id is not None})
    return [
        Step(
            id=task.pk,
            what=What(task.what),
            title=task.title,
            due_on=task.due_on,
            starts_at=task.starts_at,
            ends_at=task.ends_at,
            place=task.place,
            member_id=task.member_id,
            member=task.member.name,
            made_by=task.made_by_id,
            contact_id=None if task.contact_id is None else living[task.contact_id],
            account_id=task.account_id,
            subject=None if task.subject_id is None else (task.subject_kind, task.subject_id),
            created_at=task.created_at,
            seen=task.changed_at,
            done_at=task.done_at,
            dropped_at=task.dropped_at,
            outcome=task.outcome,
        )
        for task in found
    ]
