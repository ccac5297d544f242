"""What campaigns there are, what they cost with all below them, and whom they brought."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from orchard.campaigns.models import Campaign, Cost
from orchard.campaigns.types import Branch, UnknownCampaign
from orchard.kit.money import Money

# Each campaign counts for itself and for all above it; a contact that two branches brought counts once in each.
_TREE = """
WITH RECURSIVE tree AS (
    SELECT id, id AS root, 0 AS depth, ARRAY[name || chr(1) || id] AS path FROM campaign WHERE {start}
    UNION ALL
    SELECT c.id, tree.root, tree.depth + 1, tree.path || (c.name || chr(1) || c.id)
      FROM campaign c JOIN tree ON c.parent_id = tree.id
), under (id, above) AS (
    SELECT id, id FROM tree
    UNION ALL
    SELECT under.id, c.parent_id FROM under JOIN campaign c ON c.id = under.above
     WHERE c.parent_id IN (SELECT id FROM tree)
), cost AS (
    SELECT above AS id, c.currency, sum(c.planned_cost)::bigint AS planned, sum(c.actual_cost)::bigint AS actual
      FROM under JOIN campaign c ON c.id = under.id
     WHERE c.planned_cost IS NOT NULL OR c.actual_cost IS NOT NULL GROUP BY above, c.currency
), brought AS (
    SELECT under.above AS id, count(DISTINCT coalesce(a.living_id, s.contact_id)) AS contacts,
           count(DISTINCT coalesce(a.living_id, s.contact_id)) FILTER (WHERE s.is_first) AS first_contacts
      FROM under JOIN contact_source s ON s.campaign_id = under.id
      LEFT JOIN contact_alias a ON a.old_id = s.contact_id AND a.ended_by IS NULL
     GROUP BY under.above
)
SELECT c.id, c.parent_id, tree.depth, c.name, c.code, c.type, c.channel, c.status, c.starts_on, c.ends_on,
       (SELECT json_agg(json_build_array(currency, planned, actual) ORDER BY currency) FROM cost
         WHERE cost.id = c.id)::text,
       coalesce(brought.first_contacts, 0), coalesce(brought.contacts, 0)
  FROM tree JOIN campaign c ON c.id = tree.id LEFT JOIN brought ON brought.id = c.id
 ORDER BY tree.path
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A campaign that brought a contact, and when."""

    campaign_id: int
    name: str
    at: datetime
    is_first: bool


def tree() -> list[Branch]:
    """Return all campaigns, each followed by those below it, with totals over its branch."""
    return _branches("parent_id IS NULL", [])


def branch(campaign_id: int) -> list[Branch]:
    """Return a campaign and all below it, with totals; raises `UnknownCampaign`."""
    found = _branches("id = %s", [campaign_id])
    if not found:
        raise UnknownCampaign("There is no such campaign.")
    return found


def campaign(campaign_id: int) -> Campaign:
    """Return one campaign; raises `UnknownCampaign`."""
    found = Campaign.objects.select_related("parent", "owner").filter(id=campaign_id).first()
    if found is None:
        raise UnknownCampaign("There is no such campaign.")
    return found


def costs_of(campaign_id: int) -> list[Cost]:
    """Return what was booked on a campaign, the newest first."""
    return list(Cost.objects.filter(campaign=campaign_id).order_by("-on", "-id"))


def sources_of(contact_ids: Iterable[int]) -> list[Source]:
    """Return the campaigns that brought a contact, known by these ids, in order of time.

    The first source of a merged contact is the earliest of its records' first sources.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.campaign_id, c.name, s.at,
                   s.is_first AND row_number() OVER (PARTITION BY s.is_first ORDER BY s.at, s.id) = 1
              FROM contact_source s JOIN campaign c ON c.id = s.campaign_id
             WHERE s.contact_id = ANY (%s) ORDER BY s.at, s.id
            """,
            [list(contact_ids)],
        )
        return [Source(*row) for row in cursor.fetchall()]


def names(campaign_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these campaigns."""
    return dict(Campaign.objects.filter(id__in=set(campaign_ids)).values_list("id", "name"))


def _branches(start: str, parameters: list[int]) -> list[Branch]:
    with connection.cursor() as cursor:
        cursor.execute(_TREE.format(start=start), parameters)
        return [_branch(row) for row in cursor.fetchall()]


def _branch(row: tuple[Any, ...]) -> Branch:
    costs, first_contacts, contacts = row[-3:]
    sums: dict[str, list[Money]] = defaultdict(list)
    for currency, planned, actual in json.loads(costs or "[]"):
        if planned is not None:
            sums["planned"].append(Money(planned, currency))
        if actual is not None:
            sums["actual"].append(Money(actual, currency))
    return Branch(*(*row[:-3], sums["planned"], sums["actual"], first_contacts, contacts))
