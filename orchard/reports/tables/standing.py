"""The analytical tables that a list's condition is asked over: contacts with their score, stage and last return."""

from dataclasses import replace

from orchard.contacts.tables import CONTACTS
from orchard.engine.types import ColumnType, TableSpec
from orchard.interactions.types import KINDS

STANDING = replace(
    CONTACTS,
    columns={
        **CONTACTS.columns,
        "score_total": ColumnType.BIGINT,
        "score_fit": ColumnType.BIGINT,
        "score_engagement": ColumnType.BIGINT,
        "score_account": ColumnType.BIGINT,
        "stage_now": ColumnType.TEXT,
        "last_return_at": ColumnType.TIMESTAMP,
        "last_offer_at": ColumnType.TIMESTAMP,
    },
    source=(
        "SELECT every.*, v.total AS score_total, v.fit AS score_fit, v.engagement AS score_engagement,"  # noqa: S608
        " v.account AS score_account, coalesce(s.stage, 'contact') AS stage_now, f.last_return_at, f.last_offer_at"
        f" FROM ({CONTACTS.source}) every LEFT JOIN verdict v USING (contact_id) LEFT JOIN stage s USING (contact_id)"
        " LEFT JOIN (SELECT contact_id, max(occurred_at) FILTER (WHERE kind = 'lead.returned') AS last_return_at,"
        " max(occurred_at) FILTER (WHERE kind = 'lead.offered') AS last_offer_at FROM facts"
        " WHERE kind IN ('lead.returned', 'lead.offered') GROUP BY contact_id) f USING (contact_id)"
    ),
)
"""One row for each living contact, with what its last assessment said beside its fields."""


def narrowed(table: TableSpec, columns: frozenset[str]) -> TableSpec:
    """Return a table with these of its columns alone; PostgreSQL then leaves out the joins that nobody asks for."""
    return replace(table, columns={name: type_ for name, type_ in table.columns.items() if name in columns})


def which_count(kinds: frozenset[str], beyond: str) -> str:
    """Return the condition on facts of these kinds that a person made, within places of the ledger; kinds are known."""
    listed = ", ".join(f"'{kind}'" for kind in sorted(kinds & KINDS.keys()))
    return f"human AND contact_id IS NOT NULL AND kind IN ({listed}) AND {beyond}"
