"""What members are to do and were told, with the names of the people it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from orchard.contacts import queries as contacts
from orchard.contacts.queries import ListedContact
from orchard.kit import paging
from orchard.tasks import queries as tasks
from orchard.tasks.queries import Done, SetAside
from orchard.tasks.types import Counts, Step, Told, When
from orchard.team.models import Member


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step, where it stands to its member's today, and whom it is with."""

    step: Step
    when: When
    contact: ListedContact | None

    @property
    def phone(self) -> str:
        """The number to call, where the step asks for a call."""
        return (self.contact.phone or "") if self.contact and self.step.what == "call" else ""


@dataclass(frozen=True, slots=True)
class StepList:
    """What a member is to do, ready to be walked, the earliest first, and how much there is in all."""

    member: Member
    now: datetime
    counts: Counts
    today: date

    def page(self, cursor: str, size: int) -> paging.Page[StepRow]:
        """Return one page of it."""
        page = tasks.open_of([self.member], now=self.now, cursor=cursor, size=size)
        return paging.Page(_with_names(page.rows, self.today), page.next, page.previous)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in words as of now; `contact` is whom it is about, where the words do not say it."""

    told: Told
    words: str
    icon: str
    contact: str


@dataclass(frozen=True, slots=True)
class AsideLately:
    """Who was put aside lately, each with the name, the last first; `count` is how many there were in all."""

    rows: Sequence[tuple[str, SetAside]]
    count: int

    @property
    def more(self) -> int:
        """How many are not among the rows."""
        return self.count - len(self.rows)


def aside_lately(*, now: datetime) -> AsideLately:
    """Return who was put aside lately, by one member or anybody."""
    rows, count = tasks.aside_lately(now=now)
    names = contacts.names({each.contact_id for each in rows}) if rows else {}
    there = [(names[each.contact_id], each) for each in rows if each.contact_id in names]
    return AsideLately(there, count - (len(rows) - len(there)))


def step_list(member: Member, *, now: datetime) -> StepList:
    """Return what a member is to do."""
    counts = tasks.counts([member], now=now)[member.pk]
    return StepList(member, now, counts, tasks.today_of(member, now))


def step_shown(task_id: int, *, member: Member, now: datetime) -> StepRow:
    """Return one step with whom it is with; `member` reads it."""
    return _with_names([tasks.step(task_id)], tasks.today_of(member, now))[0]


@dataclass(frozen=True, slots=True)
class DoneWith:
    """What a member did with somebody today, the newest first; `name` is empty where a step was with nobody."""

    name: str
    contact: ListedContact | None
    acts: Sequence[Done]


def done_with(member: Member, *, now: datetime) -> tuple[list[DoneWith], bool]:
    """Return what a member did today by whom it was with, and whether there is more than is listed."""
    done = tasks.done_today(member, now=now)
    ids = {each.contact_id for each in done if each.contact_id is not None}
    names = contacts.names(ids) if ids else {}
    listed = contacts.contacts(ids=ids, size=len(ids)).rows if ids else []
    people = {each.id: each for each in listed}
    groups: dict[int, list[Done]] = {}
    for each in done:
        alone = -each.step.id if each.step else 0
        groups.setdefault(alone if each.contact_id is None else each.contact_id, []).append(each)
    rows = [DoneWith(names.get(whom, ""), people.get(whom), acts) for whom, acts in groups.items()]
    return rows, len(done) == tasks.DONE_AT_MOST


def notice_list(member_id: int, *, cursor: str = "") -> paging.Page[NoticeRow]:
    """Return one page of what a member was told, the newest first, in words."""
    page = tasks.notices(member_id, cursor=cursor)
    ids = {told.contact_id for told in page.rows if told.contact_id is not None}
    names = contacts.names(ids)
    elsewhere = dict.fromkeys(contacts.hidden_among(ids), gettext("somebody who is with a colleague now"))
    words = tasks.worded(page.rows, names=names | elsewhere)
    rows = []
    for told in page.rows:
        kind = tasks.kind_of(told.kind)
        beside = "" if "%(contact)s" in kind.words else names.get(told.contact_id or 0, "")
        rows.append(NoticeRow(told, words[told.id], kind.icon, beside))
    return paging.Page(rows, page.next, page.previous)


def _with_names(steps: Sequence[Step], today: date) -> list[StepRow]:
    ids = {step.contact_id for step in steps if step.contact_id is not None}
    listed = contacts.contacts(ids=ids, size=len(ids)).rows if ids else []
    people = {each.id: each for each in listed}
    return [StepRow(step, step.when(today), people.get(step.contact_id or 0)) for step in steps]
