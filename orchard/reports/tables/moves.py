"""What happened to leads as one expression: each move with its time, whose lead it was, and why it came back."""

from collections.abc import Mapping
from typing import Any

from orchard.campaigns.tables import CHANNELS
from orchard.contacts.tables import CONTACTS, REACHABLE
from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.interactions.tables import TOLD
from orchard.interactions.types import TRIES
from orchard.leads.tables import LEADS
from orchard.reports.tables.journeys import SOURCES, by_campaign, by_place
from orchard.team.tables import MEMBERS

WHAT = {
    "lead.waiting": "born",
    "lead.offered": "offered",
    "lead.expired": "expired",
    "lead.accepted": "accepted",
    "lead.reassigned": "reassigned",
    "lead.escalated": "escalated",
    "lead.unattempted": "unattempted",
    "lead.returned": "returned",
    "lead.disqualified": "disqualified",
    "lead.converted": "converted",
    "lead.withdrawn": "withdrawn",
    "opportunity.won": "won",
    "opportunity.lost": "lost",
}
"""What a move is called, by the kind of fact that tells it. Besides: `given`, a lead's first offer, or that somebody
took it unoffered; and `attempted`, the first attempt at one after it was accepted, `attempted_late` where it had been
told to be late by then."""

_OVER = ("returned", "disqualified", "converted", "withdrawn")
_TRIED = ("attempted", "attempted_late", "unattempted", "escalated", *_OVER)

MOVES = TableSpec(
    "moves",
    {
        "subject_id": ColumnType.BIGINT,
        "pos": ColumnType.BIGINT,
        "person": ColumnType.BIGINT,
        "what": ColumnType.TEXT,
        "came_at": ColumnType.BIGINT,
        "reason": ColumnType.TEXT,
        "round": ColumnType.BIGINT,
        "has_phone": ColumnType.BIGINT,
        "is_running": ColumnType.BIGINT,
        "amount": ColumnType.BIGINT,
        "currency": ColumnType.TEXT,
        "campaign_id": ColumnType.BIGINT,
        "channel": ColumnType.TEXT,
        "member_id": ColumnType.BIGINT,
        "team_id": ColumnType.BIGINT,
        "country": ColumnType.TEXT,
        "industry": ColumnType.TEXT,
        "month": ColumnType.BIGINT,
    },
    "",
)
"""One row for each move: of the lead `subject_id`, or of the sale where it was won or lost.

`came_at` is its time, `pos` its place; `reason` is set where a lead came back or was disqualified; `has_phone` is 1
where the person has a phone number today; `is_running` is 1 on the acceptance of a lead in hands that nobody tried yet
and whose first attempt is not late; `month` is the first moment (UTC) of the move's month.
"""


def moves(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the rows of `MOVES`."""
    facts = tables["told"].where(F.col("contact_id").isNotNull())
    told = _once_a_sale(F, _told(F, facts))
    given = _first(F, told.where(F.col("what").isin("offered", "accepted")), "given")
    tried = _tried(F, _first(F, _tries(F, facts, told), "attempted"), told)
    every = told.unionByName(given).unionByName(tried)
    leads = tables["leads"].select(
        F.col("lead_id").alias("subject_id"), "round", F.col("reason").alias("because")
    )
    # A sale and a lead may bear one number.
    is_lead = ~F.col("what").isin("won", "lost")
    of_leads = e.beside(_with_running(F, every.where(is_lead)), leads, "subject_id")
    nothing = F.lit(None)
    of_sales = every.where(~is_lead).select(
        *every.columns,
        F.lit(0).cast("bigint").alias("is_running"),
        nothing.cast("bigint").alias("round"),
        nothing.cast("string").alias("because"),
    )
    every = of_leads.unionByName(of_sales)
    members = tables["members"].select("member_id", "team_id")
    every = by_place(F, tables, by_campaign(F, tables, e.beside(every, members, "member_id")))
    one = F.lit(1).cast("bigint")
    every = e.beside(
        every, tables["phones"].select(F.col("contact_id").alias("person"), one.alias("phone")), "person"
    )
    back = F.col("what").isin("returned", "disqualified")
    columns = {
        "has_phone": F.coalesce(F.col("phone"), F.lit(0).cast("bigint")),
        "reason": F.when(back, F.col("because")),
        "month": e.micros(F, F.date_trunc("month", e.instant(F, F.col("came_at")))),
    }
    return every.select(*(columns.get(name, F.col(name)).alias(name) for name in MOVES.columns))


def _with_running(F: Any, every: Any) -> Any:  # noqa: N803
    """Return moves of leads, marking the acceptance of those whose first attempt may still come in time."""
    tried = F.col("what").isin(*_TRIED)
    one, none = F.lit(1).cast("bigint"), F.lit(0).cast("bigint")
    seen = F.max(F.when(tried, one).otherwise(none)).over(F.Window.partitionBy("subject_id"))
    marked = every.select(*every.columns, seen.alias("seen"))
    running = F.when((F.col("what") == F.lit("accepted")) & (F.col("seen") == none), one).otherwise(none)
    return marked.select(*every.columns, running.alias("is_running"))


def _told(F: Any, facts: Any) -> Any:  # noqa: N803
    """Return the facts that are moves."""
    what = F.when(F.col("kind") == "lead.waiting", F.lit("born"))
    for kind, word in WHAT.items():
        what = what.when(F.col("kind") == kind, F.lit(word))
    # Systems that we import from tell of sales that have no number here: then each is one by itself.
    subject = F.coalesce(F.col("subject_id"), F.lit(0) - F.col("pos"))
    return facts.where(F.col("kind").isin(*WHAT)).select(
        subject.alias("subject_id"),
        F.col("contact_id").alias("person"),
        what.alias("what"),
        e.micros(F, F.col("occurred_at")).alias("came_at"),
        "pos",
        "member_id",
        "amount",
        "currency",
    )


def _once_a_sale(F: Any, told: Any) -> Any:  # noqa: N803
    """Return the moves, of each sale the first of its ends alone: it is told of everybody who joined the sale."""
    order = F.Window.partitionBy("subject_id", "what").orderBy("pos")
    placed = told.select(*told.columns, F.row_number().over(order).alias("place"))
    is_sale = F.col("what").isin("won", "lost")
    return placed.where(~is_sale | (F.col("place") == F.lit(1))).select(*told.columns)


def _first(F: Any, told: Any, what: str) -> Any:  # noqa: N803
    """Return the first of these moves of each lead, under another word."""
    order = F.Window.partitionBy("subject_id").orderBy("came_at", "pos")
    placed = told.select(*told.columns, F.row_number().over(order).alias("place")).where(
        F.col("place") == F.lit(1)
    )
    return placed.select(
        *(F.lit(what).alias("what") if name == "what" else F.col(name) for name in told.columns)
    )


def _tries(F: Any, facts: Any, told: Any) -> Any:  # noqa: N803
    """Return each attempt at somebody while the lead was theirs who accepted it: from its offer until it was over."""
    tries = facts.where(F.col("kind").isin(*sorted(TRIES))).select(
        F.col("contact_id").alias("tried"),
        e.micros(F, F.col("occurred_at")).alias("tried_at"),
        F.col("pos").alias("tried_pos"),
        F.col("member_id").alias("tried_by"),
    )

    def last(*what: str) -> Any:
        return F.max(F.when(F.col("what").isin(*what), F.col("came_at")))

    leads = told.where(~F.col("what").isin("won", "lost")).groupBy("subject_id", "person")
    leads = leads.agg(
        last("offered").alias("offered_at"), last("accepted").alias("at"), last(*_OVER).alias("over_at")
    )
    taken = leads.where(F.col("at").isNotNull()).select(
        "subject_id",
        "person",
        F.least(F.coalesce(F.col("offered_at"), F.col("at")), F.col("at")).alias("from_at"),
        F.when(F.col("over_at") >= F.col("at"), F.col("over_at")).alias("until_at"),
    )
    within = (F.col("tried_at") >= F.col("from_at")) & (
        F.col("until_at").isNull() | (F.col("tried_at") <= F.col("until_at"))
    )
    return (
        tries.join(taken, F.col("tried") == F.col("person"), "inner")
        .where(within)
        .select(
            "subject_id",
            "person",
            F.lit("attempted").alias("what"),
            F.col("tried_at").alias("came_at"),
            F.col("tried_pos").alias("pos"),
            F.col("tried_by").alias("member_id"),
            F.lit(None).cast("bigint").alias("amount"),
            F.lit("").alias("currency"),
        )
    )


def _tried(F: Any, tried: Any, told: Any) -> Any:  # noqa: N803
    """Return the first attempts, those that came too late under another word."""
    late = (
        told.where(F.col("what") == F.lit("unattempted"))
        .groupBy("subject_id")
        .agg(F.min("came_at").alias("late_at"))
    )
    marked = e.beside(tried, late, "subject_id")
    what = F.when(F.col("late_at").isNull(), F.lit("attempted")).otherwise(F.lit("attempted_late"))
    return marked.select(*(what.alias("what") if name == "what" else F.col(name) for name in tried.columns))


MOVE_STEPS = (Step(MOVES, moves, (TOLD, CONTACTS, SOURCES, CHANNELS, LEADS, MEMBERS, REACHABLE)),)
"""How moves are made, without a look at what everybody did."""


def counted(F: Any, table: Any, keys: tuple[str, ...], what: tuple[str, ...]) -> Any:  # noqa: N803
    """Return one row for each group (the columns `keys`) with how many moves of each sort there are."""
    one, none = F.lit(1).cast("bigint"), F.lit(0).cast("bigint")
    counts = [
        e.whole_sum(F, F.when(F.col("what") == F.lit(each), one).otherwise(none)).alias(each) for each in what
    ]
    return table.groupBy(*keys).agg(*counts) if keys else table.agg(*counts)
