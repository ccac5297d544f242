"""The ledger as an analytical table: the columns that conditions, scores and reports may read."""

from orchard.engine.types import ColumnType, Field, LakeSource, TableSpec
from orchard.interactions.kinds import KINDS, MACHINE_PRONE
from orchard.interactions.kinds import TOLD as KINDS_TOLD
from orchard.interactions.types import DISCOUNTS
from orchard.kit.codes import currencies, currency_name
from orchard.kit.words import Phrase

FACTS = TableSpec(
    name="facts",
    columns={
        "pos": ColumnType.BIGINT,
        "interaction_id": ColumnType.BIGINT,
        "contact_id": ColumnType.BIGINT,
        "account_id": ColumnType.BIGINT,
        "kind": ColumnType.TEXT,
        "occurred_at": ColumnType.TIMESTAMP,
        "recorded_at": ColumnType.TIMESTAMP,
        "direction": ColumnType.TEXT,
        "subject_kind": ColumnType.TEXT,
        "subject_id": ColumnType.BIGINT,
        "campaign_id": ColumnType.BIGINT,
        "content_id": ColumnType.BIGINT,
        "member_id": ColumnType.BIGINT,
        "amount": ColumnType.BIGINT,
        "currency": ColumnType.TEXT,
        "import_id": ColumnType.BIGINT,
        "human": ColumnType.BOOLEAN,
    },
    source=(
        "SELECT pos, interaction_id, contact_id, account_id, kind, occurred_at, recorded_at, direction, subject_kind,"
        " subject_id, campaign_id, content_id, member_id, amount, currency, import_id, human FROM facts"
    ),
)

TOLD = TableSpec(
    name="told",
    columns={
        **{name: type_ for name, type_ in FACTS.columns.items() if name != "human"},
        "told_of": ColumnType.BIGINT,
    },
    source="",
)
"""The same in the lake, whoever made a fact, with the id under which it was told, whoever that is today.

To know who made each of twenty million facts costs more than all the rest of most questions.
"""

FIELDS = (
    Field(
        "direction",
        ColumnType.TEXT,
        Phrase("direction"),
        "direction",
        "facts",
        choices=(("in", Phrase("from them")), ("out", Phrase("from us"))),
    ),
    Field("amount", ColumnType.BIGINT, Phrase("amount in minor units"), "amount", "facts"),
    Field(
        "currency",
        ColumnType.TEXT,
        Phrase("currency"),
        "currency",
        "facts",
        called=currency_name,
        usual=currencies,
    ),
)

PHRASES = {kind.name: kind.phrase for kind in KINDS.values()}
OFFERED = KINDS_TOLD

HEAD = "SELECT pos FROM ledger_head WHERE id = 1"

_MOVES = frozenset({"contact.merged", "contact.unmerged", "fact.withdrawn", "fact.reassigned"})
_RAW = {name: type_ for name, type_ in FACTS.columns.items() if name != "human"}

LAKE = (
    LakeSource(
        name="ledger",
        columns=_RAW,
        select=(
            "SELECT o.pos, i.id, i.contact_id, i.account_id, i.kind, i.occurred_at, i.recorded_at, i.direction,"
            " i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency, i.import_id"
            # Each place has its fact; LEFT keeps a planner that believes the tables empty, as after a first import,
            # from going through all places once for every fact.
            " FROM ledger_order o LEFT JOIN interaction i ON i.id = o.interaction_id"
            " WHERE o.pos > %(after)s AND o.pos <= %(upto)s"
        ),
        log=True,
    ),
    LakeSource(
        name="alias",
        columns={"old_id": ColumnType.BIGINT, "living_id": ColumnType.BIGINT},
        select="SELECT old_id, living_id FROM contact_alias WHERE ended_by IS NULL",
        changed_by=_MOVES,
    ),
    LakeSource(
        name="correction",
        columns={"interaction_id": ColumnType.BIGINT, "contact_id": ColumnType.BIGINT},
        select="SELECT interaction_id, contact_id FROM ledger_correction WHERE ended_by IS NULL",
        changed_by=_MOVES,
    ),
    LakeSource(
        name="machine",
        columns={"interaction_id": ColumnType.BIGINT},
        select="SELECT interaction_id FROM interaction_class",
        changed_by=_MOVES | MACHINE_PRONE | DISCOUNTS,
        head="SELECT coalesce(min(pos), 0) FROM ledger_cursor WHERE consumer = 'interactions.classify'",
    ),
)


def told_view(filled: frozenset[str]) -> str:
    """Return the view `told` over the lake."""
    return _view(filled, "l.contact_id AS told_of")


def facts_view(filled: frozenset[str]) -> str:
    """Return the view `facts` over the lake: the same joins as in the database, but for tables that hold no row."""
    if "machine" not in filled:
        return _view(filled, "TRUE AS human")
    machine = " LEFT JOIN {machine} m ON m.interaction_id = l.interaction_id"
    return _view(filled, "m.interaction_id IS NULL AS human", machine)


def _view(filled: frozenset[str], more: str, joins: str = "") -> str:
    """Return the ledger's facts with one column more, aliases and corrections applied."""
    contact, where = "l.contact_id", ""
    if "correction" in filled:
        joins += " LEFT JOIN {correction} c ON c.interaction_id = l.interaction_id"
        contact, where = (
            f"coalesce(c.contact_id, {contact})",
            " WHERE c.interaction_id IS NULL OR c.contact_id IS NOT NULL",
        )
    if "alias" in filled:
        joins += f" LEFT JOIN {{alias}} a ON a.old_id = {contact}"
        contact = f"coalesce(a.living_id, {contact})"
    columns = ", ".join(f"{contact} AS contact_id" if name == "contact_id" else f"l.{name}" for name in _RAW)
    return f"SELECT {columns}, {more} FROM {{ledger}} l{joins}{where}"  # noqa: S608 - our own names
