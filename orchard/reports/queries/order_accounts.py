"""How accounts are walked by how many of their people are qualified; those where nobody is come last."""

from collections.abc import Collection

from django.db import connection

from orchard.kit import paging

Ripe = tuple[int, int | None]
"""An account and how many of its people are qualified; None where nobody is."""

_RIPE = """
SELECT account_id, count(*) AS people FROM verdict
 WHERE qualified AND account_id IS NOT NULL AND (%(ids)s::bigint[] IS NULL OR account_id = ANY (%(ids)s::bigint[]))
 GROUP BY account_id
HAVING %(people)s::bigint IS NULL OR (count(*), account_id) {beyond} (%(people)s, %(id)s)
 ORDER BY people {order}, account_id {order} LIMIT %(size)s
"""
_OTHERS = """
SELECT a.id, NULL FROM account a
 WHERE a.erased_at IS NULL AND NOT EXISTS (SELECT FROM verdict v WHERE v.account_id = a.id AND v.qualified)
   AND (%(ids)s::bigint[] IS NULL OR a.id = ANY (%(ids)s::bigint[]))
   AND (%(id)s::bigint IS NULL OR a.id {beyond} %(id)s)
 ORDER BY a.id {order} LIMIT %(size)s
"""


def by_ripe_people(
    *, ids: Collection[int] | None, cursor: str, size: int, turned: bool = False
) -> paging.Page[Ripe]:
    """Return one page of accounts, those with the most qualified people first, `turned` with the fewest.

    `ids` narrows, None asks for all. Those where nobody is qualified come last either way.
    """
    back, key = paging.decode(cursor, int | None, int)
    people, identity = key or (None, None)
    stretches = [_OTHERS, _RIPE] if back else [_RIPE, _OTHERS]
    # A cursor without a number stands among those where nobody is ripe.
    if key and (people is None) != back:
        stretches = stretches[1:]
    rising = back != turned
    found: list[Ripe] = []
    with connection.cursor() as database:
        for stretch in stretches:
            if len(found) > size:
                break
            database.execute(
                stretch.format(beyond=">" if rising else "<", order="ASC" if rising else "DESC"),
                {
                    "ids": None if ids is None else list(ids),
                    "people": people,
                    "id": identity,
                    "size": size + 1 - len(found),
                },
            )
            found += [(row[0], row[1]) for row in database.fetchall()]
            people = identity = None
    return paging.page(found, size=size, cursor=cursor, key=lambda row: (row[1], row[0]))
