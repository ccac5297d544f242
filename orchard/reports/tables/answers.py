"""What we owed an answer as one expression: each question and each visit at our booth, and when we came back to it."""

from collections.abc import Mapping
from typing import Any

from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.interactions.tables import TOLD_FACTS
from orchard.interactions.types import TRIES
from orchard.reports.tables.journeys import PEOPLE, STEPS

ASKS = {"question.asked": "question", "show.visited": "visit"}
"""What is owed an answer, by the kind of fact that tells of it."""

_COUNTED = ("campaign_id", "channel", "country", "industry", "team_id")

ANSWERS = TableSpec(
    "answers",
    {
        "subject_id": ColumnType.BIGINT,
        "person": ColumnType.BIGINT,
        "what": ColumnType.TEXT,
        "came_at": ColumnType.BIGINT,
        "answered_at": ColumnType.BIGINT,
        "member_id": ColumnType.BIGINT,
        "campaign_id": ColumnType.BIGINT,
        "channel": ColumnType.TEXT,
        "country": ColumnType.TEXT,
        "industry": ColumnType.TEXT,
        "team_id": ColumnType.BIGINT,
    },
    "",
)
"""One row for each question and visit (`subject_id` is its place in the ledger): when it came, and when we first wrote,
called or met after it; null where we did not yet."""


def answers(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the rows of `ANSWERS`."""
    replies = sorted(TRIES | {"email.sent"})
    facts = tables["facts"].where(
        F.col("contact_id").isNotNull() & F.col("kind").isin(*ASKS, *replies) & F.col("human")
    )
    facts = facts.select(
        F.col("contact_id").alias("person"),
        "kind",
        "pos",
        "member_id",
        e.micros(F, F.col("occurred_at")).alias("came_at"),
    )
    after = (
        F.Window.partitionBy("person").orderBy("came_at", "pos").rowsBetween(1, F.Window.unboundedFollowing)
    )
    answered = F.min(F.when(F.col("kind").isin(*replies), F.col("came_at"))).over(after)
    asked = facts.select(*facts.columns, answered.alias("answered_at")).where(F.col("kind").isin(*ASKS))
    what = F.when(F.col("kind") == "question.asked", F.lit("question")).otherwise(F.lit("visit"))
    asked = asked.select(*asked.columns, F.col("pos").alias("subject_id"), what.alias("what"))
    asked = e.beside(asked, tables["people"].select("person", *_COUNTED), "person")
    return asked.select(*ANSWERS.columns)


ANSWER_STEPS = (STEPS[1], Step(ANSWERS, answers, (TOLD_FACTS, PEOPLE)))
"""How answers are made: who people are, and what each was owed."""
