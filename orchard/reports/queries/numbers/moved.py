"""How many moves of leads there are, and which of these counts are shown to whom."""

from dataclasses import replace
from typing import Any

from orchard.reports.queries.numbers.asking import Given, Source, given_by, narrowed
from orchard.reports.queries.numbers.dimensions import DIMENSIONS, Value
from orchard.reports.tables import counted
from orchard.reports.types import Asked

COUNTED = (
    "born",
    "given",
    "accepted",
    "returned",
    "disqualified",
    "converted",
    "won",
    "expired",
    "attempted",
    "attempted_late",
    "unattempted",
)
BREACHES = ("expired", "attempted", "attempted_late", "unattempted")
"""What is shown of oneself, summed up of the team, and by name to managers alone."""


def counts(source: Source, asked: Asked) -> dict[Value, dict[str, int]]:
    """Return the counts of `COUNTED` of each group; without groups all are in the group None."""
    keys = (DIMENSIONS[asked.by].column,) if asked.by else ()

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        return counted(F, narrowed(F, frame, given), keys, COUNTED)

    found = source.ask(("scorecard", asked.by), ask, given_by(asked)).to_pylist()
    return {row[keys[0]] if keys else None: {name: int(row[name]) for name in COUNTED} for row in found}


def won_amounts(source: Source, asked: Asked) -> dict[str, int]:
    """Return for how much sales were won, in minor units of each currency."""

    def ask(F: Any, frame: Any, given: Given) -> Any:  # noqa: N803 - PySpark's name
        won = narrowed(F, frame, given).where((F.col("what") == F.lit("won")) & F.col("amount").isNotNull())
        return won.groupBy("currency").agg(F.sum(F.col("amount")).cast("bigint").alias("amount"))

    found = source.ask("scorecard.amounts", ask, given_by(replace(asked, by=""))).to_pylist()
    return {row["currency"]: int(row["amount"]) for row in found}


def is_of_others(asked: Asked) -> bool:
    """Tell whether somebody who sees no one else's broken promises asks for those of one other member, or of a team."""
    mine = asked.where.get("member", asked.viewer_id) == asked.viewer_id
    return asked.viewer_id is not None and ("team" in asked.where or not mine)
