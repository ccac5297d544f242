"""Leads in hands, as their lists show them: mine, the managers' list, everybody's desk; and one lead whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.kit.paging import By
from orchard.kit.walking import named, walk
from orchard.leads.models import Colleague, Lead, Offer
from orchard.leads.queries.reasons import labels_of
from orchard.leads.queries.work import attempts_of, terms_of
from orchard.leads.rules import attempts_missing
from orchard.leads.types import HELD, Outcome, State, Taken, UnknownLead, Why
from orchard.scoring.types import TENTH
from orchard.tasks import queries as tasks
from orchard.tasks.types import Step
from orchard.team import queries as team

PAGE = 50

_FIRST = By("since")
IN_HANDS_SORTS = {
    "score": named("score", int),
    "name": named("contact__name_key", str, empty=True),
}
# What a list shows of a lead: the rest of it, and of a contact, is wide.
_SHOWN = (
    *(
        "state",
        "version",
        "met",
        "lines",
        "score",
        "round",
        "ripe_at",
        "accepted_at",
        "attempted_at",
        "attempt_due_at",
        "rots_at",
    ),
    *("contact__title", "account__name", "member__name"),
)


class Which(StrEnum):
    """The lists of leads in hands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class InHands:
    """A lead in a list: its contact, why it is one, who has it, and the clock that runs out next."""

    id: int
    contact_id: int
    name: str
    title: str
    account: str
    score: int
    reasons: Sequence[str]
    state: State
    member_id: int | None
    member: str
    round: int
    since: datetime
    due_at: datetime | None
    attempt_due_at: datetime | None
    rots_at: datetime | None
    step: Step | None

    @property
    def points(self) -> float:
        """The score in points."""
        return self.score / 10

    @property
    def flagged(self) -> bool:
        """Whether it was accepted and nothing is planned."""
        return self.state is State.ACCEPTED and self.step is None


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An offer as the lead's page tells it."""

    member: str
    made_at: datetime
    due_at: datetime | None
    why: Why
    by: str
    outcome: Outcome | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A reason that the lead may come back for: what it asks for, and what follows."""

    reason: str
    label: str
    asks_day: bool
    disqualifies: bool
    rest_days: int | None
    missing: int
    attempts: int


@dataclass(frozen=True, slots=True)
class LeadShown:
    """One lead whole. `lines` and `reasons` are those of the day it was born.

    `code` is the reason for which it is over, `reason` what the agreement calls that.
    """

    id: int
    contact_id: int
    account_id: int | None
    state: State
    version: int
    round: int
    ripe_at: datetime
    stale: bool
    member_id: int | None
    member: str
    accepted_at: datetime | None
    due_at: datetime | None
    attempt_due_at: datetime | None
    touched_at: datetime | None
    rots_at: datetime | None
    closed_at: datetime | None
    reason: str
    code: str
    eligible_at: datetime | None
    score: int
    lines: Sequence[agreement.Line]
    reasons: Sequence[agreement.Reason]
    offers: Sequence[OfferShown]
    colleagues: Sequence[tuple[int, str]]
    attempts: int

    @property
    def points(self) -> float:
        """The score of the last assessment before it was taken, in points."""
        return self.score / 10

    @property
    def met(self) -> list[str]:
        """Why it is a lead."""
        return [reason.words for reason in self.reasons if reason.met and not reason.never]


@dataclass(frozen=True, slots=True)
class Desk:
    """What one member has in hands, and how much more he or she takes."""

    member_id: int
    name: str
    team: str
    offered: int
    accepted: int
    capacity: int
    weight: int

    @property
    def free(self) -> int:
        """How many more leads fit."""
        return max(0, self.capacity - self.offered - self.accepted)

    @property
    def held(self) -> int:
        """How many leads the member has."""
        return self.offered + self.accepted


@dataclass(frozen=True, slots=True)
class Tally:
    """How many leads there are in hands; of one member, or of everybody."""

    offered: int
    accepted: int
    escalated: int


def in_hands(
    which: Which,
    *,
    member_id: int | None = None,
    by: By = _FIRST,
    cursor: str = "",
    size: int = PAGE,
) -> paging.Page[InHands]:
    """Return one page of a list, of one member or of all one may see: what came first on top, or by another sort."""
    page = _walked(which, member_id, by, cursor, size)
    return paging.Page(_shown(page.rows), page.next, page.previous)


def offered_and_accepted(member_id: int, *, size: int) -> tuple[list[InHands], list[InHands]]:
    """Return what a member was offered and what he or she accepted, of each what came first, at most `size`."""
    sorts = (Which.OFFERED, Which.ACCEPTED)
    shown = _shown([lead for each in sorts for lead in _walked(each, member_id, _FIRST, "", size).rows])
    offered, accepted = ([each for each in shown if str(each.state) == which] for which in sorts)
    return offered, accepted


def _walked(which: Which, member_id: int | None, by: By, cursor: str, size: int) -> paging.Page[Lead]:
    rows = Lead.objects.filter(visible(), state=str(which))
    if member_id is not None:
        rows = rows.filter(member=member_id)
    since = "accepted_at" if which is Which.ACCEPTED else "ripe_at"
    sorts = {**IN_HANDS_SORTS, "since": named(since, datetime)}
    return walk(
        rows.select_related("contact", "account", "member").only(*_SHOWN), sorts, by, cursor=cursor, size=size
    )


def tally(member_id: int | None = None) -> Tally:
    """Return how many leads are in hands, of one member or of everybody."""
    held = Lead.objects.filter(state__in=HELD)
    counts = (held if member_id is None else held.filter(member=member_id)).aggregate(
        offered=Count("id", filter=Q(state=State.OFFERED)),
        accepted=Count("id", filter=Q(state=State.ACCEPTED)),
    )
    return Tally(**counts, escalated=Lead.objects.filter(state=State.ESCALATED).count())


def lead(lead_id: int, *, now: datetime) -> LeadShown:
    """Return one lead whole; raises `UnknownLead`."""
    row = Lead.objects.filter(id=lead_id).select_related("member").first()
    if row is None:
        raise UnknownLead("There is no such lead.")
    lines, reasons = agreement.reasons_of(version_id=row.version_id, lines=row.lines, truths=row.met)
    offers = list(Offer.objects.filter(lead=row).select_related("member", "by").order_by("-id"))
    colleagues = Colleague.objects.filter(lead=row, left_at__isnull=True).values_list("contact", flat=True)
    names = contacts.names(colleagues)
    return LeadShown(
        id=row.pk,
        contact_id=ledger.living([row.contact_id])[row.contact_id],
        account_id=row.account_id,
        state=State(row.state),
        version=agreement.terms_of_version(row.version_id).number,
        round=row.round,
        ripe_at=row.ripe_at,
        stale=row.stale_at <= now,
        member_id=row.member_id,
        member=row.member.name if row.member else "",
        accepted_at=row.accepted_at,
        due_at=next((each.due_at for each in offers if not each.outcome), None),
        attempt_due_at=None if row.attempted_at else row.attempt_due_at,
        touched_at=row.touched_at,
        rots_at=row.rots_at,
        closed_at=row.closed_at,
        reason=labels_of([row]).get(row.pk, ""),
        code=row.reason,
        eligible_at=row.eligible_at,
        score=row.score // TENTH,
        lines=lines,
        reasons=reasons,
        offers=[
            OfferShown(
                each.member.name,
                each.made_at,
                each.due_at,
                Why(each.why),
                each.by.name if each.by else "",
                Outcome(each.outcome) if each.outcome else None,
                each.ended_at,
            )
            for each in offers
        ],
        colleagues=sorted(names.items(), key=lambda each: each[1]),
        attempts=attempts_of([row]).get(row.pk, 0),
    )


def contact_of(lead_id: int) -> int:
    """Return the living contact of a lead; raises `UnknownLead`."""
    contact = Lead.objects.filter(id=lead_id).values_list("contact_id", flat=True).first()
    if contact is None:
        raise UnknownLead("There is no such lead.")
    return ledger.living([contact])[contact]


def contacts_of(lead_ids: Iterable[int]) -> dict[int, int]:
    """Return the living contact of each of these leads."""
    found = dict(Lead.objects.filter(id__in=list(lead_ids)).values_list("id", "contact_id"))
    living = ledger.living(found.values())
    return {lead: living[contact] for lead, contact in found.items()}


def refuse_unless_accepted(lead_id: int, *, member_id: int) -> None:
    """Refuse whoever has not accepted a lead what only he or she may know and do."""
    if not Lead.objects.filter(id=lead_id, member=member_id, state=State.ACCEPTED).exists():
        raise Taken("Only whoever has accepted a lead makes an opportunity of it. Nothing was changed.")


def account_of(lead_id: int) -> int | None:
    """Return the account of a lead."""
    return Lead.objects.filter(id=lead_id).values_list("account_id", flat=True).first()


def colleagues_of(lead_id: int) -> list[int]:
    """Return who joined a lead and did not leave it."""
    rows = Colleague.objects.filter(lead=lead_id, left_at__isnull=True).order_by("id")
    return list(rows.values_list("contact_id", flat=True))


def choices(lead_id: int) -> list[Choice]:
    """Return the reasons that a lead in hands may come back for, by the agreement it was offered under."""
    row = Lead.objects.filter(id=lead_id).first()
    if row is None:
        raise UnknownLead("There is no such lead.")
    document, attempts = terms_of(row.id, row.version_id).document, attempts_of([row]).get(row.id, 0)
    return [
        Choice(
            each.reason,
            each.label,
            each.ask == "wake_on",
            each.disqualifies,
            each.eligible_after_days,
            attempts_missing(each, document, attempts),
            attempts,
        )
        for each in document.returns
    ]


def desks(also: Iterable[int] = ()) -> list[Desk]:
    """Return everybody who takes leads, or has some, and these members whatever they have, by name."""
    counts: dict[int, dict[str, int]] = {}
    rows = Lead.objects.filter(state__in=HELD).values_list("member", "state").annotate(n=Count("id"))
    for member, state, number in rows:
        counts.setdefault(member, {})[state] = number
    people = team.desks({*counts, *also})
    return [
        Desk(
            each.id,
            each.name,
            each.team.name if each.team else "",
            counts.get(each.id, {}).get(State.OFFERED, 0),
            counts.get(each.id, {}).get(State.ACCEPTED, 0),
            each.capacity if each.is_active else 0,
            each.weight,
        )
        for each in people
    ]


def held_by(member_id: int) -> list[InHands]:
    """Return all leads in a member's hands, for a list by which they are handed over."""
    return _shown(_of_member(member_id).select_related("contact", "account", "member").order_by("id"))


def is_seen(lead_id: int) -> bool:
    """Tell whether whoever asks may see a lead."""
    return Lead.objects.filter(visible(), id=lead_id).exists()


def visible() -> Q:
    """Return which leads one may see: those of one's reach, nobody's, and those that one's reach had before."""
    members = team.reach().members
    if members is None:
        return Q()
    had = Offer.objects.filter(lead=OuterRef("pk"), member__in=members)
    return Q(member__in=members) | Q(member=None) | Q(Exists(had))


def _of_member(member_id: int) -> QuerySet[Lead]:
    return Lead.objects.filter(member=member_id, state__in=HELD)


def _shown(rows: Sequence[Lead] | QuerySet[Lead]) -> list[InHands]:
    leads = list(rows)
    living = ledger.living(row.contact_id for row in leads)
    steps = tasks.next_steps_of_contacts(set(living.values()))
    names, hidden = contacts.names(living), contacts.hidden_among(living)
    due = dict(Offer.objects.filter(lead__in=leads, outcome="").values_list("lead", "due_at"))
    met = agreement.because_of((row.version_id, row.met, row.lines) for row in leads)
    found = []
    for row, reasons in zip(leads, met, strict=True):
        found.append(
            InHands(
                id=row.pk,
                contact_id=row.contact_id,
                name=names[row.contact_id],
                title="" if row.contact_id in hidden else row.contact.title or "",
                account=str(row.account) if row.account and row.contact_id not in hidden else "",
                score=row.score // TENTH,
                reasons=reasons,
                state=State(row.state),
                member_id=row.member_id,
                member=row.member.name if row.member else "",
                round=row.round,
                since=row.accepted_at or row.ripe_at,
                due_at=due.get(row.pk),
                attempt_due_at=None if row.attempted_at else row.attempt_due_at,
                rots_at=row.rots_at,
                step=None if row.contact_id in hidden else steps.get(living[row.contact_id]),
            )
        )
    return found
