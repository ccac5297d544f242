"""The journeys as one expression: who was in which stage from when to when, and what each person is counted under."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from orchard.agreement.tables import PLACE, first_deed, passages
from orchard.campaigns.tables import CHANNELS
from orchard.contacts.tables import CONTACTS
from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, Step, TableSpec
from orchard.interactions.tables import TOLD
from orchard.team.tables import MEMBERS

SOURCES = TableSpec(
    "sources",
    {"contact_id": ColumnType.BIGINT, "campaign_id": ColumnType.BIGINT},
    "SELECT contact_id, campaign_id FROM contact_source WHERE is_first",
)
LINE = ("contact", "engaged", "qualified", "accepted", "opportunity", "customer")
"""The main line: who enters one of these has passed all before it."""

_HOLDS = ("lead.accepted", "lead.reassigned", "opportunity.opened", "opportunity.reassigned")
"""The kinds that say in whose hands somebody is."""

# What a person may be counted under; null where it is not known.
_COUNTED = {
    "campaign_id": ColumnType.BIGINT,
    "channel": ColumnType.TEXT,
    "member_id": ColumnType.BIGINT,
    "team_id": ColumnType.BIGINT,
    "country": ColumnType.TEXT,
    "industry": ColumnType.TEXT,
    "month": ColumnType.BIGINT,
}

MET = TableSpec(
    "met",
    dict.fromkeys(("person", "met_at", "first_at", "own_at"), ColumnType.BIGINT),
    "",
)
"""Of each person when we first heard of it, first knew of it, and when it first did something of its own accord."""

PASSED = TableSpec(
    "passed",
    dict.fromkeys(("person", "stage", "entered_at", "left_at"), ColumnType.BIGINT),
    "",
)
PEOPLE = TableSpec(
    "people",
    {**dict.fromkeys(("person", "came_at", "met_at", "rounds"), ColumnType.BIGINT), **_COUNTED},
    "",
)
JOURNEYS = TableSpec(
    "journeys",
    {
        **dict.fromkeys(
            (
                "person",
                "stage",
                "nth",
                "entered_at",
                "left_at",
                "skipped",
                "is_in",
                "came_at",
                "rounds",
                "is_early",
            ),
            ColumnType.BIGINT,
        ),
        **_COUNTED,
    },
    "",
)
"""One row for each time that a person was in a stage.

`nth` counts how often, `is_in` is 1 on the first of these rows if the person is in the stage now. Where `skipped` is 1
the person never was in that stage, but entered a later one of the line; the row stands at the time of that. `rounds`
counts the leads that came back, `is_early` says that the person bought before we heard of them. Times are
microseconds since 1970, `month` is the first moment (UTC) of the month in which the person came in.
"""


def met(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the rows of `MET`: the one look at every fact, in which all is seen that must be seen of every fact."""
    at = e.micros(F, F.col("occurred_at"))
    # What comes from a contact is heard of it, but for what the agreement says.
    heard = (F.col("direction") == F.lit("in")) & (F.col("kind") != F.lit("verdict.changed"))
    known = F.col("contact_id").isNotNull() & (heard | (F.col("kind") == F.lit("contact.created")))
    return (
        tables["told"]
        .where(known)
        .groupBy(F.col("contact_id").alias("person"))
        .agg(
            F.min(F.when(heard, at)).alias("met_at"),
            F.min(at).alias("first_at"),
            first_deed(F).alias("own_at"),
        )
    )


def passed(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803
    """Return the rows of `PASSED`."""
    return passages(F, tables["told"], tables["met"])


def people(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803
    """Return the rows of `PEOPLE`: everybody of whom anything is known; who was erased is a number among others."""
    facts = tables["told"].where(F.col("contact_id").isNotNull())
    work = at_work(F, facts)
    found = in_hands(F, tables, facts, _met(F, tables, work))
    found = by_campaign(F, tables, found)
    month = e.micros(F, F.date_trunc("month", e.instant(F, F.col("came_at"))))
    return found.select(*(name for name in PEOPLE.columns if name != "month"), month.alias("month"))


def at_work(F: Any, facts: Any) -> Any:  # noqa: N803
    """Return for each person whom Sales had: the place of the fact that says who has it now, and its rounds."""
    one, none = F.lit(1).cast("bigint"), F.lit(0).cast("bigint")
    holds = F.col("kind").isin(*_HOLDS) & F.col("member_id").isNotNull()
    return (
        facts.where(F.col("kind").isin(*_HOLDS, "lead.returned"))
        .groupBy(F.col("contact_id").alias("person"))
        .agg(
            F.max(F.when(holds, F.col("pos"))).alias("held_pos"),
            e.whole_sum(F, F.when(F.col("kind") == "lead.returned", one).otherwise(none)).alias("rounds"),
        )
    )


def in_hands(F: Any, tables: Mapping[str, Any], facts: Any, found: Any) -> Any:  # noqa: N803
    """Return `found` with the member and the team who hold each, by the fact at its `held_pos`."""
    holders = facts.where(F.col("kind").isin(*_HOLDS)).select(F.col("pos").alias("held_pos"), "member_id")
    members = tables["members"].select("member_id", "team_id")
    return e.beside(e.beside(found, holders, "held_pos"), members, "member_id")


def by_campaign(F: Any, tables: Mapping[str, Any], found: Any) -> Any:  # noqa: N803
    """Return `found` with the campaign that brought each `person` first, and its channel."""
    sources = tables["sources"].select(F.col("contact_id").alias("person"), "campaign_id")
    channels = tables["channels"].select("campaign_id", "channel")
    return e.beside(e.beside(found, sources, "person"), channels, "campaign_id")


def by_place(F: Any, tables: Mapping[str, Any], found: Any) -> Any:  # noqa: N803
    """Return `found` with the country and the industry of each `person`."""
    known = tables["contacts"].select(F.col("contact_id").alias("person"), *_place(F))
    return e.beside(found, known, "person")


def _place(F: Any) -> tuple[Any, Any]:  # noqa: N803
    country = F.coalesce(F.col("contact__country"), F.col("account__country"))
    return country.alias("country"), F.col("account__industry").alias("industry")


def journeys(F: Any, tables: Mapping[str, Any], _now: Any = None) -> Any:  # noqa: N803
    """Return the rows of `JOURNEYS` out of who passed what and of the people."""
    whole = e.beside(_stays(F, tables["people"], tables["passed"]), tables["people"], "person")
    order = F.Window.partitionBy("person", "stage").orderBy("entered_at", "left_at")
    all_of_it = order.rowsBetween(
        F.Window.unboundedPreceding, F.Window.unboundedFollowing
    )  # sorted once for both
    none, one = F.lit(0).cast("bigint"), F.lit(1).cast("bigint")
    here = F.when(F.col("left_at").isNull() & (F.col("skipped") == none), one).otherwise(none)
    nth = F.row_number().over(order).cast("bigint")
    whole = whole.select(*whole.columns, nth.alias("nth"), F.max(here).over(all_of_it).alias("is_here"))
    early = (F.col("stage") == PLACE["customer"]) & (F.col("entered_at") < F.col("met_at"))
    first = F.col("nth") == one
    columns = {
        "is_in": F.when(first, F.col("is_here")).otherwise(none),
        "is_early": F.when(first & early, one).otherwise(none),
        "rounds": F.when(first & (F.col("stage") == PLACE["contact"]), F.col("rounds")).otherwise(none),
    }
    return whole.select(*(columns.get(name, F.col(name)).alias(name) for name in JOURNEYS.columns))


STEPS = (
    Step(MET, met, (TOLD,)),
    Step(PASSED, passed, (TOLD, MET)),
    Step(PEOPLE, people, (TOLD, MET, CONTACTS, SOURCES, CHANNELS, MEMBERS)),
    Step(JOURNEYS, journeys, (PASSED, PEOPLE)),
)
"""How journeys are made: when people were met, what they passed, who they are, and all of it together."""


def _met(F: Any, tables: Mapping[str, Any], work: Any) -> Any:  # noqa: N803
    """Return one row per person: when it came in and was first heard of, its rounds, who has it, and its fields."""
    told = e.beside(tables["met"], work, "person")
    known = tables["contacts"].select(
        F.col("contact_id").alias("known"),
        e.micros(F, F.col("created_at")).alias("added_at"),
        *_place(F),
    )
    return told.join(known, F.col("person") == F.col("known"), "outer").select(
        F.coalesce(F.col("known"), F.col("person")).alias("person"),
        F.least(F.coalesce(F.col("added_at"), F.col("first_at")), F.col("met_at")).alias("came_at"),
        "met_at",
        "held_pos",
        F.coalesce(F.col("rounds"), F.lit(0).cast("bigint")).alias("rounds"),
        "country",
        "industry",
    )


def _stays(F: Any, people: Any, entered: Any) -> Any:  # noqa: N803
    """Return the stages that people were in, the first one included, and those that they went past."""
    none, one = F.lit(0).cast("bigint"), F.lit(1).cast("bigint")
    line = {name: PLACE[name] for name in LINE[1:]}
    firsts = entered.groupBy("person").agg(
        F.min("entered_at").alias("any_at"),
        *(
            F.min(F.when(F.col("stage") == place, F.col("entered_at"))).alias(name)
            for name, place in line.items()
        ),
    )
    begun = e.beside(people.select("person", "came_at"), firsts.select("person", "any_at"), "person")
    parts = [
        begun.select(
            "person",
            F.lit(PLACE["contact"]).cast("bigint").alias("stage"),
            F.coalesce(F.least(F.col("came_at"), F.col("any_at")), F.col("came_at")).alias("entered_at"),
            F.col("any_at").alias("left_at"),
            none.alias("skipped"),
        ),
        entered.select("person", "stage", "entered_at", "left_at", none.alias("skipped")),
    ]
    for number, name in enumerate(LINE[1:-1], 1):
        later = [F.col(each) for each in LINE[number + 1 :]]
        past = F.least(*later) if len(later) > 1 else later[0]
        parts.append(
            firsts.where(F.col(name).isNull() & past.isNotNull()).select(
                "person",
                F.lit(PLACE[name]).cast("bigint").alias("stage"),
                past.alias("entered_at"),
                past.alias("left_at"),
                one.alias("skipped"),
            )
        )
    return reduce(lambda left, right: left.unionByName(right), parts)
