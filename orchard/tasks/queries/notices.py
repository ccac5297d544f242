"""What a member was told, newest first, and how it reads by now."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext

from orchard.interactions import queries as ledger
from orchard.kit import paging
from orchard.tasks.models import MailWish, Notice
from orchard.tasks.queries.wording import kind_of, known_kinds
from orchard.tasks.types import Mailing, Told, UnknownNotice

PAGE = 50

# From here on a bell does not count on.
MANY = 100


def unseen_count(member_id: int) -> int:
    """Return how many notices a member has not seen, `MANY` where there are more."""
    return len(Notice.objects.filter(member=member_id, seen_at__isnull=True).values_list("id")[:MANY])


def notices(member_id: int, *, cursor: str = "", size: int = PAGE) -> paging.Page[Told]:
    """Return one page of what a member was told; kinds that no room declares any more are left out."""
    rows = Notice.objects.filter(member=member_id, kind__in=known_kinds())
    back, key = paging.decode(cursor, int)
    if key:
        rows = rows.filter(Q(id__gt=key[0]) if back else Q(id__lt=key[0]))
    found = list(rows.order_by("id" if back else "-id")[: size + 1])
    page = paging.page(found, size=size, cursor=cursor, key=lambda row: (row.id,))
    living = ledger.living({row.contact_id for row in page.rows if row.contact_id is not None})
    return paging.Page([_told(row, living) for row in page.rows], page.next, page.previous)


def notice(notice_id: int) -> Told:
    """Return one notice."""
    row = Notice.objects.filter(id=notice_id).first()
    if row is None:
        raise UnknownNotice("There is no such notice.")
    return _told(row, ledger.living([row.contact_id] if row.contact_id is not None else []))


def worded(told: Sequence[Told], *, names: Mapping[int, str]) -> dict[int, str]:
    """Return each notice in words, as of now; `names` says how contacts are called.

    What its kind knows of the subject is asked for all notices of the kind at once.
    """
    details: dict[str, Mapping[int, str]] = {}
    for kind in {each.kind for each in told}:
        asks = kind_of(kind).details
        ids = {each.subject[1] for each in told if each.kind == kind and each.subject}
        details[kind] = asks(ids) if asks and ids else {}
    return {
        each.id: gettext(kind_of(each.kind).words)
        % {
            "contact": names.get(each.contact_id or 0) or gettext("somebody"),
            "details": details[each.kind].get(each.subject[1], "") if each.subject else "",
        }
        for each in told
    }


def is_notice_of(member_id: int, notice_id: int) -> bool:
    """Tell whether a notice is the member's own."""
    return Notice.objects.filter(id=notice_id, member=member_id).exists()


def mailing_of(member_id: int) -> Mailing:
    """Return how a member wants notices by e-mail."""
    wish = MailWish.objects.filter(member=member_id).values_list("mailing", flat=True).first()
    return Mailing(wish) if wish else Mailing.HOURLY


def _told(row: Notice, living: Mapping[int, int]) -> Told:
    return Told(
        id=row.pk,
        kind=row.kind,
        subject=None if row.subject_id is None else (row.subject_kind, row.subject_id),
        contact_id=None if row.contact_id is None else living[row.contact_id],
        created_at=row.created_at,
        seen_at=row.seen_at,
    )
