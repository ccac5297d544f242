"""The stages as an expression over facts: in which stage each contact was from when to when, by the rule; and rot."""

from typing import Any

from orchard.agreement.document.model import STAGES
from orchard.agreement.rules import OWN, RESTED, TURNS, VERDICT
from orchard.engine import expressions as e
from orchard.engine.types import ColumnType, LakeSource, TableSpec

LAKE = LakeSource(
    "rot",
    {"contact_days": ColumnType.BIGINT},
    "SELECT (document->'rot'->>'contact_days')::bigint AS contact_days FROM agreement_version"
    " WHERE state = 'in_force' AND document->'rot'->>'contact_days' IS NOT NULL",
)
ROT = TableSpec("rot", LAKE.columns, "")
"""After how many days without a touch a contact rots, by the version in force; no row where none does."""

VIEWS = {"rot": lambda _filled: "SELECT contact_days FROM {rot} every"}

DEEDS = OWN
"""The kinds of facts that tell what a contact did of its own accord."""

PLACE = {stage: place for place, stage in enumerate(STAGES, 1)}
"""The number by which the ledger names a stage."""

_OWN, _IN, _OUT, _ACCEPTED, _BACK, _ENDED, _OPENED, _LOST, _WON, _RESTED = range(1, 11)
_SIGNS = {
    "lead.accepted": _ACCEPTED,
    "lead.returned": _BACK,
    "lead.disqualified": _ENDED,
    "opportunity.opened": _OPENED,
    "opportunity.joined": _OPENED,
    "opportunity.lost": _LOST,
    "opportunity.won": _WON,
    **dict.fromkeys(RESTED, _RESTED),
}
# A place in a contact's life and a sign, in one number: the greatest of those seen so far is the last one.
_BASE = 16


def first_deed(F: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return the aggregate, over a contact's facts, of when it first did something of its own accord (microseconds)."""
    return F.min(F.when(F.col("kind").isin(*sorted(OWN)), e.micros(F, F.col("occurred_at"))))


def passages(F: Any, facts: Any, own: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return one row per stage that a contact entered: `person`, `stage`, `entered_at`, and `left_at` where it left.

    Times are microseconds since 1970, `stage` is its number by `PLACE`. What comes before the first stage is no row.
    `facts` has `contact_id`, and `told_of`, the id under which a fact was told; `own` has `person` and `own_at`, which
    is its `first_deed`, null where there is none. It is `rules.fold` without a loop: all
    but the newest of what Sales said, and of what the verdict said since, has lost its say. A test holds the two equal.
    """
    window = F.Window.partitionBy("person").orderBy("at", "pos")
    so_far = window.rowsBetween(F.Window.unboundedPreceding, F.Window.currentRow)

    def last(*signs: int, where: Any = None) -> Any:
        """Return the newest of these signs so far, with its place; 0 where there was none."""
        is_one = F.col("sign").isin(*signs)
        found = is_one if where is None else is_one & where
        return F.max(F.when(found, F.col("nth") * _BASE + F.col("sign")).otherwise(F.lit(0))).over(so_far)

    others = _signs(F, facts)
    own = own.where(F.col("own_at").isNotNull()).select(
        "person",
        F.col("own_at").alias("at"),
        F.lit(0).cast("bigint").alias("pos"),
        F.lit(_OWN).alias("sign"),
    )
    turned = others.groupBy("person").agg(F.count("pos").alias("turns"))
    own = e.beside(own, turned, "person")
    # Whom nothing but deeds of their own concerns, and that is nearly everybody, is engaged since the first of them.
    alone = own.where(F.col("turns").isNull()).select(
        "person",
        F.lit(PLACE["engaged"]).cast("bigint").alias("stage"),
        F.col("at").alias("entered_at"),
        F.lit(None).cast("bigint").alias("left_at"),
    )
    signs = others.unionByName(own.where(F.col("turns").isNotNull()).select("person", "at", "pos", "sign"))
    turns = signs.select("person", "at", "pos", "sign", F.row_number().over(window).alias("nth"))
    # A rest ends for whom Sales gave back last; a lost sale says nothing of who was disqualified, an accepted lead
    # nothing of whose sale is open.
    turns = turns.select(*turns.columns, last(_ACCEPTED, _BACK, _ENDED, _OPENED, _LOST).alias("no_rest"))
    rests = (F.col("sign") != _RESTED) | (F.col("no_rest") % _BASE).isin(_BACK, _ENDED, _LOST)
    turns = turns.select(
        "person", "at", "pos", "nth", F.when(rests, F.col("sign")).otherwise(F.lit(0)).alias("sign")
    )
    turns = turns.select(*turns.columns, last(_ACCEPTED, _BACK, _ENDED, _OPENED, _RESTED).alias("no_loss"))
    counts = (F.col("sign") != _LOST) | (F.col("no_loss") % _BASE != _ENDED)
    turns = turns.select(
        "person", "at", "pos", "sign", "nth", F.when(counts, F.col("sign")).otherwise(F.lit(0)).alias("says")
    )
    said = (_BACK, _ENDED, _OPENED, _LOST, _RESTED)
    turns = turns.select(*turns.columns, last(*said, where=F.col("says") > 0).alias("no_take"))
    takes = (F.col("says") != _ACCEPTED) | (F.col("no_take") % _BASE != _OPENED)
    turns = turns.select(
        "person", "at", "pos", "sign", "nth", F.when(takes, F.col("says")).otherwise(F.lit(0)).alias("says")
    )
    states = turns.select(
        "person",
        "at",
        "nth",
        last(*said, _ACCEPTED, where=F.col("says") > 0).alias("sales"),
        last(_IN, _OUT).alias("verdict"),
        last(_OWN).alias("own"),
        last(_WON).alias("won"),
    )
    states = states.select("person", "at", "nth", _stage(F).alias("stage"))
    order = F.Window.partitionBy("person").orderBy("nth")
    before = F.coalesce(F.lag("stage").over(order), F.lit(PLACE["contact"]))
    states = states.select(*states.columns, before.alias("before"))
    states = states.where(F.col("stage") != F.col("before"))
    passed = states.select(
        "person",
        F.col("stage").cast("bigint").alias("stage"),
        F.col("at").alias("entered_at"),
        F.lead("at").over(order).alias("left_at"),
    )
    return passed.unionByName(alone)


def _signs(F: Any, facts: Any) -> Any:  # noqa: N803
    """Return what others decide about contacts; of verdicts those told of this very id."""
    kind, inward = F.col("kind"), F.col("direction") == "in"
    sign = F.when(kind == VERDICT, F.when(inward, F.lit(_IN)).otherwise(F.lit(_OUT)))
    for name, number in _SIGNS.items():
        sign = sign.when(kind == name, F.lit(number))
    mine = (kind != VERDICT) | (F.col("told_of") == F.col("contact_id"))
    known = F.col("contact_id").isNotNull()
    return facts.where(known & kind.isin(*sorted(TURNS)) & mine).select(
        F.col("contact_id").alias("person"),
        e.micros(F, F.col("occurred_at")).alias("at"),
        "pos",
        sign.alias("sign"),
    )


def _stage(F: Any) -> Any:  # noqa: N803
    sales, verdict = F.col("sales"), F.col("verdict")
    says = sales % _BASE
    qualified = (verdict % _BASE == _IN) & ((verdict > sales) | (says == _RESTED))
    return (
        F.when(F.col("won") > 0, F.lit(PLACE["customer"]))
        .when(says == _ACCEPTED, F.lit(PLACE["accepted"]))
        .when(says == _OPENED, F.lit(PLACE["opportunity"]))
        .when(says == _ENDED, F.lit(PLACE["disqualified"]))
        .when(qualified, F.lit(PLACE["qualified"]))
        .when(sales > 0, F.lit(PLACE["nurturing"]))
        .when(F.col("own") > 0, F.lit(PLACE["engaged"]))
        .otherwise(F.lit(PLACE["contact"]))
    )
