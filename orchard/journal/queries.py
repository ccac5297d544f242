"""What the audit book says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q, QuerySet

from orchard.journal.models import Entry
from orchard.kit.paging import By, Page
from orchard.kit.walking import named, walk

PAGE = 50
COUNTED = 10_000

_FIRST = By("at", down=True)
SORTS = {"at": named("at", datetime)}
_NAMED = Q(details__has_any_keys=["name", "file", "is", "was"])
# The next kind by the index, again and again: as many steps as there are kinds.
_KINDS = """
WITH RECURSIVE kind (each) AS (
    SELECT min(subject_kind) FROM journal
    UNION ALL SELECT (SELECT min(subject_kind) FROM journal WHERE subject_kind > kind.each) FROM kind
               WHERE each IS NOT NULL
)
SELECT each FROM kind WHERE each <> ''
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which lines: of one member, or by nobody (`actor_id` 0), about one sort of record or one record, of a time.

    `since` is the first moment, `before` the first one after.
    """

    actor_id: int | None = None
    kind: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return self != Wish()


def about(subject_kind: str, subject_id: int, *, limit: int = 50) -> Sequence[Entry]:
    """Return the newest lines about one record."""
    return list(
        Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-id")[:limit]
    )


def lines(wish: Wish, *, by: By = _FIRST, cursor: str = "", size: int = PAGE) -> Page[Entry]:
    """Return one page of the lines that a wish leaves, the newest first."""
    return walk(_wished(wish), SORTS, by, cursor=cursor, size=size)


def names_kept(ids: Mapping[str, Collection[int]]) -> dict[tuple[str, int], str]:
    """Return by which name the book last told of these records (ids by their sort): what is gone is known by it."""
    asked = reduce(
        or_, (Q(subject_kind=kind, subject_id__in=among) for kind, among in ids.items() if among), Q()
    )
    if not asked:
        return {}
    rows = Entry.objects.filter(asked).order_by("subject_kind", "subject_id", "-id")
    found: dict[tuple[str, int], str] = {}
    for kind, number, details in rows.filter(_NAMED).values_list("subject_kind", "subject_id", "details"):
        parts = [details, *(details.get(part) for part in ("is", "was"))]
        names = [each.get(name) for each in parts if isinstance(each, dict) for name in ("name", "file")]
        name = next((each for each in names if isinstance(each, str) and each), "")
        if name:
            found.setdefault((kind, number or 0), name)
    return found


def count(wish: Wish) -> int:
    """Return how many lines a wish leaves, counted up to `COUNTED` and one more."""
    return _wished(wish)[: COUNTED + 1].count()


def kinds() -> list[str]:
    """Return the sorts of records that lines are about, in the order of their names."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS)
        return [kind for (kind,) in cursor.fetchall()]


def _wished(wish: Wish) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if wish.actor_id is not None:
        rows = rows.filter(actor_id=wish.actor_id or None)
    if wish.kind:
        rows = rows.filter(subject_kind=wish.kind)
    if wish.subject_id is not None:
        rows = rows.filter(subject_id=wish.subject_id)
    if wish.since is not None:
        rows = rows.filter(at__gte=wish.since)
    if wish.before is not None:
        rows = rows.filter(at__lt=wish.before)
    return rows
