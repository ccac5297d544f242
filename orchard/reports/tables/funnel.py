"""The funnel as expressions over journeys: how many entered, left and are in each stage, how long it took, and who."""

from collections.abc import Sequence
from typing import Any

from orchard.agreement.tables import PLACE
from orchard.engine import expressions as e

NUMBERS = ("entered", "skipped", "left", "still_in", "early", "came_back")
"""What is counted of people in a stage, and can be opened."""


MONTH = 2_629_746_000_000
"""The mean month of the Gregorian calendar, in microseconds."""


def staged(F: Any, journeys: Any, keys: Sequence[str]) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return one row for each group (the columns `keys`) and stage.

    The `NUMBERS` count people: of those who `entered`, each `left` or is `still_in`, and `skipped` never was there.
    `times` counts entries, so that who came round is counted again; `rounds` the leads that came back. `median` and
    `p90` are the spans of the stays that are over, in microseconds, by the nearest rank.
    """
    one, none = F.lit(1).cast("bigint"), F.lit(0).cast("bigint")
    real = F.col("skipped") == none
    grouped = journeys.groupBy(*keys, "stage").agg(
        *(e.whole_sum(F, F.when(holds(F, number), one).otherwise(none)).alias(number) for number in NUMBERS),
        e.whole_sum(F, F.when(real, one).otherwise(none)).alias("times"),
        e.whole_sum(F, F.col("rounds")).alias("rounds"),
        F.sort_array(
            F.collect_list(
                F.when(real & F.col("left_at").isNotNull(), F.col("left_at") - F.col("entered_at"))
            )
        ).alias("spans"),
        e.whole_sum(F, F.when(real & F.col("left_at").isNotNull(), one).otherwise(none)).alias("over"),
    )
    return grouped.select(
        *keys,
        "stage",
        *NUMBERS,
        "times",
        "rounds",
        e.ranked(F, F.col("spans"), F.col("over"), tenths=5).alias("median"),
        e.ranked(F, F.col("spans"), F.col("over"), tenths=9).alias("p90"),
    )


def matured(F: Any, journeys: Any, stage: int) -> Any:  # noqa: N803
    """Return how many of those who came in one month entered a stage, by whole months (of `MONTH`) after they came."""
    after = F.greatest(F.col("entered_at") - F.col("came_at"), F.lit(0).cast("bigint"))
    months = ((after - after % MONTH) / F.lit(MONTH)).cast("bigint")
    entered = journeys.where((F.col("stage") == stage) & (F.col("nth") == 1)).select(
        "month", months.alias("after")
    )
    return entered.groupBy("month", "after").agg(F.count(F.lit(1)).cast("bigint").alias("people"))


def holds(F: Any, number: str) -> Any:  # noqa: N803
    """Return whether a row of journeys is a person whom one of the `NUMBERS` counts."""
    first, is_in = F.col("nth") == 1, F.col("is_in") == 1
    match number:
        case "entered":
            return first
        case "skipped":
            return first & (F.col("skipped") == 1)
        case "left":
            return first & ~is_in
        case "still_in":
            return first & is_in
        case "early":
            return F.col("is_early") == 1
        case "came_back":
            return first & (F.col("stage") == PLACE["contact"]) & (F.col("rounds") > 0)
    raise LookupError(f"The funnel has no number {number!r}.")
