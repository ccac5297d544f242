"""The leads of the benches: what became of each is computed from its number, spread over the time of the facts."""

from datetime import timedelta

from django.db import connection

from bench import facts
from orchard.interactions import actions as ledger
from orchard.kit import clock

LEADS = 50_000

# Each lead waits, is offered and accepted; half of them come back, the others become a sale, and half of these are won.
_MOVES = """
INSERT INTO interaction (contact_id, account_id, subject_kind, subject_id, kind, occurred_at, recorded_at, direction,
                         member_id, amount, currency, bulk)
SELECT 1 + n %% %(people)s, 1 + n %% %(people)s / 10, 'lead', n, m.kind,
       %(since)s + n * %(gap)s + m.hours * interval '1 hour', %(now)s, '', 1 + n %% 2,
       CASE WHEN m.kind = 'opportunity.won' THEN 100000 END,
       CASE WHEN m.kind = 'opportunity.won' THEN 'EUR' ELSE '' END, true
  FROM generate_series(1, %(leads)s) n
  JOIN (VALUES ('lead.waiting', 0, 1, 0), ('lead.offered', 1, 1, 0), ('lead.accepted', 3, 1, 0),
               ('lead.returned', 90, 2, 1), ('lead.converted', 80, 2, 0), ('opportunity.opened', 80, 2, 0),
               ('opportunity.won', 900, 4, 0)) m (kind, hours, each, of) ON n %% m.each = m.of
"""


def append(count: int, people: int) -> None:
    """Append what happened to `count` leads of `people` contacts, and give it its places."""
    now = clock.now()
    given = {
        "people": people,
        "leads": count,
        "since": now - facts.SPAN,
        "gap": (facts.SPAN - timedelta(days=60)) / count,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, given)
    ledger.place()
