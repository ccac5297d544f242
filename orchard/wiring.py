"""The catalogue: which room offers which analytical tables and fields."""

from dataclasses import replace

from orchard.campaigns import tables as campaigns
from orchard.contacts import tables as contacts
from orchard.content import tables as content
from orchard.engine.types import Catalogue, ColumnType
from orchard.interactions import tables as interactions

# What conditions may ask of a fact stands in three rooms; none of them knows of the others.
FACTS = replace(
    interactions.FACTS,
    columns={
        **interactions.FACTS.columns,
        "campaign_code": ColumnType.TEXT,
        "content_type": ColumnType.TEXT,
    },
    source=(
        f"SELECT f.*, campaign.code AS campaign_code, content.type AS content_type FROM ({interactions.FACTS.source}) AS f"
        " LEFT JOIN campaign ON campaign.id = f.campaign_id LEFT JOIN content ON content.id = f.content_id"
    ),
)

CATALOGUE = Catalogue(
    tables={table.name: table for table in (contacts.CONTACTS, FACTS, campaigns.CAMPAIGNS)},
    fields=(*contacts.FIELDS, *interactions.FIELDS, *campaigns.FIELDS, *content.FIELDS),
    kinds=interactions.PHRASES,
)
