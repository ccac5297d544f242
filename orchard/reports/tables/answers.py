"""What we owed an answer as one expression: each question and each visit at our booth, and when we came back to it."""

from collections.abc import Mapping
from typing import Any

from orchard.campaigns.tables import CHANNELS
from orchard.contacts.tables import CONTACTS
from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.interactions.tables import TOLD
from orchard.interactions.types import TRIES
from orchard.reports.tables.journeys import SOURCES, at_work, by_campaign, by_place, in_hands
from orchard.team.tables import MEMBERS

ASKS = {"question.asked": "question", "show.visited": "visit"}
"""What is owed an answer, by the kind of fact that tells of it."""

_REPLIES = sorted(TRIES | {"email.sent"})

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
    at, known = e.micros(F, F.col("occurred_at")), F.col("contact_id").isNotNull()
    what = F.when(F.col("kind") == "question.asked", F.lit("question")).otherwise(F.lit("visit"))
    asked = tables["told"].where(known & F.col("kind").isin(*ASKS))
    asked = asked.select(
        F.col("contact_id").alias("person"),
        F.col("pos").alias("subject_id"),
        "member_id",
        at.alias("came_at"),
        what.alias("what"),
    )
    replies = tables["told"].where(known & F.col("kind").isin(*_REPLIES))
    replies = replies.select(
        F.col("contact_id").alias("to"), F.col("pos").alias("reply"), at.alias("replied_at")
    )
    later = (F.col("replied_at") > F.col("came_at")) | (
        (F.col("replied_at") == F.col("came_at")) & (F.col("reply") > F.col("subject_id"))
    )
    first = (
        replies.join(asked, F.col("to") == F.col("person"), "inner")
        .where(later)
        .select("subject_id", "replied_at")
        .groupBy("subject_id")
        .agg(F.min("replied_at").alias("answered_at"))
    )
    facts = tables["told"].where(known)
    held = at_work(F, facts).select("person", "held_pos").where(F.col("held_pos").isNotNull())
    teams = in_hands(F, tables, facts, held).select("person", "team_id")
    asked = e.beside(e.beside(asked, first, "subject_id"), teams, "person")
    asked = by_place(F, tables, by_campaign(F, tables, asked))
    return asked.select(*ANSWERS.columns)


ANSWER_STEPS = (Step(ANSWERS, answers, (TOLD, CONTACTS, SOURCES, CHANNELS, MEMBERS)),)
"""How answers are made: what each person was owed, and by which team."""
