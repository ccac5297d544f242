"""Programs as their pages show them: what they say, how many are where, and which reasons they answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q

from orchard.agreement.types import Document as Agreement
from orchard.agreement.types import Return
from orchard.contacts import queries as contacts
from orchard.leads import queries as leads
from orchard.nurture.document import Document
from orchard.nurture.models import Enrolment, Passed, Program, ProgramVersion
from orchard.nurture.queries.versions import answered, document_of, program_of
from orchard.nurture.queries.wording import (
    Line,
    audience_words,
    ends_words,
    goal_words,
    lines_of,
    words_of,
)
from orchard.nurture.types import OPEN, Out, State, UnknownProgram, VersionState

PAGE = 50
SOON = timedelta(hours=24)
"""Within this a step counts as due soon."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are in a program and where, and how many came through it."""

    active: int = 0
    held: int = 0
    due: int = 0
    """Of the active, those whose next step is due within a day."""
    done: int = 0
    reached: int = 0
    ended: int = 0
    """Over before its steps were, but for those at the goal."""
    failing: int = 0
    """Whose step could not be done and is tried again."""

    @property
    def over(self) -> int:
        """Everybody for whom it was over before its steps were."""
        return self.reached + self.ended

    @property
    def inside(self) -> int:
        """Everybody who is in it."""
        return self.active + self.held


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """A program in a list. `number` is that of its live version, None where it has none."""

    id: int
    name: str
    number: int | None
    has_draft: bool
    was_live: bool
    paused_at: datetime | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a program, and how many are in it."""

    id: int
    number: int | None
    state: VersionState
    live_at: datetime | None
    live_by: str
    retired_at: datetime | None
    inside: int


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step in words, how many have it as their next one, and when the first of them is due."""

    line: Line
    count: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgramShown:
    """A program whole, in the words of one version: the live one, unless another was asked for."""

    id: int
    name: str
    version: VersionRow
    versions: Sequence[VersionRow]
    draft: "DraftShown | None"
    paused_at: datetime | None
    audience: str
    by_condition: bool
    goal: str
    ends: str
    steps: Sequence[StepShown]
    at_the_end: int
    """How many wait for nothing but the end."""
    tally: Tally
    passed: int

    @property
    def is_live(self) -> bool:
        """Whether anybody can enter."""
        return any(each.state is VersionState.LIVE for each in self.versions)


@dataclass(frozen=True, slots=True)
class DraftShown:
    """The draft of a program as it was saved, right or wrong."""

    program_id: int
    values: dict[str, Any]
    revision: int | None
    changed_at: datetime | None
    changed_by: str
    was_live: bool
    """Whether the program has ever had a live version."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reason of a return, and the programs that answer it."""

    reason: str
    label: str
    programs: Sequence[tuple[int, str]]


def are_there_any() -> bool:
    """Return whether any program was ever live: before, nothing follows from any fact."""
    return ProgramVersion.objects.exclude(state=VersionState.DRAFT).exists()


def to_be_swept(*, before: datetime) -> list[int]:
    """Return the live programs for which everybody was looked at before then, or never."""
    live = Program.objects.filter(versions__state=VersionState.LIVE)
    due = live.filter(Q(swept_at__isnull=True) | Q(swept_at__lt=before))
    return list(due.order_by("id").values_list("id", flat=True))


def unanswered(agreement: Agreement) -> list[Return]:
    """Return the reasons of an agreement that let a contact rest and that no live program answers."""
    known = answered()
    return [each for each in agreement.returns if not each.disqualifies and each.reason not in known]


def answers(labels: dict[str, str]) -> list[Answer]:
    """Return for each of these reasons (code: label) the live programs that answer it."""
    known = answered()
    names = names_of({each for programs in known.values() for each in programs})
    return [
        Answer(code, label, [(each, names[each]) for each in known.get(code, ()) if each in names])
        for code, label in labels.items()
    ]


def names_of_enrolments(enrolment_ids: Iterable[int]) -> dict[int, str]:
    """Return what the programs of these enrolments are called."""
    of = ProgramVersion.objects.filter(program__enrolments__in=list(enrolment_ids))
    rows = of.annotate(enrolment=F("program__enrolments")).order_by("enrolment", "id")
    return {each: _name(row.document) for each, row in _named_by(rows, "enrolment").items()}


def is_seen(enrolment_id: int) -> bool:
    """Tell whether one may see whose enrolment this is."""
    return not contacts.hidden_among(
        Enrolment.objects.filter(id=enrolment_id).values_list("contact_id", flat=True)
    )


def names_of(program_ids: Iterable[int]) -> dict[int, str]:
    """Return what these programs are called: in the live version, else in the newest."""
    rows = ProgramVersion.objects.filter(program__in=list(program_ids)).order_by("program", "id")
    return {program: _name(row.document) for program, row in _named_by(rows, "program_id").items()}


def _named_by(rows: Iterable[ProgramVersion], key: str) -> dict[int, ProgramVersion]:
    """Return for each value of `key` the version whose name counts: the live one, else the newest."""
    found: dict[int, ProgramVersion] = {}
    for row in rows:
        known = found.get(getattr(row, key))
        if known is None or known.state != VersionState.LIVE:
            found[getattr(row, key)] = row
    return found


def programs(*, now: datetime) -> list[ProgramRow]:
    """Return every program: live ones first, then by name."""
    rows = list(Program.objects.order_by("id"))
    ids = [row.pk for row in rows]
    names, tallies = names_of(ids), tallies_of(ids, now=now)
    versions = list(ProgramVersion.objects.filter(program__in=ids).values_list("program", "state", "number"))
    live = {program: number for program, state, number in versions if state == VersionState.LIVE}
    drafts = {program for program, state, _ in versions if state == VersionState.DRAFT}
    were = {program for program, state, _ in versions if state != VersionState.DRAFT}
    found = [
        ProgramRow(
            row.pk,
            names.get(row.pk, ""),
            live.get(row.pk),
            row.pk in drafts,
            row.pk in were,
            row.paused_at,
            tallies.get(row.pk, Tally()),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.number is None, row.name.casefold(), row.id))


def tallies_of(program_ids: Sequence[int], *, now: datetime) -> dict[int, Tally]:
    """Return how many are where in these programs."""
    active, ended = Q(state=State.ACTIVE), Q(state=State.ENDED)
    reached = Q(outcome=Out.REACHED)
    rows = Enrolment.objects.filter(program__in=list(program_ids)).exclude(outcome=Out.MERGED)
    counts = (
        rows.order_by()
        .values("program")
        .annotate(
            active=Count("id", filter=active),
            held=Count("id", filter=Q(state=State.HELD)),
            due=Count("id", filter=active & Q(due_at__lte=now + SOON)),
            done=Count("id", filter=Q(state=State.DONE)),
            reached=Count("id", filter=ended & reached),
            ended=Count("id", filter=ended & ~reached),
            failing=Count("id", filter=active & Q(failures__gt=0)),
        )
    )
    return {
        row["program"]: Tally(
            row["active"], row["held"], row["due"], row["done"], row["reached"], row["ended"], row["failing"]
        )
        for row in counts
    }


def program(program_id: int, *, now: datetime, number: int | None = None) -> ProgramShown:
    """Return a program whole; `number` asks for one of its earlier versions. A mere draft has none to show."""
    row = program_of(program_id)
    versions = _versions(row)
    chosen = next((each for each in versions if each.number == number), None) if number else None
    shown = chosen or (versions[0] if versions and number is None else None)
    if shown is None:
        raise UnknownProgram("This program has no such version.")
    document = document_of(ProgramVersion.objects.get(id=shown.id))
    words = words_of()
    steps, at_the_end = _steps(shown.id, lines_of(document, words))
    return ProgramShown(
        id=row.pk,
        name=document.name,
        version=shown,
        versions=versions,
        draft=draft(program_id, begun=False),
        paused_at=row.paused_at,
        audience=audience_words(document, words),
        by_condition=document.audience.when is not None,
        goal=goal_words(document, words),
        ends=ends_words(document),
        steps=steps,
        at_the_end=at_the_end,
        tally=tallies_of([row.pk], now=now).get(row.pk, Tally()),
        passed=Passed.objects.filter(program=row).count(),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A document in words."""

    name: str
    audience: str
    by_condition: bool
    lines: Sequence[Line]
    goal: str
    ends: str


def told(document: Document) -> Told:
    """Return a document in words, as of now."""
    words = words_of()
    return Told(
        document.name,
        audience_words(document, words),
        document.audience.when is not None,
        lines_of(document, words),
        goal_words(document, words),
        ends_words(document),
    )


def returned_before(reasons: Iterable[str]) -> int:
    """Return how many contacts came back last for one of these reasons, and are no lead since."""
    return len(leads.resting(reasons))


def is_draft(program_id: int) -> bool:
    """Return whether a program was never live."""
    program_of(program_id)
    return not ProgramVersion.objects.filter(program=program_id).exclude(state=VersionState.DRAFT).exists()


def _versions(row: Program) -> list[VersionRow]:
    inside = dict(
        Enrolment.objects.filter(program=row, state__in=OPEN)
        .order_by()
        .values_list("version")
        .annotate(n=Count("id"))
    )
    rows = ProgramVersion.objects.filter(program=row).exclude(state=VersionState.DRAFT)
    return [
        VersionRow(
            each.pk,
            each.number,
            VersionState(each.state),
            each.live_at,
            each.live_by.name if each.live_by else "",
            each.retired_at,
            inside.get(each.pk, 0),
        )
        for each in rows.select_related("live_by").order_by("-number")
    ]


def _steps(version_id: int, lines: Sequence[Line]) -> tuple[list[StepShown], int]:
    rows = Enrolment.objects.filter(version=version_id, state__in=OPEN).order_by().values_list("at_step")
    counts = {place: (count, due) for place, count, due in rows.annotate(n=Count("id"), due=Min("due_at"))}
    shown = [StepShown(line, *counts.get(line.place or "-", (0, None))) for line in lines]
    return shown, counts.get("end", (0, None))[0]


def draft(program_id: int, *, begun: bool = True) -> DraftShown | None:
    """Return the draft of a program; where it has none, with `begun` what a new one starts from, else None."""
    row = program_of(program_id)
    rows = ProgramVersion.objects.filter(program=row).select_related("changed_by")
    found = rows.filter(state=VersionState.DRAFT).first()
    was_live = rows.exclude(state=VersionState.DRAFT).exists()
    if found is not None:
        who = found.changed_by.name if found.changed_by else ""
        return DraftShown(row.pk, found.document, found.revision, found.changed_at, who, was_live)
    newest = rows.order_by("-number").first() if begun else None
    return DraftShown(row.pk, newest.document, None, None, "", was_live) if newest else None


def _name(document: dict[str, Any]) -> str:
    """Return what a document calls its program; a draft may not say it yet."""
    name = document.get("name")
    return name.strip() if isinstance(name, str) else ""
