"""The stages that contacts passed, as an expression: on both engines what the fold over each one's facts says."""

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from orchard.agreement.document.model import STAGES
from orchard.agreement.rules import OWN, TURNS, VERDICT, fold
from orchard.agreement.tables import PLACE, first_deed, passages
from orchard.engine.comparing import micros_of
from orchard.engine.types import ColumnType
from orchard.interactions.types import Fact

T = ColumnType
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
COLUMNS = {
    "pos": T.BIGINT,
    "contact_id": T.BIGINT,
    "told_of": T.BIGINT,
    "kind": T.TEXT,
    "direction": T.TEXT,
    "occurred_at": T.TIMESTAMP,
}
LIVES = 3_000


def life(contact, draw):
    """Return the facts of a life; decisions may fall on one moment, a contact's own deeds never do."""
    kinds = draw.choices(
        [*sorted(TURNS), *[VERDICT] * 5, *sorted(OWN)[:4], "email.opened"], k=draw.randrange(1, 11)
    )
    found = []
    for number, kind in enumerate(kinds):
        at = BEGIN + timedelta(hours=draw.randrange(8))
        if kind in OWN:
            at += timedelta(minutes=1 + number)
        direction = draw.choice(("in", "out")) if kind == VERDICT else ""
        pos = contact * 100 + number
        found.append(
            Fact(pos, pos, contact, None, kind, at, at, direction, "", None, None, None, None, None, "", None)
        )
    return found


def walked(facts):
    """Return the stages of a life by the fold, one fact more at a time."""
    found, stage = [], "contact"
    facts = sorted(facts, key=lambda each: (each.occurred_at, each.pos))
    for place in range(1, len(facts) + 1):
        standing = fold(facts[:place])
        if standing and standing.stage != stage:
            stage = standing.stage
            found.append((PLACE[stage], micros_of(facts[place - 1].occurred_at)))
    return found


def passed(F, tables, _):
    facts = tables["facts"]
    own = facts.groupBy(F.col("contact_id").alias("person")).agg(first_deed(F).alias("own_at"))
    return passages(F, facts, own)


def test_the_expression_passes_the_stages_that_the_fold_passes(both):
    draw = random.Random(11)
    lives = {contact: life(contact, draw) for contact in range(1, LIVES + 1)}
    facts = [fact for life_ in lives.values() for fact in life_]
    draw.shuffle(facts)
    rows = pa.table(
        {
            "pos": [fact.pos for fact in facts],
            "contact_id": [fact.contact_id for fact in facts],
            "told_of": [fact.contact_id for fact in facts],
            "kind": [fact.kind for fact in facts],
            "direction": [fact.direction for fact in facts],
            "occurred_at": pa.array([fact.occurred_at for fact in facts], pa.timestamp("us", "UTC")),
        }
    )
    answer = both(passed, {"facts": (COLUMNS, rows)}, key="passages")
    found = {contact: [] for contact in lives}
    for row in sorted(answer, key=lambda row: (row["entered_at"], row["left_at"] or 2**62)):
        found[row["person"]].append((row["stage"], row["entered_at"]))
    assert {contact: sorted(walked(facts)) for contact, facts in lives.items()} == {
        contact: sorted(passed) for contact, passed in found.items()
    }
    assert {STAGES[place - 1] for passed in found.values() for place, _ in passed} == set(STAGES) - {
        "contact"
    } | {"contact"}


def test_what_a_verdict_said_of_somebody_before_they_were_joined_decides_nothing(both):
    rows = pa.table(
        {
            "pos": [1, 2],
            "contact_id": [7, 8],
            "told_of": [9, 8],
            "kind": [VERDICT, VERDICT],
            "direction": ["in", "in"],
            "occurred_at": pa.array([BEGIN, BEGIN], pa.timestamp("us", "UTC")),
        }
    )
    answer = both(passed, {"facts": (COLUMNS, rows)}, key="passages")
    assert [row["person"] for row in answer] == [8]
