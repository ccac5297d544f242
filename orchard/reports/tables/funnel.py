"""The funnel as one expression: of the contacts that each campaign brought first, how many came how far."""

from collections.abc import Mapping
from typing import Any

from orchard.engine.types import ColumnType, TableSpec
from orchard.interactions.types import KINDS

SOURCES = TableSpec(
    "sources",
    {"contact_id": ColumnType.BIGINT, "campaign_id": ColumnType.BIGINT},
    "SELECT contact_id, campaign_id FROM contact_source WHERE is_first",
)

HEARD = sorted(kind.name for kind in KINDS.values() if kind.direction == "in")
"""The kinds by which a contact is heard of; what the agreement says of it is none."""


def lives(F: Any, tables: Mapping[str, Any], since: Any, until: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return one row per contact who came in within [`since`, `until`), in microseconds, and how far it came.

    A contact came in with the first thing we heard from it, or when it was added if that was earlier. How far it came
    is asked of all its life, whenever that was.
    """
    facts, one = tables["facts"], F.lit(1).cast("bigint")
    none = F.lit(0).cast("bigint")
    at = F.unix_micros(F.col("occurred_at"))
    told = facts.groupBy("contact_id").agg(
        F.max(F.when(F.col("kind") == "lead.waiting", one).otherwise(none)).alias("was_lead"),
        F.max(F.when(F.col("kind") == "opportunity.won", one).otherwise(none)).alias("was_won"),
        F.min(F.when(F.col("kind") == "opportunity.won", at)).alias("won_at"),
        F.min(F.when(F.col("kind").isin(*HEARD), at)).alias("met_at"),
    )
    people = (
        tables["contacts"]
        .select(F.col("contact_id").alias("person"), F.unix_micros(F.col("created_at")).alias("added_at"))
        .join(told, F.col("person") == F.col("contact_id"), "left")
        .select(
            F.col("person"),
            F.least(F.col("added_at"), F.col("met_at")).alias("came_at"),
            F.coalesce(F.col("was_lead"), none).alias("was_lead"),
            F.coalesce(F.col("was_won"), none).alias("was_won"),
            F.when(F.col("won_at") < F.col("met_at"), one).otherwise(none).alias("was_early"),
        )
        .where((F.col("came_at") >= since) & (F.col("came_at") < until))
    )
    return people.join(tables["sources"], F.col("person") == F.col("contact_id"), "left").select(
        "person",
        "campaign_id",
        F.greatest(F.col("was_lead"), F.col("was_won")).alias("was_qualified"),
        F.greatest(F.col("was_won") - F.col("was_lead"), none).alias("was_skipped"),
        "was_won",
        "was_early",
    )


def funnel(F: Any, tables: Mapping[str, Any], since: Any, until: Any) -> Any:  # noqa: N803
    """Return one row per first campaign (null: none known).

    `entered` contacts; `qualified` of them, those who were won without it included and counted in `skipped` besides;
    `won`; and `early`, won before their first interaction with us: a mistake in the data, or a deal older than it.
    """
    return (
        lives(F, tables, since, until)
        .groupBy("campaign_id")
        .agg(
            F.count(F.lit(1)).cast("bigint").alias("entered"),
            F.sum(F.col("was_qualified")).cast("bigint").alias("qualified"),
            F.sum(F.col("was_skipped")).cast("bigint").alias("skipped"),
            F.sum(F.col("was_won")).cast("bigint").alias("won"),
            F.sum(F.col("was_early")).cast("bigint").alias("early"),
        )
    )
