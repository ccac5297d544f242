"""Promise: 20,000 leads that wait are offered to 20 members at 5,000 a second, and nobody gets more than one more."""

import time
from collections import Counter

from django.db import connection, transaction

from bench import company, people
from bench.figures import HIGHER, LOWER, Figure, rounded
from bench.ground import Ground, say
from orchard import flow
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import jobs
from orchard.leads.models import Lead, Offer
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Place, Role

LEADS, MEMBERS = 20_000, 20
VERSION = 3

_BARE = """
WITH turn AS (
    SELECT id, row_number() OVER (ORDER BY score DESC, id DESC) %% %(members)s AS place FROM bare_lead
), given AS (
    UPDATE bare_lead l SET member_id = t.place, state = 'offered' FROM turn t WHERE t.id = l.id
    RETURNING l.id, l.contact_id, l.member_id
)
INSERT INTO bare_offer SELECT id, contact_id, member_id, now() FROM given
"""


def measure(here: Ground) -> list[Figure]:
    """Let members come whom everything fits, and offer what waits until nothing is left."""
    count = here.count(LEADS, 200)
    waiting = here.cached(f"basket_{VERSION}", lambda: _let_wait(count))
    with here.clone(waiting):
        found = Lead.objects.filter(state="waiting").count()
        _hire(found)
        begun = time.monotonic()
        offered = jobs.draw(clock.now())
        seconds = time.monotonic() - begun
        counts = Counter(Offer.objects.filter(outcome="").values_list("member", flat=True))
        if offered != found or sum(counts.values()) != found or len(counts) != MEMBERS:
            raise Refused(f"Of {found} leads {offered} were offered, to {len(counts)} members.")
        bare = _bare()
    say(f"  {offered:,} leads to {len(counts)} members in {seconds:.2f} s")
    spread = max(counts.values()) - min(counts.values())
    return [
        Figure("leads_per_s", rounded(offered / seconds), "leads/s", HIGHER, 5_000, rounded(found / bare)),
        Figure("spread", spread, "leads", LOWER, 1, None),
    ]


def _let_wait(count: int) -> None:
    now = clock.now()
    company.found(now)
    people.store(count + count // 40, now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, account_id FROM contact WHERE NOT is_competitor ORDER BY id LIMIT %s", [count]
        )
        ledger.tell("quote.requested", cursor.fetchall(), now=now, lane="bulk")
    ledger.drain(flow.CONSUMERS)


def _hire(leads: int) -> None:
    """Let members come who all work in one place and take everything."""
    for number in range(MEMBERS):
        team.add_member(
            email=f"rep{number}@bench.example",
            name=f"Rep {number}",
            place=Place(Role.SALES),
            password=None,
            now=clock.now(),
        )
    Member.objects.filter(role=Role.SALES).update(capacity=leads)


def _bare() -> float:
    """Return how many seconds one statement takes that gives as many rows to whose turn it is."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_lead AS SELECT id, contact_id, score, state, member_id FROM lead")
        cursor.execute("ALTER TABLE bare_lead ADD PRIMARY KEY (id)")
        cursor.execute("CREATE INDEX ON bare_lead (state, score)")
        cursor.execute(
            "CREATE TABLE bare_offer (lead_id bigint, contact_id bigint, member_id bigint, due_at timestamptz)"
        )
        cursor.execute("CREATE INDEX ON bare_offer (due_at)")
        begun = time.monotonic()
        cursor.execute(_BARE, {"members": MEMBERS})
        return time.monotonic() - begun
