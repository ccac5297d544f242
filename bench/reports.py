"""Promise: each report over a million contacts is there in five seconds, and asked again in a fifth of one."""

import time
from datetime import timedelta

from django.db import connection

from bench import facts
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, middle, say
from bench.large import contacts_at, large
from bench.segment import scanned
from orchard.engine import lake
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.reports.queries import numbers
from orchard.reports.types import Asked

TIMES = 3
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


def measure(here: Ground) -> list[Figure]:
    """Ask each report of a moment that nobody asked of yet, and once more."""
    with here.clone(large(here)):
        facts.read_to_the_end()
        _append_leads(here)
        lake.sync(now=clock.now())
        fresh, again, bare = [], [], []
        for name, report in numbers.REPORTS.items():
            _asked(report)  # a process compiles what it asks once, for as long as it lives
            runs = [_asked(report) for _ in range(TIMES)]
            fresh.append(middle([first for first, _ in runs]))
            again.append(middle([second for _, second in runs]))
            bare.append(scanned())
            say(
                f"  {name}: {fresh[-1]:.2f} s, again {1000 * again[-1]:.0f} ms; the kinds alone {bare[-1]:.2f} s"
            )
    return [
        Figure("worst_s", rounded(max(fresh)), "s", LOWER, 5, rounded(max(bare))),
        Figure("worst_ms", rounded(1000 * max(again)), "ms", LOWER, 200, rounded(1000 * max(bare))),
    ]


def _append_leads(here: Ground) -> None:
    now = clock.now()
    leads = here.count(LEADS, 500)
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVES,
            {
                "people": contacts_at(here),
                "leads": leads,
                "since": now - facts.SPAN,
                "gap": (facts.SPAN - timedelta(days=60)) / leads,
                "now": now,
            },
        )
    ledger.place()


def _asked(report: numbers.Report) -> tuple[float, float]:
    """Return how many seconds a report takes of a new moment, and when another process asks the same of it."""
    lake.forget_derived()
    numbers.forget_answers()
    begun = time.monotonic()
    answer = numbers.answer(report.name, Asked(), now=clock.now())
    first = time.monotonic() - begun
    numbers.forget_answers()  # what this process remembers; what it kept for others stays
    begun = time.monotonic()
    numbers.answer(report.name, Asked(stamp=answer.stamp), now=clock.now())
    return first, time.monotonic() - begun
