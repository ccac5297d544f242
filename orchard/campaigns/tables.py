"""The room's analytical table, the fields of facts that name a campaign, and its part of the data map."""

from orchard.contacts.types import PersonalTable
from orchard.engine.types import ColumnType, Field, LakeSource, TableSpec
from orchard.kit.words import Phrase

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

LAKE = LakeSource(
    "campaign",
    {"id": ColumnType.BIGINT, "code": ColumnType.TEXT, "channel": ColumnType.TEXT},
    "SELECT id, code, coalesce(nullif(channel, ''), type) AS channel FROM campaign ORDER BY id",
)
"""What the lake knows of a campaign: its code, and the channel it works through, or else its type."""

CHANNELS = TableSpec("channels", {"campaign_id": ColumnType.BIGINT, "channel": ColumnType.TEXT}, "")
VIEWS = {
    "channels": lambda _filled: (
        "SELECT id AS campaign_id, nullif(channel, '') AS channel FROM {campaign} every"
    )
}

FIELDS = (Field("campaign", ColumnType.TEXT, Phrase("campaign"), "campaign_code", "facts"),)

PERSONAL = (
    PersonalTable("contact_source", "contact_id = ANY (%(contact_ids)s)"),
    PersonalTable("campaign", free=frozenset({"name", "code", "type", "channel", "currency", "status"})),
    PersonalTable("campaign_cost", free=frozenset({"what"})),
)
