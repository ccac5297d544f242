"""Who is and was in programs: one next step each, or how it ended; by program, by contact; and what came of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Min, Q, QuerySet

from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.kit.paging import By
from orchard.kit.walking import named, walk
from orchard.nurture.models import Enrolment
from orchard.nurture.queries.versions import document_of
from orchard.nurture.queries.wording import lines_of, outcome_words, words_of
from orchard.nurture.types import CLOSED, OPEN, Out, State, UnknownEnrolment

PAGE = 50
SORTS = {
    "entered": named("id", int),
    "due": named("due_at", datetime, empty=True),
    "ended": named("ended_at", datetime, empty=True),
}
_FIRST = By("entered", down=True)


class Where(StrEnum):
    """The lists of who is and was in a program."""

    ACTIVE = "active"
    HELD = "held"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Person:
    """One enrolment in a list, or on a contact's page."""

    id: int
    program_id: int
    program: str
    contact_id: int
    name: str
    account: str
    version: int
    state: State
    step: str
    due_at: datetime | None
    held_at: datetime | None
    paused: bool
    entered_at: datetime
    ended_at: datetime | None
    outcome: str
    failures: int

    @property
    def is_open(self) -> bool:
        """Whether it is not over yet."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Results:
    """What came of the contacts who entered: at the goal, leads since, customers since."""

    entered: int
    reached: int
    became_leads: int
    won: int
    ends: Sequence[tuple[str, int]]
    """How enrolments ended, in words, the most frequent first."""


def people(
    program_id: int, where: Where, *, step: str = "", by: By = _FIRST, cursor: str = "", size: int = PAGE
) -> paging.Page[Person]:
    """Return one page of whom one may see of a program, the last who entered first; `step` narrows to one next step."""
    rows = Enrolment.objects.filter(program=program_id, state=where).exclude(outcome=Out.MERGED)
    if hidden := contacts.hidden_ids():
        rows = rows.exclude(contact__in=hidden)
    if step:
        number, _, place = step.partition(":")
        rows = rows.filter(version__number=number if number.isdigit() else 0, at_step=place)
    page = walk(_read(rows), SORTS, by, cursor=cursor, size=size)
    return paging.Page(_shown(page.rows), page.next, page.previous)


def of_contacts(contact_ids: Iterable[int]) -> list[Person]:
    """Return the programs that these contacts are and were in: those they are in first, the newest first.

    Who they are is known to who asks, and is left empty.
    """
    rows = _read(Enrolment.objects.filter(contact__in=list(contact_ids)).exclude(outcome=Out.MERGED))
    found = _shown(list(rows.order_by("-id")[:PAGE]), named=False)
    return sorted(found, key=lambda each: not each.is_open)


def enrolment(enrolment_id: int) -> Person:
    """Return one enrolment."""
    found = _shown(list(_read(Enrolment.objects.filter(id=enrolment_id))))
    if not found:
        raise UnknownEnrolment("There is no such enrolment.")
    return found[0]


def _read(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    return rows.select_related("program", "version")


def _shown(rows: Sequence[Enrolment], *, named: bool = True) -> list[Person]:
    if not rows:
        return []
    words, steps = words_of(), dict[int, dict[str, str]]()
    ids = {row.contact_id for row in rows} if named else set()
    names, whose = (contacts.names(ids), contacts.whose(ids)) if ids else ({}, {})
    at = {each.account_id for each in whose.values() if each.account_id}
    accounts = contacts.account_names(at) if at else {}
    for row in rows:
        if row.version_id not in steps:
            lines = lines_of(document_of(row.version), words)
            steps[row.version_id] = {line.place: str(line.words) for line in lines if line.place}
    return [
        Person(
            id=row.pk,
            program_id=row.program_id,
            program=document_of(row.version).name,
            contact_id=row.contact_id,
            name=names.get(row.contact_id, ""),
            account=accounts.get(whose[row.contact_id].account_id or 0, "")
            if row.contact_id in whose
            else "",
            version=row.version.number or 0,
            state=State(row.state),
            step=steps[row.version_id].get(row.at_step, ""),
            due_at=row.due_at,
            held_at=row.held_at,
            paused=row.program.paused_at is not None,
            entered_at=row.entered_at,
            ended_at=row.ended_at,
            outcome=outcome_words(row.outcome) if row.outcome else "",
            failures=row.failures,
        )
        for row in rows
    ]


def results(program_id: int) -> Results:
    """Return what came of everybody who entered a program, whichever version it was."""
    rows = Enrolment.objects.filter(program=program_id).exclude(outcome=Out.MERGED).order_by()
    counts = rows.aggregate(entered=Count("id"), reached=Count("id", filter=Q(outcome=Out.REACHED)))
    ends = rows.filter(state__in=CLOSED).values_list("outcome").annotate(n=Count("id"))
    since = _with_sales_since(rows)
    return Results(
        entered=counts["entered"],
        reached=counts["reached"],
        became_leads=len({contact for contact, kind in since if kind != "opportunity.won"}),
        won=len({contact for contact, kind in since if kind == "opportunity.won"}),
        ends=[(outcome_words(outcome), n) for outcome, n in sorted(ends, key=lambda row: (-row[1], row[0]))],
    )


def _with_sales_since(rows: QuerySet[Enrolment]) -> set[tuple[int, str]]:
    """Return what came of those who entered, after they did: the living contact, and the kind of the fact."""
    first = dict(rows.values("contact").annotate(at=Min("entered_at")).values_list("contact", "at"))
    living = ledger.living(first)
    entered: dict[int, datetime] = {}
    for contact, at in first.items():
        entered[living[contact]] = min(at, entered.get(living[contact], at))
    return {(contact, kind) for contact, kind, at in ledger.with_sales(entered) if at > entered[contact]}
