"""The analytical table that conditions are asked over: contacts with their score and stage; the room's data map."""

from dataclasses import replace

from orchard.contacts.tables import CONTACTS
from orchard.contacts.types import PersonalTable
from orchard.engine.types import ColumnType, TableSpec
from orchard.interactions.types import KINDS

SCORES = {part: f"score_{part}" for part in ("total", "fit", "engagement", "account")}

STANDING = replace(
    CONTACTS,
    columns={
        **CONTACTS.columns,
        **dict.fromkeys(SCORES.values(), ColumnType.BIGINT),
        "stage_now": ColumnType.TEXT,
    },
    source=(
        "SELECT every.*, v.total AS score_total, v.fit AS score_fit, v.engagement AS score_engagement,"  # noqa: S608
        " v.account AS score_account, coalesce(s.stage, 'contact') AS stage_now"
        f" FROM ({CONTACTS.source}) every LEFT JOIN verdict v USING (contact_id) LEFT JOIN stage s USING (contact_id)"
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


PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable("segment", free=frozenset({"code", "name", "description", "condition"})),
    PersonalTable("segment_use", free=frozenset({"used_by", "name"})),
    PersonalTable("segment_count"),
    PersonalTable("segment_member"),
)
"""What an erasure leaves of this room's tables: they hold no word about anybody, and members follow the ledger."""
