"""The ledger as an analytical table: the columns that conditions, scores and reports may read."""

from orchard.engine.types import ColumnType, Field, TableSpec
from orchard.interactions.kinds import KINDS

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

FIELDS = (
    Field(
        "direction",
        ColumnType.TEXT,
        "direction",
        "direction",
        "facts",
        choices=(("in", "from them"), ("out", "from us")),
    ),
    Field("amount", ColumnType.BIGINT, "amount in minor units", "amount", "facts"),
    Field("currency", ColumnType.TEXT, "currency", "currency", "facts"),
)

PHRASES = {kind.name: kind.phrase for kind in KINDS.values()}
