"""The room's analytical table, the fields of facts that name a campaign, and its part of the data map."""

from orchard.contacts.types import PersonalTable
from orchard.engine.types import ColumnType, Field, TableSpec

CAMPAIGNS = TableSpec(
    name="campaigns",
    columns={
        "campaign_id": ColumnType.BIGINT,
        "parent_id": ColumnType.BIGINT,
        "code": ColumnType.TEXT,
        "type": ColumnType.TEXT,
        "channel": ColumnType.TEXT,
        "actual_cost": ColumnType.BIGINT,
        "currency": ColumnType.TEXT,
    },
    source="SELECT id AS campaign_id, parent_id, code, type, channel, actual_cost, currency FROM campaign",
)

FIELDS = (Field("campaign", ColumnType.TEXT, "campaign", "campaign_code", "facts"),)

PERSONAL = (
    PersonalTable("contact_source", "contact_id = ANY (%(contact_ids)s)"),
    PersonalTable("campaign", free=frozenset({"name", "code", "type", "channel", "currency", "status"})),
    PersonalTable("campaign_cost", free=frozenset({"what"})),
)
