"""The facts of the benches: who did what and when is computed from a fact's number, in the order of time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from bench.company import CAMPAIGNS, CONTENTS
from bench.ground import say
from orchard import flow
from orchard.interactions.kinds import KINDS
from orchard.interactions.rules import VERSION
from orchard.interactions.types import Lane

SPAN = timedelta(days=540)
STEP = 500_000

# How often each kind happens, in thousandths; the rest are looks at pages.
MIX = (
    ("email.sent", 250), ("email.opened", 200), ("email.clicked", 100), ("form.submitted", 30),
    ("content.downloaded", 60), ("webinar.attended", 30), ("show.visited", 20), ("call.connected", 20),
    ("call.attempted", 30), ("meeting.held", 10), ("question.asked", 9), ("quote.requested", 1),
)  # fmt: skip

_FACTS = """
INSERT INTO interaction (contact_id, account_id, subject_kind, kind, occurred_at, recorded_at, direction, campaign_id,
                         content_id, currency, bulk)
SELECT f.contact, f.contact / 10 + 1, '', m.kind, f.at, f.at, m.direction,
       CASE WHEN f.dice %% 2 = 0 THEN f.dice %% %(campaigns)s + 1 END,
       CASE WHEN m.kind = 'content.downloaded' THEN f.dice %% %(contents)s + 1 END, '', {bulk}
  FROM (SELECT n, 1 + (hashint8extended(n, 1) & 9223372036854775807) %% %(people)s AS contact,
               %(since)s + n * %(gap)s AS at, (hashint8extended(n, 2) & 1073741823) AS dice
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) f
  JOIN (SELECT * FROM unnest(%(kinds)s::text[], %(directions)s::text[], %(lows)s::int[], %(highs)s::int[])) AS
       m (kind, direction, low, high) ON f.dice / 7 %% 1000 >= m.low AND f.dice / 7 %% 1000 < m.high
 ORDER BY f.n
"""


def append(count: int, people: int, *, until: datetime, bulk: str, step: int = STEP) -> None:
    """Append `count` facts of `people` contacts, spread over eighteen months, `step` in a statement."""
    kinds = [*MIX, ("page.viewed", 1000 - sum(share for _, share in MIX))]
    lows = [sum(share for _, share in kinds[:place]) for place in range(len(kinds))]
    given = {
        "kinds": [kind for kind, _ in kinds],
        "directions": [KINDS[kind].direction for kind, _ in kinds],
        "lows": lows,
        "highs": [low + share for low, (_, share) in zip(lows, kinds, strict=True)],
        "campaigns": CAMPAIGNS,
        "contents": len(CONTENTS),
        "people": people,
        "since": until - SPAN,
        "gap": SPAN / count,
    }
    with connection.cursor() as cursor:
        for first in range(1, count + 1, step):
            last = min(first + step - 1, count)
            cursor.execute(_FACTS.format(bulk=bulk), {**given, "first": first, "last": last})
            if last % (10 * STEP) == 0:
                say(f"  {last:,} facts of {count:,}")


@contextmanager
def unordered() -> Iterator[None]:
    """Append without noting facts for the sequencer and without the index by contact; both are made good at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'interaction'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("ALTER TABLE interaction DISABLE TRIGGER interaction_noted")
        yield
        cursor.execute("ALTER TABLE interaction ENABLE TRIGGER interaction_noted")
        say("  places and indexes")
        cursor.execute("DELETE FROM ledger_noted")
        cursor.execute(
            "INSERT INTO ledger_order (pos, interaction_id, bulk) SELECT id, id, bulk FROM interaction ORDER BY id"
        )
        cursor.execute("UPDATE ledger_head SET pos = (SELECT max(pos) FROM ledger_order)")
        # What the classifier would decide: no mail's opening proves a person, and nobody here is in a hurry.
        cursor.execute(
            "INSERT INTO interaction_class (interaction_id, made_by, version)"
            " SELECT id, 'unsure', %s FROM interaction WHERE kind = 'email.opened' ORDER BY id",
            [VERSION],
        )
        for _, definition in indexes:
            cursor.execute(definition)


def read_to_the_end() -> None:
    """Set every consumer's cursor to the end of the ledger, one that this version brings anew as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_cursor (consumer, lane, pos)"
            " SELECT consumer, lane, (SELECT pos FROM ledger_head)"
            "   FROM unnest(%s::text[]) consumer, unnest(%s::text[]) lane"
            " ON CONFLICT (consumer, lane) DO UPDATE SET pos = excluded.pos",
            [[each.name for each in flow.CONSUMERS], list(Lane)],
        )
