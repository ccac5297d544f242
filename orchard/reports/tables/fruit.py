"""The orchard as one expression: how ripe each contact was from when to when, and how many turned on which day."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from orchard.agreement.tables import DEEDS, PLACE, ROT
from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.interactions.tables import TOLD
from orchard.interactions.types import TOUCHES
from orchard.reports.tables.journeys import JOURNEYS, STEPS

BANDS = ("growing", "ripening", "ripe", "rotting", "disqualified", "picked")
"""How a contact hangs on its tree, or lies below it: each is in one of these at any time."""

_PICKED = tuple(PLACE[stage] for stage in ("accepted", "opportunity", "customer"))
_RIPENED = (PLACE["qualified"], PLACE["nurturing"])
_LONG_AGO = -(2**62)

# What keeps a contact from being quiet: before it was ripe, what it did or we talked about; afterwards our talks alone.
_UNWATCHED, _GROWING, _FALLING = range(3)

FRUIT = TableSpec(
    "fruit",
    {
        "person": ColumnType.BIGINT,
        "campaign_id": ColumnType.BIGINT,
        "channel": ColumnType.TEXT,
        "came_at": ColumnType.BIGINT,
        "band": ColumnType.TEXT,
        "from_at": ColumnType.BIGINT,
        "until_at": ColumnType.BIGINT,
    },
    "",
)
"""One row for each stretch of time that a person was in one of the `BANDS`; `until_at` is null where it still is.

What has ripened and is in nobody's hands rots while nobody was in touch for longer than the agreement in force allows,
counted from the last touch, or from when it ripened or came back. Who never ripened does not fall: engaged, it ripens
as long as it did something of its own accord, or was in touch, within the same time, and otherwise it grows. What time
alone brings may lie in days to come. An erasure ends everything.
"""

QUIET = TableSpec(
    "quiet",
    dict.fromkeys(("watched", "begins_at", "ends_at", "is_quiet"), ColumnType.BIGINT),
    "",
)
"""The stretches in which somebody watched was quiet for longer than is allowed (`is_quiet` is 1), and those between."""

TURNS = TableSpec(
    "turns",
    {
        "campaign_id": ColumnType.BIGINT,
        "channel": ColumnType.TEXT,
        "band": ColumnType.TEXT,
        "day": ColumnType.BIGINT,
        "change": ColumnType.BIGINT,
    },
    "",
)
"""By how many people each band grew (or shrank) on which day: their sum up to a midnight is who was in it by then."""


def fruit(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the rows of `FRUIT`."""
    gone = (
        tables["told"]
        .where(F.col("kind") == F.lit("contact.erased"))
        .groupBy(F.col("contact_id").alias("person"))
        .agg(F.min(e.micros(F, F.col("occurred_at"))).alias("erased_at"))
    )
    stays = tables["journeys"].where(F.col("skipped") == F.lit(0).cast("bigint"))
    stays = stays.select("person", "stage", "entered_at", "left_at", "came_at", "campaign_id", "channel")
    stays = e.beside(e.beside(stays, gone, "person"), _ripened(F, tables), "person")
    stays = stays.select(*stays.columns, _watched(F, _watch(F)).alias("watched"))
    pieces = e.beside(stays, tables["quiet"], "watched").select(
        "person",
        "campaign_id",
        "channel",
        "came_at",
        _band(F).alias("band"),
        F.greatest(F.col("entered_at"), F.col("begins_at")).alias("from_at"),
        F.least(F.col("left_at"), F.col("ends_at"), F.col("erased_at")).alias("until_at"),
    )
    return pieces.where(F.col("until_at").isNull() | (F.col("from_at") < F.col("until_at")))


def quiet(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803
    """Return the rows of `QUIET`."""
    days = tables["rot"].agg(F.max("contact_days").alias("contact_days"))
    signs = _signs(F, tables).crossJoin(days).select("watched", "at", "contact_days")
    allowed = F.col("contact_days") * e.MICROS_PER_DAY
    # Within a stretch as long as is allowed nobody is quiet for too long: its first and its last sign tell all of it.
    within = F.col("at") - F.col("at") % allowed
    signs = signs.select("watched", "at", allowed.alias("allowed"), within.alias("within"))
    signs = signs.groupBy("watched", "within").agg(
        F.min("at").alias("first_at"), (F.max("at") + F.max("allowed")).alias("quiet_at")
    )
    order = F.Window.partitionBy("watched").orderBy("first_at")
    signs = signs.select("watched", "quiet_at", F.lead("first_at").over(order).alias("ends_at"))
    left = signs.where(F.col("ends_at").isNull() | (F.col("ends_at") > F.col("quiet_at")))
    order = F.Window.partitionBy("watched").orderBy("quiet_at")
    before = F.coalesce(F.lag("ends_at").over(order), F.lit(_LONG_AGO).cast("bigint"))
    left = left.select("watched", "quiet_at", "ends_at", before.alias("before_at"))
    zero, one = F.lit(0).cast("bigint"), F.lit(1).cast("bigint")
    loud = left.select(
        "watched",
        F.col("before_at").alias("begins_at"),
        F.col("quiet_at").alias("ends_at"),
        zero.alias("is_quiet"),
    )
    silent = left.where(F.col("quiet_at").isNotNull()).select(
        "watched", F.col("quiet_at").alias("begins_at"), "ends_at", one.alias("is_quiet")
    )
    return loud.unionByName(silent)


def turns(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803
    """Return the rows of `TURNS`."""
    return turned(F, tables["fruit"])


def turned(F: Any, frame: Any) -> Any:  # noqa: N803
    """Return by how many people of a part of `FRUIT` each band changed on which day (its first moment in UTC)."""

    def at(moment: str, change: int) -> Any:
        day = F.col(moment) - F.col(moment) % e.MICROS_PER_DAY
        return frame.where(F.col(moment).isNotNull()).select(
            "campaign_id",
            "channel",
            "band",
            day.alias("day"),
            F.lit(change).cast("bigint").alias("change"),
        )

    both = at("from_at", 1).unionByName(at("until_at", -1))
    return both.groupBy("campaign_id", "channel", "band", "day").agg(
        e.whole_sum(F, F.col("change")).alias("change")
    )


def hung(F: Any, frame: Any, keys: tuple[str, ...]) -> Any:  # noqa: N803
    """Return one row for each group (the columns `keys`) of changes with the sum of each of the `BANDS`."""
    none = F.lit(0).cast("bigint")
    sums = [
        e.whole_sum(F, F.when(F.col("band") == F.lit(band), F.col("change")).otherwise(none)).alias(band)
        for band in BANDS
    ]
    return frame.groupBy(*keys).agg(*sums) if keys else frame.agg(*sums)


def in_band(F: Any, frame: Any, at: Any) -> Any:  # noqa: N803
    """Return the rows of `FRUIT` that stood just before a moment."""
    return frame.where((F.col("from_at") < at) & (F.col("until_at").isNull() | (F.col("until_at") >= at)))


def _ripened(F: Any, tables: Mapping[str, Any]) -> Any:  # noqa: N803
    """Return when each person who ever ripened did so first."""
    found = tables["journeys"].where((F.col("skipped") == 0) & F.col("stage").isin(*_RIPENED))
    return found.groupBy("person").agg(F.min("entered_at").alias("ripened_at"))


def _watch(F: Any) -> Any:  # noqa: N803
    """Return what a stay is watched for: whether it is quiet as something that grows, as something that may fall."""
    has_ripened = F.col("ripened_at").isNotNull() & (F.col("entered_at") >= F.col("ripened_at"))
    is_engaged = F.col("stage") == PLACE["engaged"]
    return (
        F.when(F.col("stage").isin(*_RIPENED) | (is_engaged & has_ripened), F.lit(_FALLING))
        .when(is_engaged, F.lit(_GROWING))
        .otherwise(F.lit(_UNWATCHED))
    )


def _watched(F: Any, watch: Any) -> Any:  # noqa: N803
    """Return a person and what it is watched for as one number, by which both are found together."""
    return (F.col("person") * F.lit(3) + watch).cast("bigint")


def _band(F: Any) -> Any:  # noqa: N803
    stage, is_quiet = F.col("stage"), F.col("is_quiet") == F.lit(1)
    may_fall = F.col("watched") % F.lit(3) == F.lit(_FALLING)
    return (
        F.when(is_quiet & may_fall, F.lit("rotting"))
        .when(is_quiet | (stage == PLACE["contact"]), F.lit("growing"))
        .when(stage == PLACE["qualified"], F.lit("ripe"))
        .when(stage.isin(*_PICKED), F.lit("picked"))
        .when(stage == PLACE["disqualified"], F.lit("disqualified"))
        .otherwise(F.lit("ripening"))
    )


def _signs(F: Any, tables: Mapping[str, Any]) -> Any:  # noqa: N803
    """Return each moment (`at`) that kept somebody from being quiet, by what is watched."""
    stays = tables["journeys"].where(F.col("skipped") == 0)
    came = stays.where((F.col("nth") == 1) & (F.col("stage") == PLACE["contact"]))
    told = tables["told"].where(F.col("contact_id").isNotNull())

    def happened(kinds: frozenset[str]) -> Any:
        return told.where(F.col("kind").isin(*sorted(kinds))).select(
            F.col("contact_id").alias("person"), e.micros(F, F.col("occurred_at")).alias("at")
        )

    def watched(signs: Any, watch: int) -> Any:
        return signs.select(_watched(F, F.lit(watch)).alias("watched"), "at")

    talks = e.beside(happened(TOUCHES), _ripened(F, tables), "person")
    parts = [
        watched(came.select("person", F.col("came_at").alias("at")), _GROWING),
        watched(happened(TOUCHES | DEEDS), _GROWING),
        watched(talks.where(F.col("ripened_at").isNotNull()), _FALLING),
        watched(
            stays.where(F.col("stage").isin(*_RIPENED)).select("person", F.col("entered_at").alias("at")),
            _FALLING,
        ),
    ]
    return reduce(lambda left, right: left.unionByName(right), parts)


ORCHARD_STEPS = (
    *STEPS,
    Step(QUIET, quiet, (JOURNEYS, TOLD, ROT)),
    Step(FRUIT, fruit, (JOURNEYS, TOLD, QUIET)),
    Step(TURNS, turns, (FRUIT,)),
)
"""How the orchard is made: who was how ripe from when to when, and how many turned on which day."""

FRUIT_STEPS = ORCHARD_STEPS[:-1]
