"""Promise: of a million clocks the ten thousand that ran out are told at 2,000 a second, however many others run on."""

import time
from datetime import timedelta

from django.db import connection

from bench import company
from bench.figures import HIGHER, LOWER, Figure, rounded
from bench.ground import Ground, say
from orchard.agreement.models import AgreementVersion
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import actions
from orchard.leads.models import Offer
from orchard.team.models import Member

ROWS, DUE = 1_000_000, 10_000
VERSION = 4

_LEADS = """
INSERT INTO lead (contact_id, state, version_id, total, lines, met, score, cause_id, round, ripe_at, stale_at, pool,
                  why, reason, was, bulk, member_id, asked)
SELECT n, 'offered', %(version)s, 60000000, '{}', '{}', 60000000, -n, 1, %(now)s, %(now)s + interval '30 days',
       'everybody', 'turn', '', '', false, %(member)s, '{}'
  FROM generate_series(1, %(rows)s) AS n
"""
_OFFERS = """
INSERT INTO offer (lead_id, member_id, version_id, made_at, due_at, why, outcome)
SELECT id, member_id, version_id, ripe_at,
       %(now)s + CASE WHEN contact_id <= %(due)s THEN - interval '1 minute' ELSE interval '10 years' END
               + contact_id * interval '1 microsecond', why, ''
  FROM lead
"""
_HOLDS = """
INSERT INTO contact_hold (contact_id, source_kind, source_id, since) SELECT contact_id, 'lead', id, ripe_at FROM lead
"""


def measure(here: Ground) -> list[Figure]:
    """Let the oldest offers run out, as they do: so many among a tenth of the rows, then among all of them."""
    rows, due = here.count(ROWS, 2_000), here.count(DUE, 20)
    few = _seconds(here, rows // 10, due)
    many = _seconds(here, rows, due)
    with here.clone(_template(here, rows, due)):
        bare = _bare(due)
    say(f"  {due:,} of {rows // 10:,} in {few:.2f} s, of {rows:,} in {many:.2f} s")
    return [
        Figure("due_per_s", rounded(due / many), "offers/s", HIGHER, 2_000, rounded(due / bare)),
        Figure("growth", rounded(many / few), "times", LOWER, 1.2, None),
    ]


def _template(here: Ground, rows: int, due: int) -> str:
    return here.cached(f"clocks_{rows}_{VERSION}", lambda: _let_run(rows, due))


def _seconds(here: Ground, rows: int, due: int) -> float:
    """Return how long it takes to tell of all that ran out, looking until nothing is left."""
    with here.clone(_template(here, rows, due)):
        now, told = clock.now(), 0
        Offer.objects.filter(due_at__lte=now).exists()
        begun = time.monotonic()
        while acted := actions.expire(now=now):
            told += acted
        seconds = time.monotonic() - begun
        if told != due:
            raise Refused(f"{told} of {due} offers were told to have run out.")
    return seconds


def _let_run(rows: int, due: int) -> None:
    now = clock.now()
    company.found(now - timedelta(days=1))
    values = {
        "now": now,
        "rows": rows,
        "due": due,
        "version": AgreementVersion.objects.get().pk,
        "member": Member.objects.first().pk,  # type: ignore[union-attr]  # just founded
    }
    with connection.cursor() as cursor:
        # Nothing is known of these contacts but their numbers.
        cursor.execute(
            "INSERT INTO contact (id, custom, created_at, updated_at) SELECT n, '{}', %s, %s"
            " FROM generate_series(1, %s) AS n",
            [now, now, rows],
        )
        for statement in (_LEADS, _OFFERS, _HOLDS):
            cursor.execute(statement, values)


def _bare(due: int) -> float:
    """Return how many seconds bare statements take that find and end as many rows by an index."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_told (lead_id bigint, at timestamptz)")
        begun = time.monotonic()
        cursor.execute(
            "WITH over AS (UPDATE offer SET outcome = 'expired', ended_at = now() WHERE id IN ("
            " SELECT id FROM offer WHERE outcome = '' AND due_at <= now() ORDER BY due_at LIMIT %s"
            " FOR UPDATE SKIP LOCKED) RETURNING lead_id)"
            " INSERT INTO bare_told SELECT lead_id, now() FROM over",
            [due],
        )
        return time.monotonic() - begun
