"""How members are told something once, in the app and by e-mail as they wish, and how they see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from orchard.kit.clock import next_full_hour
from orchard.kit.errors import Refused
from orchard.kit.languages import spoken
from orchard.outbox import actions as outbox
from orchard.tasks import letters
from orchard.tasks.models import MailWish, Notice
from orchard.tasks.queries.wording import kind_of
from orchard.tasks.types import Mailing, Subject, UnknownNotice
from orchard.team import queries as team
from orchard.team.types import Hours

# A notice that was seen is kept this long.
KEPT = timedelta(days=90)
BATCH = 500


class Telling(NamedTuple):
    """One notice to one member."""

    member_id: int
    kind: str
    subject: Subject | None
    contact_id: int | None
    key: str


# Whoever is switched off is told nothing; a cause that was told before tells nothing again.
_TELL = """
INSERT INTO notice (member_id, kind, subject_kind, subject_id, contact_id, key, created_at, mail_at)
SELECT m.id, g.kind, g.subject_kind, g.subject_id, g.contact_id, g.key, %(now)s,
       CASE WHEN coalesce(w.mailing, %(hourly)s) = %(hourly)s THEN %(mail_at)s::timestamptz END
  FROM unnest(%(members)s::bigint[], %(kinds)s::text[], %(subject_kinds)s::text[], %(subject_ids)s::bigint[],
              %(contacts)s::bigint[], %(keys)s::text[])
    AS g (member_id, kind, subject_kind, subject_id, contact_id, key)
  JOIN member m ON m.id = g.member_id AND m.is_active LEFT JOIN notice_mail w ON w.member_id = m.id
 ORDER BY m.id, g.key
    ON CONFLICT (member_id, key) DO NOTHING RETURNING id, member_id, kind
"""

# What is due and was not seen, of members who want it so; taken by whoever comes first.
_TAKE = """
UPDATE notice SET mail_at = NULL
 WHERE member_id = ANY (%s) AND mail_at <= %s AND seen_at IS NULL RETURNING id, member_id, kind
"""


def notify(
    *,
    member_ids: Iterable[int],
    kind: str,
    subject: Subject | None,
    key: str,
    now: datetime,
    contact_id: int | None = None,
) -> int:
    """Tell members something, in the caller's transaction; return how many were told now.

    `key` names the cause: each member is told once for it, ever. Whoever is switched off is told nothing.
    """
    return tell([Telling(each, kind, subject, contact_id, key) for each in set(member_ids)], now=now)


@transaction.atomic
def tell(tellings: Sequence[Telling], *, now: datetime) -> int:
    """Write many notices at once, and put out the mails of who wants them at once; return how many are new."""
    if not tellings:
        return 0
    for kind in {each.kind for each in tellings}:
        kind_of(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "now": now,
                "hourly": Mailing.HOURLY,
                "mail_at": next_full_hour(now),
                "members": [each.member_id for each in tellings],
                "kinds": [each.kind for each in tellings],
                "subject_kinds": [each.subject[0] if each.subject else "" for each in tellings],
                "subject_ids": [each.subject[1] if each.subject else None for each in tellings],
                "contacts": [each.contact_id for each in tellings],
                "keys": [each.key for each in tellings],
            },
        )
        new = cursor.fetchall()
    eager = MailWish.objects.filter(mailing=Mailing.AT_ONCE, member__in={member for _, member, _ in new})
    wishes = set(eager.values_list("member_id", flat=True))
    _mail([(member, kind, notice) for notice, member, kind in new if member in wishes], now=now, each=True)
    return len(new)


@transaction.atomic
def mail_digests(*, now: datetime, default: Hours) -> int:
    """Put out one mail to each member who has unseen notices due, during working hours; return how many mails.

    Who is not at work gets it when work begins. `default` are the hours of whoever is in no territory.
    """
    due = Notice.objects.filter(mail_at__lte=now).select_related("member").order_by("mail_at")
    waiting = sorted({each.member for each in due[:BATCH]}, key=lambda member: member.pk)
    hours = team.working_times(waiting, now=now, default=default)
    ready = []
    for member in waiting:
        opens = team.opens_next(hours[member.pk], now)
        if not member.is_active or opens is None or opens > now:
            later = opens if member.is_active else None
            Notice.objects.filter(member=member, mail_at__lte=now).update(mail_at=later)
        else:
            ready.append(member.pk)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [ready, now])
        taken = cursor.fetchall()
    Notice.objects.filter(member__in=ready, mail_at__lte=now).update(mail_at=None)
    return _mail([(member, kind, notice) for notice, member, kind in taken], now=now)


@transaction.atomic
def see(*, notice_id: int, member_id: int, now: datetime) -> None:
    """Note that a member has seen a notice."""
    notice = Notice.objects.select_for_update().filter(id=notice_id, member=member_id).first()
    if notice is None:
        raise UnknownNotice("There is no such notice.")
    if notice.seen_at is None:
        Notice.objects.filter(id=notice_id).update(seen_at=now, mail_at=None)


def see_all(*, member_id: int, upto: int, now: datetime) -> int:
    """Note that a member has seen every notice up to the one that was shown as the newest; return how many."""
    unseen = Notice.objects.filter(member=member_id, id__lte=upto, seen_at__isnull=True)
    return unseen.update(seen_at=now, mail_at=None)


@transaction.atomic
def choose_mailing(*, member_id: int, mailing: Mailing | str) -> None:
    """Set how a member wants notices by e-mail; what waits for the next mail goes with it, unless none is wanted."""
    if mailing not in set(Mailing):
        raise Refused("Choose at once, once an hour or never.")
    MailWish.objects.update_or_create(member_id=member_id, defaults={"mailing": Mailing(mailing)})
    if mailing == Mailing.NONE:
        Notice.objects.filter(member=member_id, mail_at__isnull=False).update(mail_at=None)


def forget_notices(*, now: datetime) -> int:
    """Delete some of the notices that were seen long ago; return how many."""
    old = Notice.objects.filter(seen_at__lt=now - KEPT).order_by("seen_at").values_list("id", flat=True)
    deleted, _ = Notice.objects.filter(id__in=list(old[: BATCH * 10])).delete()
    return deleted


def _mail(rows: Sequence[tuple[int, str, int]], *, now: datetime, each: bool = False) -> int:
    """Put out a mail to each member about the notices (member, kind, id), or one about each."""
    bundles: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for member, kind, notice in rows:
        bundles.setdefault((member, notice if each else 0), []).append((kind, notice))
    told = Notice.objects.filter(id__in=[notice for _, _, notice in rows])
    receivers = {
        member: (address, language)
        for member, address, language in told.values_list("member_id", "member__email", "member__language")
    }
    for (member, _), bundle in bundles.items():
        newest = max(notice for _, notice in bundle)
        address, language = receivers[member]
        with spoken(language):
            letter = letters.notices([kind for kind, _ in bundle])
        outbox.put(
            channel="email",
            recipient=address,
            payload=letter,
            unique_key=f"notices:{member}:{newest}",
            now=now,
        )
    return len(bundles)
