"""What came back and why: by reason, by the campaign that brought the contact, by member; each in the words said."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from orchard.campaigns import queries as campaigns
from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.kit.ids import as_array
from orchard.kit.paging import By
from orchard.kit.walking import named, walk
from orchard.leads.models import Lead
from orchard.leads.queries.reasons import labels_of, reason_labels
from orchard.leads.types import State
from orchard.team import queries as team

_FIRST = By("closed", down=True)
RETURNED_SORTS = {"closed": named("closed_at", datetime)}
SPAN = timedelta(days=90)
"""What the counts are of."""

_SHOWN = (
    *("contact_id", "version_id", "reason", "state", "round", "closed_at", "eligible_at"),
    *("account__name", "member__name"),
)
_BACK = [State.RETURNED.value, State.DISQUALIFIED.value]


@dataclass(frozen=True, slots=True)
class CameBack:
    """A lead that came back: why, in whose words, and from when the contact may come again (None: never)."""

    id: int
    contact_id: int
    name: str
    account: str
    member: str
    reason: str
    label: str
    words: str
    disqualified: bool
    round: int
    closed_at: datetime
    eligible_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """How many leads came back for one reason, campaign or member; `key` narrows the list to them."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Returns:
    """What came back within `SPAN`, in groups."""

    total: int
    by_reason: Sequence[Group]
    by_campaign: Sequence[Group]
    by_member: Sequence[Group]
    coming: Sequence[tuple[str, int]]
    """How many contacts may come again, by month from now on: (2026-12, number)."""


@dataclass(frozen=True, slots=True)
class Back:
    """How a lead came back: whose it was, for which reason, and from when the contact may come again."""

    contact_id: int
    reason: str
    member_id: int | None
    eligible_at: datetime | None


def came_back(lead_ids: Iterable[int]) -> dict[int, Back]:
    """Return how these leads came back; one that did not, or for good, is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, contact_id, reason, member_id, eligible_at FROM lead"
            " WHERE id = ANY (%s::bigint[]) AND state = %s",
            [as_array(lead_ids), State.RETURNED],
        )
        return {lead: Back(*how) for lead, *how in cursor.fetchall()}


def may_come_again(lead_ids: Iterable[int]) -> dict[str, tuple[int, datetime, datetime]]:
    """Return of how many of these returned leads the contact may come again, from when and until when, by reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, count(*), min(eligible_at), max(eligible_at) FROM lead"
            " WHERE id = ANY (%s::bigint[]) AND state = %s AND eligible_at IS NOT NULL GROUP BY reason",
            [as_array(lead_ids), State.RETURNED],
        )
        return {reason: (number, first, last) for reason, number, first, last in cursor.fetchall()}


def returned_by(contact_ids: Iterable[int]) -> dict[int, int]:
    """Return which member gave the last returned lead of each of these contacts back; who had none is absent."""
    rows = Lead.objects.filter(contact__in=list(contact_ids), state=State.RETURNED, member__isnull=False)
    return dict(rows.order_by("contact", "-id").distinct("contact").values_list("contact", "member"))


def resting(reasons: Iterable[str]) -> dict[int, int]:
    """Return the contacts whose newest lead came back for one of these reasons, each with that lead."""
    newest = Lead.objects.order_by("contact", "-id").distinct("contact")
    wanted = set(reasons)
    rows = newest.values_list("contact", "id", "state", "reason").iterator(chunk_size=10_000)
    return {
        contact: lead for contact, lead, state, reason in rows if state == State.RETURNED and reason in wanted
    }


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which of what came back a list shows: for one reason, first met in one campaign, had by one member; or all.

    `coming` is the month, as in 2026-12, in which the contact may come again.
    """

    reason: str = ""
    campaign_id: int | None = None
    had_by: int | None = None
    coming: str = ""


_ALL = Narrow()


def returns(*, now: datetime) -> Returns:
    """Return what came back lately, as far as one may see it, in groups."""
    rows = _back()
    lately = rows.filter(closed_at__gt=now - SPAN)
    grouped = lately.order_by().values_list("reason", "member", "member__name").annotate(n=Count("id"))
    reasons, members, names = Counter[str](), Counter[str](), dict[str, str]()
    for reason, member, name, number in grouped:
        reasons[reason] += number
        members[str(member or "")] += number
        names[str(member)] = name or ""
    return Returns(
        total=reasons.total(),
        by_reason=_groups(reasons, reason_labels()),
        by_campaign=_by_campaign(lately),
        by_member=_groups(members, names),
        coming=_coming(rows, now),
    )


def returned(
    *,
    now: datetime,
    narrow: Narrow = _ALL,
    by: By = _FIRST,
) -> paging.Walk[CameBack]:
    """Return the list of what came back, as far as one may see it; a `narrow` one is of what came back lately.

    But one of who may come again in a month is of whenever they came back, as its number is.
    """
    rows = _back()
    if narrow.coming:
        rows = _narrowed(_coming_in(rows, narrow.coming, now), narrow)
    elif narrow != _ALL:
        rows = _narrowed(rows.filter(closed_at__gt=now - SPAN), narrow)
    return lambda cursor, size: _page(rows, by, cursor, size)


def _back() -> QuerySet[Lead]:
    rows, members = Lead.objects.filter(state__in=_BACK), team.reach().members
    return rows if members is None else rows.filter(member__in=members)


def _narrowed(rows: QuerySet[Lead], narrow: Narrow) -> QuerySet[Lead]:
    if narrow.reason:
        rows = rows.filter(reason=narrow.reason)
    if narrow.had_by is not None:
        rows = rows.filter(member=narrow.had_by)
    if narrow.campaign_id is not None:
        first = campaigns.first_of(list(rows.values_list("contact", flat=True)))
        rows = rows.filter(contact__in=[each for each, found in first.items() if found == narrow.campaign_id])
    return rows


def _page(rows: QuerySet[Lead], by: By, cursor: str, size: int) -> paging.Page[CameBack]:
    page = walk(
        rows.select_related("account", "member").only(*_SHOWN), RETURNED_SORTS, by, cursor=cursor, size=size
    )
    labels, words = labels_of(page.rows), _words([row.pk for row in page.rows])
    names = contacts.names(row.contact_id for row in page.rows)
    shown = [
        CameBack(
            id=row.pk,
            contact_id=row.contact_id,
            name=names[row.contact_id],
            account=str(row.account) if row.account else "",
            member=row.member.name if row.member else "",
            reason=row.reason,
            label=labels.get(row.pk, row.reason),
            words=words.get(row.pk, ""),
            disqualified=row.state == State.DISQUALIFIED,
            round=row.round,
            closed_at=row.closed_at,
            eligible_at=row.eligible_at,
        )
        for row in page.rows
        if row.closed_at is not None
    ]
    return paging.Page(shown, page.next, page.previous)


def _words(lead_ids: Sequence[int]) -> dict[int, str]:
    facts = ledger.about("lead", lead_ids, kinds=("lead.returned", "lead.disqualified"))
    words = ledger.words_of(facts.values())
    return {lead: words[fact] for lead, fact in facts.items() if fact in words}


def _by_campaign(rows: QuerySet[Lead]) -> list[Group]:
    people = Counter(dict(rows.order_by().values_list("contact").annotate(n=Count("id"))))
    counts = campaigns.first_counts(people)
    names = campaigns.names([each for each in counts if each is not None])
    return _groups(
        Counter({str(each or ""): number for each, number in counts.items()}),
        {str(each): name for each, name in names.items()},
    )


def _groups(counts: Counter[str], names: Mapping[str, str]) -> list[Group]:
    return [Group(key, names.get(key, key), number) for key, number in counts.most_common()]


def _coming_in(rows: QuerySet[Lead], month: str, now: datetime) -> QuerySet[Lead]:
    """Return those of a month as people write it where they are; none for what is no month."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
        following = (first + timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError):
        return rows.none()
    return rows.filter(wakes_at__gt=now, wakes_at__gte=first, wakes_at__lt=following)


def _coming(rows: QuerySet[Lead], now: datetime) -> list[tuple[str, int]]:
    month = TruncMonth("wakes_at")
    found = rows.filter(wakes_at__gt=now).order_by().annotate(month=month).values_list("month")
    return sorted((f"{at:%Y-%m}", number) for at, number in found.annotate(n=Count("id")))
