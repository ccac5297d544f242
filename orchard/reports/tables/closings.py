"""How often we talked before it ended, as one expression: for each sale and each lead, those in hands included."""

from collections.abc import Mapping
from typing import Any

from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.interactions.tables import TOLD
from orchard.interactions.types import TOUCHES
from orchard.reports.tables.moves import MOVE_STEPS, MOVES

GIVEN_UP = ("returned", "disqualified", "lost")
"""The ends by which we gave somebody up."""

OPEN = "open"

_OVER = ("returned", "disqualified", "converted", "withdrawn")

CLOSINGS = TableSpec(
    "closings",
    {
        **{
            name: type_
            for name, type_ in MOVES.columns.items()
            if name not in {"reason", "round", "has_phone", "is_running"}
        },
        "touches": ColumnType.BIGINT,
        "last_at": ColumnType.BIGINT,
    },
    "",
)
"""One row for each end (`what`: won, lost, returned, disqualified), and for each lead in hands (`open`).

`touches` counts the real exchanges with the person until then, whoever had them; `last_at` is the last of them.
"""


def closings(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the rows of `CLOSINGS`."""
    every = tables["moves"].select(*(name for name in CLOSINGS.columns if name not in {"touches", "last_at"}))
    ends = every.where(F.col("what").isin("won", *GIVEN_UP))
    rows = ends.unionByName(_open(F, every))
    touches = (
        tables["told"]
        .where(F.col("kind").isin(*sorted(TOUCHES)))
        .select(F.col("contact_id").alias("met"), e.micros(F, F.col("occurred_at")).alias("met_at"))
    )
    before = (F.col("met_at") <= F.col("came_at")) | (F.col("what") == F.lit(OPEN))
    talked = (
        rows.select("pos", "what", "person", "came_at")
        .join(touches, F.col("met") == F.col("person"), "inner")
        .where(before)
        .select(F.col("pos").alias("of"), "met_at")
        .groupBy("of")
        .agg(F.count("met_at").cast("bigint").alias("touches"), F.max("met_at").alias("last_at"))
    )
    joined = rows.join(talked, F.col("pos") == F.col("of"), "left").select(
        *rows.columns, F.coalesce(F.col("touches"), F.lit(0).cast("bigint")).alias("touches"), "last_at"
    )
    return joined.select(*CLOSINGS.columns)


def _open(F: Any, every: Any) -> Any:  # noqa: N803
    """Return the newest move of each lead that somebody accepted and still has, whoever that is by now."""
    order = F.Window.partitionBy("subject_id").orderBy("came_at", "pos")
    so_far = order.rowsBetween(F.Window.unboundedPreceding, F.Window.currentRow)
    leads = every.where(F.col("what").isin("accepted", "reassigned", "escalated", *_OVER))
    taken = F.max(F.when(F.col("what") == F.lit("accepted"), F.lit(1))).over(so_far)
    leads = leads.select(*every.columns, taken.alias("taken"), F.lead("what").over(order).alias("after"))
    is_held = F.col("what").isin("accepted", "reassigned") & F.col("taken").isNotNull()
    return leads.where(is_held & F.col("after").isNull()).select(
        *(F.lit(OPEN).alias("what") if name == "what" else F.col(name) for name in every.columns)
    )


CLOSING_STEPS = (*MOVE_STEPS, Step(CLOSINGS, closings, (MOVES, TOLD)))
"""How closings are made: what happened to leads, and how often we talked until then."""
