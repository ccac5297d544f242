"""The catalogue: which room offers which analytical tables, fields and notices."""

from dataclasses import replace

from orchard.agreement import tables as agreement
from orchard.api import tables as api
from orchard.campaigns import tables as campaigns
from orchard.connect import tables as connect
from orchard.contacts import tables as contacts
from orchard.content import tables as content
from orchard.engine.types import Catalogue, ColumnType, LakeSource
from orchard.interactions import tables as interactions
from orchard.leads import tables as leads
from orchard.nurture import tables as nurture
from orchard.opportunities import tables as opportunities
from orchard.search import tables as search
from orchard.segments import tables as segments
from orchard.tasks import tables as tasks
from orchard.team import tables as team
from orchard.weekly import tables as weekly

# What conditions may ask of a fact stands in three rooms; none of them knows of the others.
FACTS = replace(
    interactions.FACTS,
    columns={
        **interactions.FACTS.columns,
        "campaign_code": ColumnType.TEXT,
        "content_type": ColumnType.TEXT,
    },
    source=(
        "SELECT f.*, campaign.code AS campaign_code, content.type AS content_type"  # noqa: S608 - our own text
        f" FROM ({interactions.FACTS.source}) AS f"
        " LEFT JOIN campaign ON campaign.id = f.campaign_id LEFT JOIN content ON content.id = f.content_id"
    ),
)

# The two small tables that say what a fact's campaign and content are called.
SOURCES = LakeSource(
    "source",
    {"contact_id": ColumnType.BIGINT, "campaign_id": ColumnType.BIGINT, "came_at": ColumnType.TIMESTAMP},
    "SELECT contact_id, campaign_id, at AS came_at FROM contact_source WHERE is_first",
    changed_by=frozenset({"contact.merged", "contact.unmerged", "import.undone", "fact.withdrawn"}),
    changed_where="i.campaign_id IS NOT NULL",
)
CODES = (
    campaigns.LAKE,
    LakeSource(
        "content",
        {"id": ColumnType.BIGINT, "type": ColumnType.TEXT},
        "SELECT id, type FROM content ORDER BY id",
    ),
)


def facts_view(filled: frozenset[str]) -> str:
    """Return the view `facts` over the lake, with what campaign and content are called."""
    columns, joins = "", ""
    for name, column in (("campaign", "code"), ("content", "type")):
        if name in filled:
            columns += f", {name}.{column} AS {name}_{column}"
            joins += f" LEFT JOIN {{{name}}} {name} ON {name}.id = f.{name}_id"
        else:
            columns += f", CAST(NULL AS VARCHAR(1)) AS {name}_{column}"
    return f"SELECT f.*{columns} FROM ({interactions.facts_view(filled)}) f{joins}"  # noqa: S608 - our own names


def sources_view(filled: frozenset[str]) -> str:
    """Return the view `sources` over the lake: one first campaign for each living contact, the earliest of its ids."""
    if "alias" not in filled:
        return "SELECT contact_id, campaign_id FROM {source} every"
    return (
        "SELECT contact_id, min(campaign_id) AS campaign_id FROM ("
        "SELECT contact_id, campaign_id, came_at, min(came_at) OVER (PARTITION BY contact_id) AS first_at FROM ("
        "SELECT coalesce(a.living_id, s.contact_id) AS contact_id, s.campaign_id, s.came_at"
        " FROM {source} s LEFT JOIN {alias} a ON a.old_id = s.contact_id) living) marked"
        " WHERE came_at = first_at GROUP BY contact_id"
    )


# What an erasure does in the rooms above contacts, the topmost first; contacts speaks for itself and those below.
DATA_MAP = (
    *api.PERSONAL,
    *connect.PERSONAL,
    *weekly.PERSONAL,
    *opportunities.PERSONAL,
    *nurture.PERSONAL,
    *segments.PERSONAL,
    *leads.PERSONAL,
    *search.PERSONAL,
    *content.PERSONAL,
    *campaigns.PERSONAL,
)

# What members are told, room by room: how it is worded and where it leads.
NOTICES = (*tasks.NOTICES, *leads.NOTICES, *opportunities.NOTICES)

CATALOGUE = Catalogue(
    tables={table.name: table for table in (contacts.CONTACTS, FACTS, campaigns.CAMPAIGNS)},
    fields=(*contacts.FIELDS, *interactions.FIELDS, *campaigns.FIELDS, *content.FIELDS),
    kinds=interactions.PHRASES,
    offered=interactions.OFFERED,
    lake=(
        *interactions.LAKE,
        contacts.LAKE,
        contacts.PHONES,
        SOURCES,
        *CODES,
        team.LAKE,
        agreement.LAKE,
        leads.LAKE,
    ),
    views={
        "facts": facts_view,
        "told": interactions.told_view,
        **contacts.VIEWS,
        "sources": sources_view,
        **campaigns.VIEWS,
        **team.VIEWS,
        **agreement.VIEWS,
        **leads.VIEWS,
    },
    head=interactions.HEAD,
)
