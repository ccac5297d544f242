"""What pages ask of the basket: its leads, freshest first by score, and how many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.kit import paging
from orchard.kit.paging import By
from orchard.kit.walking import named, walk
from orchard.leads.models import Lead
from orchard.leads.queries.reasons import labels_of
from orchard.leads.rules import codes_of
from orchard.leads.types import OPEN, Freshness, State
from orchard.scoring.types import TENTH
from orchard.team import queries as team

PAGE = 50
_FIRST = By("score", down=True)
# What the basket can be sorted by: each has an index of the leads that wait.
SORTS = {"score": named("score", int), "ripe": named("ripe_at", datetime)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lead that waits, as the basket lists it. `score` in tenths of a point, cut."""

    id: int
    contact_id: int
    name: str
    title: str
    account_id: int | None
    account: str
    score: int
    reasons: Sequence[str]
    ripe_at: datetime
    fresh_at: datetime | None
    stale: bool

    @property
    def points(self) -> float:
        """The score in points."""
        return self.score / 10


@dataclass(frozen=True, slots=True)
class Handoff:
    """One hand-off of a contact: since when it is a lead, whether it still is, and how fresh.

    `member` has it, or had it when it ended; `why` is what the agreement of its time calls the reason for which it is
    over, and `eligible_at` from when the contact may come again.
    """

    id: int
    contact_id: int
    state: State
    ripe_at: datetime
    closed_at: datetime | None
    stale: bool
    member_id: int | None
    member: str = ""
    why: str = ""
    eligible_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether the lead is in the basket."""
        return self.state is State.WAITING

    @property
    def is_open(self) -> bool:
        """Whether the lead is not over yet."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Counts:
    """How many leads wait, fresh and stale."""

    fresh: int
    stale: int


def basket(
    *,
    now: datetime,
    freshness: Freshness = Freshness.FRESH,
    by: By = _FIRST,
    cursor: str = "",
    size: int = PAGE,
    for_member: int | None = None,
) -> paging.Page[Waiting]:
    """Return one page of the waiting leads: the highest score of the last assessment first, or by another sort.

    `for_member` leaves those that may go to a member by the agreement.
    """
    rows = _waiting(now, freshness).select_related("contact", "account")
    if for_member is not None:
        taker = next((each for each in team.takers() if each.id == for_member), None)
        rows = rows.filter(pool__in=["", *codes_of(taker)]) if taker else rows.none()
    page = walk(rows, SORTS, by, cursor=cursor, size=size)
    ids = [lead.contact_id for lead in page.rows]
    names, hidden = contacts.names(ids), contacts.hidden_among(ids)
    met = agreement.because_of((lead.version_id, lead.met, lead.lines) for lead in page.rows)
    shown = [
        _shown(lead, names[lead.contact_id], reasons, now)
        for lead, reasons in zip(page.rows, met, strict=True)
    ]
    shown = [replace(each, title="", account="") if each.contact_id in hidden else each for each in shown]
    return paging.Page(shown, page.next, page.previous)


def counts(*, now: datetime) -> Counts:
    """Return how many leads wait."""
    found = Lead.objects.filter(state=State.WAITING).aggregate(
        fresh=Count("id", filter=Q(stale_at__gt=now)), stale=Count("id", filter=Q(stale_at__lte=now))
    )
    return Counts(**found)


def open_lead_of(contact_id: int) -> int | None:
    """Return the id of the contact's open lead."""
    return Lead.objects.filter(contact=contact_id, state__in=OPEN).values_list("id", flat=True).first()


def waiting_ids() -> list[int]:
    """Return the contacts who wait in the basket, fresh and stale."""
    return list(Lead.objects.filter(state=State.WAITING).values_list("contact", flat=True))


def handoffs_of(contact_ids: Iterable[int], *, now: datetime) -> list[Handoff]:
    """Return every hand-off of these contacts, the newest first."""
    named = Lead.objects.annotate(had_by=F("member__name"))
    rows = list(named.filter(contact__in=list(contact_ids)).order_by("-ripe_at", "-id"))
    labels = labels_of(rows)
    return [
        Handoff(
            row.pk,
            row.contact_id,
            State(row.state),
            row.ripe_at,
            row.closed_at,
            row.stale_at <= now,
            row.member_id,
            row.had_by or "",
            labels.get(row.pk, ""),
            row.eligible_at,
        )
        for row in rows
    ]


def _waiting(now: datetime, freshness: Freshness) -> QuerySet[Lead]:
    young = Q(stale_at__gt=now) if freshness is Freshness.FRESH else Q(stale_at__lte=now)
    return Lead.objects.filter(young, state=State.WAITING)


def _shown(lead: Lead, name: str, reasons: Sequence[str], now: datetime) -> Waiting:
    return Waiting(
        id=lead.pk,
        contact_id=lead.contact_id,
        name=name,
        title=lead.contact.title or "",
        account_id=lead.account_id,
        account=str(lead.account) if lead.account else "",
        score=lead.score // TENTH,
        reasons=reasons,
        ripe_at=lead.ripe_at,
        fresh_at=lead.fresh_at,
        stale=lead.stale_at <= now,
    )
