"""What happened with contacts or a company, the newest first, narrowed to a channel; touches are numbered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from orchard.interactions.kinds import TOUCHES, kinds_in
from orchard.interactions.queries.facts import COLUMNS
from orchard.interactions.types import Fact, Moment, Timeline
from orchard.kit import paging
from orchard.kit.ids import as_array

# Every fact is met once, by what the order and the counts need; only those that are shown are read whole. A touch is
# counted among its contact's own, by the time at which it happened, whatever the timeline is narrowed to.
_MINE = """
SELECT interaction_id, contact_id, kind, occurred_at FROM facts_of(%(ids)s::bigint[]) WHERE kind <> 'verdict.due'
"""

# What a company's own record went through is about nobody in person.
_NOBODYS = """
UNION ALL
SELECT i.id, NULL, i.kind, i.occurred_at FROM interaction i JOIN ledger_order o ON o.interaction_id = i.id
 WHERE i.account_id = %(account)s AND i.contact_id IS NULL
   AND NOT EXISTS (SELECT FROM ledger_correction c WHERE c.interaction_id = i.id AND c.ended_by IS NULL)
"""

_TIMELINE = """
WITH mine AS MATERIALIZED ({mine}),
touch AS (
    SELECT interaction_id, row_number() OVER (PARTITION BY contact_id ORDER BY occurred_at, interaction_id) AS number
      FROM mine WHERE kind = ANY (%(touches)s)
),
counted AS (
    SELECT array_agg(kind) AS kinds, array_agg(n) AS numbers
      FROM (SELECT kind, count(*) AS n FROM mine GROUP BY kind) each
),
chosen AS (SELECT * FROM mine {where} ORDER BY occurred_at {order}, interaction_id {order} LIMIT %(size)s),
shown AS (
    SELECT o.pos, i.id AS interaction_id, c.contact_id, i.account_id, i.kind, i.occurred_at, i.recorded_at,
           i.direction, i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency,
           i.import_id, m.made_by IS NULL AS human, t.number, w.text AS words,
           (SELECT a.kind FROM interaction a WHERE i.subject_kind = 'interaction' AND a.id = i.subject_id) AS about
      FROM chosen c
      JOIN interaction i ON i.id = c.interaction_id
      JOIN ledger_order o ON o.interaction_id = i.id
      LEFT JOIN interaction_class m ON m.interaction_id = i.id
      LEFT JOIN touch t ON t.interaction_id = i.id
      LEFT JOIN interaction_words w ON w.interaction_id = i.id
)
SELECT kinds, numbers, {columns}, human, number, words, about FROM counted LEFT JOIN shown ON TRUE
 ORDER BY occurred_at {order}, interaction_id {order}
"""


def timeline(
    contact_ids: Iterable[int],
    *,
    account_id: int | None = None,
    channel: str = "",
    cursor: str = "",
    size: int = 30,
) -> Timeline:
    """Return one page of what happened with living contacts, the newest first, touches numbered.

    `account_id` adds what is told of that company and of nobody in person. `channel` narrows the page, not the counts;
    one that is none narrows nothing.
    """
    back, key = paging.decode(cursor, datetime, int)
    kinds = kinds_in(channel)
    given: dict[str, Any] = {"ids": as_array(contact_ids), "touches": sorted(TOUCHES), "size": size + 1}
    given |= {"account": account_id, "kinds": sorted(kinds or ())}
    ways = ["kind = ANY (%(kinds)s)"] if kinds else []
    if key:
        ways.append(f"(occurred_at, interaction_id) {'>' if back else '<'} (%(at)s, %(id)s)")
        given["at"], given["id"] = key
    text = _TIMELINE.format(
        mine=_MINE + _NOBODYS if account_id is not None else _MINE,
        where=f"WHERE {' AND '.join(ways)}" if ways else "",
        order="ASC" if back else "DESC",
        columns=COLUMNS,
    )
    with connection.cursor() as database:
        database.execute(text, given)
        found = database.fetchall()
    counts = dict(zip(found[0][0] or (), found[0][1] or (), strict=True))
    rows = [
        Moment(Fact._make(fact), human, touch, words or "", about or "")
        for _, _, *fact, human, touch, words, about in found
        if fact[0] is not None
    ]
    page = paging.page(
        rows, size=size, cursor=cursor, key=lambda row: (row.fact.occurred_at.isoformat(), row.fact.id)
    )
    return Timeline(page, counts)
