"""A verdict that asks for the stage answers alike on DuckDB and Spark, for those without any row of a stage too."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from orchard.agreement.verdict import STAGES, Terms, Verdict
from orchard.engine.conditions import read
from orchard.engine.types import Catalogue, ColumnType, TableSpec
from orchard.scoring.types import MICRO, EngagementRule, FitRule, Rules
from tests.make.conditions import arrow

T = ColumnType
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
CONTACTS = TableSpec("contacts", {"contact_id": T.BIGINT, "account_id": T.BIGINT}, "")
FACTS = TableSpec(
    "facts", {"contact_id": T.BIGINT, "kind": T.TEXT, "occurred_at": T.TIMESTAMP, "human": T.BOOLEAN}, ""
)
CATALOGUE = Catalogue({"contacts": CONTACTS, "facts": FACTS}, (), {"show.visited": "visited our booth"})
BOOTH = EngagementRule("Booth", ("show.visited",), 25 * MICRO, 90, 50 * MICRO)
STAGED = {1: "contact", 2: "engaged", 3: "customer"}
"""Contact 4 has no row."""


@pytest.mark.parametrize(
    ("handoff", "qualified"),
    [
        ({"stage": ["contact"]}, {1, 4}),
        ({"stage": ["engaged", "customer"]}, {2, 3}),
        ({"not": {"stage": ["contact", "engaged"]}}, {3}),
        ({"all": [{"not": {"stage": "customer"}}, {"score": "total", "at_least": 20}]}, {1, 2, 4}),
    ],
)
def test_who_has_no_row_is_a_mere_contact_on_both_engines(both, handoff, qualified):
    rules = Rules((FitRule("New", read({"stage": "contact"}), 3 * MICRO),), (BOOTH,))
    terms = Terms(rules, read(handoff))
    facts = [
        {"contact_id": each, "kind": "show.visited", "occurred_at": AT, "human": True} for each in range(1, 5)
    ]
    tables = {
        "contacts": (
            CONTACTS.columns,
            arrow(CONTACTS, [{"contact_id": n, "account_id": None} for n in range(1, 5)]),
        ),
        "facts": (FACTS.columns, arrow(FACTS, facts)),
        STAGES: (
            {"contact_id": T.BIGINT, "stage": T.TEXT},
            pa.table({"contact_id": pa.array(list(STAGED), pa.int64()), "stage": list(STAGED.values())}),
        ),
    }
    rows = both(Verdict(terms, CATALOGUE), tables, key=repr(handoff))
    assert {row["contact_id"] for row in rows if row["qualified"]} == qualified
    assert {row["contact_id"] for row in rows if row["fit"]} == {1, 4}
