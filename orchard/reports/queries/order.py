"""How contacts one may see are walked by the score of their last assessment; who was not assessed yet comes last."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from django.db import connection

from orchard.contacts import queries as contacts
from orchard.kit import paging
from orchard.kit.ids import as_array

Scored = tuple[int, int | None]
"""A contact and its score in millionths of a point."""

MANY = 20_000
"""From so many ids on, one meets them sooner by walking everybody than by handing them all to the database."""
_STRIDE = 2_000
_STRIDES = 10

_ASSESSED = """
SELECT contact_id, total FROM verdict
 WHERE (%(ids)s::bigint[] IS NULL OR contact_id = ANY (%(ids)s::bigint[]))
   AND (%(total)s::bigint IS NULL OR (total, contact_id) {beyond} (%(total)s, %(id)s)) {seen}
 ORDER BY total {order}, contact_id {order} LIMIT %(size)s
"""
_OTHERS = """
SELECT c.id, NULL FROM contact c
 WHERE c.erased_at IS NULL AND NOT EXISTS (SELECT FROM verdict v WHERE v.contact_id = c.id)
   AND NOT EXISTS (SELECT FROM contact_alias o WHERE o.old_id = c.id AND o.ended_by IS NULL)
   AND (%(ids)s::bigint[] IS NULL OR c.id = ANY (%(ids)s::bigint[]))
   AND (%(id)s::bigint IS NULL OR c.id {beyond} %(id)s) {seen}
 ORDER BY c.id {order} LIMIT %(size)s
"""


def by_score(
    *, ids: AbstractSet[int] | None, cursor: str, size: int, turned: bool = False
) -> paging.Page[Scored]:
    """Return one page of contacts, the highest score first, `turned` the lowest.

    `ids` narrows, None asks for everybody. Who was not assessed comes last either way.
    """
    back, key = paging.decode(cursor, int | None, int)
    total, identity = key or (None, None)
    stretches = [_ASSESSED, _OTHERS]
    if back:
        stretches.reverse()
    # A cursor without a score stands among those who were not assessed.
    start = stretches.index(_OTHERS if key and total is None else _ASSESSED) if key else 0
    found: list[Scored] = []
    for place, stretch in enumerate(stretches[start:]):
        after = (total, identity) if place == 0 else (None, None)
        found += _asked(stretch, ids, after, size + 1 - len(found), rising=back != turned)
        if len(found) > size or (ids is not None and len(found) == len(ids)):
            break
    return paging.page(found, size=size, cursor=cursor, key=lambda row: (row[1], row[0]))


def _asked(
    stretch: str,
    ids: AbstractSet[int] | None,
    after: tuple[int | None, int | None],
    size: int,
    *,
    rising: bool,
) -> Sequence[Scored]:
    """Return the next `size` of a stretch that are among `ids`; None asks for everybody."""
    if ids is None or len(ids) < MANY or stretch is not _ASSESSED:
        return _fetched(stretch, ids, after, size, rising=rising)
    met: list[Scored] = []
    place = after
    for _ in range(_STRIDES):
        rows = _fetched(stretch, None, place, _STRIDE, rising=rising)
        met += [row for row in rows if row[0] in ids]
        if len(met) >= size or len(rows) < _STRIDE:
            return met[:size]
        place = (rows[-1][1], rows[-1][0])
    return _fetched(stretch, ids, after, size, rising=rising)


def _fetched(
    stretch: str,
    ids: AbstractSet[int] | None,
    after: tuple[int | None, int | None],
    size: int,
    *,
    rising: bool,
) -> Sequence[Scored]:
    only, parameters = contacts.seen("verdict.contact_id" if stretch is _ASSESSED else "c.id")
    statement = stretch.format(
        beyond=">" if rising else "<",
        order="ASC" if rising else "DESC",
        seen="".join(f"AND {condition}" for condition in only),
    )
    parameters |= {"ids": None if ids is None else as_array(ids), "total": after[0], "id": after[1]}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"size": size})
        return [(row[0], row[1]) for row in cursor.fetchall()]
