"""What campaigns there are, what they cost with all below them, and whom they brought."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from orchard.campaigns.models import Campaign, ContactSource, Cost
from orchard.campaigns.tables import FIELDS
from orchard.campaigns.types import Branch, UnknownCampaign
from orchard.engine.types import Field
from orchard.kit import paging
from orchard.kit.codes import spelled_out
from orchard.kit.money import Money
from orchard.kit.naming import Named

_OFFERED = 300  # campaigns to choose from in a condition, the newest first; any other is named by its code

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
), brought AS ({brought})
SELECT c.id, c.parent_id, tree.depth, c.name, c.code, c.type, c.channel, c.status, c.starts_on, c.ends_on,
       c.planned_cost, c.actual_cost, c.currency,
       (SELECT json_agg(json_build_array(currency, planned, actual) ORDER BY currency) FROM cost
         WHERE cost.id = c.id)::text,
       coalesce(brought.first_contacts, 0), coalesce(brought.contacts, 0)
  FROM tree JOIN campaign c ON c.id = tree.id LEFT JOIN brought ON brought.id = c.id
 ORDER BY tree.path
"""

_BROUGHT = """
    SELECT under.above AS id, count(DISTINCT coalesce(a.living_id, s.contact_id)) AS contacts,
           count(DISTINCT coalesce(a.living_id, s.contact_id)) FILTER (WHERE s.is_first) AS first_contacts
      FROM under JOIN contact_source s ON s.campaign_id = under.id
      LEFT JOIN contact_alias a ON a.old_id = s.contact_id AND a.ended_by IS NULL
     GROUP BY under.above
"""
_NOT_COUNTED = "SELECT NULL::bigint AS id, 0::bigint AS contacts, 0::bigint AS first_contacts WHERE FALSE"

# Whom a branch met who knew us already: each contact once in each branch.
_CAME_AGAIN = """
WITH RECURSIVE under (id, above) AS (
    SELECT id, id FROM campaign WHERE %(ids)s::bigint[] IS NULL OR id = ANY (%(ids)s::bigint[])
    UNION ALL
    SELECT under.id, c.parent_id FROM under JOIN campaign c ON c.id = under.above
     WHERE c.parent_id IS NOT NULL AND (%(ids)s::bigint[] IS NULL OR c.parent_id = ANY (%(ids)s::bigint[]))
), met AS MATERIALIZED (
    SELECT DISTINCT coalesce(a.living_id, s.contact_id) AS contact_id, s.campaign_id
      FROM contact_source s LEFT JOIN contact_alias a ON a.old_id = s.contact_id AND a.ended_by IS NULL
     WHERE NOT s.is_first AND (%(ids)s::bigint[] IS NULL OR s.campaign_id = ANY (%(ids)s::bigint[]))
    EXCEPT
    SELECT coalesce(a.living_id, s.contact_id), s.campaign_id
      FROM contact_source s LEFT JOIN contact_alias a ON a.old_id = s.contact_id AND a.ended_by IS NULL
     WHERE s.is_first AND (%(ids)s::bigint[] IS NULL OR s.campaign_id = ANY (%(ids)s::bigint[]))
), pairs AS (
    SELECT DISTINCT under.above, met.contact_id FROM met JOIN under ON under.id = met.campaign_id
)
SELECT above, count(*) FROM pairs GROUP BY above
"""

# The newest of each campaign by its index, then the newest of these.
_CAME = """
SELECT s.id, coalesce(a.living_id, s.contact_id), s.campaign_id, s.at, s.is_first
  FROM unnest(%(campaigns)s::bigint[]) AS mine (id) CROSS JOIN LATERAL (
       SELECT * FROM contact_source s
        WHERE s.campaign_id = mine.id AND (%(is_first)s::boolean IS NULL OR s.is_first = %(is_first)s)
          AND (%(at)s::timestamptz IS NULL OR (s.at, s.id) {beyond} (%(at)s, %(id)s))
        ORDER BY s.at {order}, s.id {order} LIMIT %(size)s) s
  LEFT JOIN contact_alias a ON a.old_id = s.contact_id AND a.ended_by IS NULL
 ORDER BY s.at {order}, s.id {order} LIMIT %(size)s
"""


@dataclass(frozen=True, slots=True)
class Coming:
    """A contact who came by a campaign, and whether it was the one that brought them first."""

    id: int
    contact_id: int
    campaign_id: int
    at: datetime
    is_first: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A campaign that brought a contact, and when."""

    campaign_id: int
    name: str
    at: datetime
    is_first: bool


class Label(NamedTuple):
    """What a campaign is called."""

    id: int
    name: str
    code: str


def tree(*, counted: bool = True) -> list[Branch]:
    """Return all campaigns, each followed by those below it, with totals over its branch.

    Contacts are counted unless told otherwise: that reads every source there is.
    """
    return _branches("parent_id IS NULL", [], counted=counted)


def branch(campaign_id: int, *, counted: bool = True) -> list[Branch]:
    """Return a campaign and all below it, with totals as `tree` has them; raises `UnknownCampaign`."""
    found = _branches("id = %s", [campaign_id], counted=counted)
    if not found:
        raise UnknownCampaign("There is no such campaign.")
    return found


def campaign(campaign_id: int) -> Campaign:
    """Return one campaign; raises `UnknownCampaign`."""
    found = Campaign.objects.select_related("parent", "owner").filter(id=campaign_id).first()
    if found is None:
        raise UnknownCampaign("There is no such campaign.")
    return found


def way_to(campaign_id: int) -> list[Campaign]:
    """Return the campaigns above one, the topmost first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE above (id, parent_id, step) AS (
                SELECT id, parent_id, 0 FROM campaign WHERE id = %s
                UNION ALL
                SELECT c.id, c.parent_id, above.step + 1 FROM campaign c JOIN above ON c.id = above.parent_id
            )
            SELECT id FROM above WHERE step > 0 ORDER BY step DESC
            """,
            [campaign_id],
        )
        ids = [row[0] for row in cursor.fetchall()]
    found = Campaign.objects.in_bulk(ids)
    return [found[each] for each in ids]


def count() -> int:
    """Return how many campaigns there are."""
    return Campaign.objects.count()


def kinds() -> tuple[list[str], list[str]]:
    """Return the types and the channels that campaigns have, by name."""
    types, channels = (
        sorted(Campaign.objects.exclude(**{name: ""}).values_list(name, flat=True).distinct())
        for name in ("type", "channel")
    )
    return types, channels


def sources() -> list[str]:
    """Return what campaigns work through, by name: the channel of each, or else its type."""
    rows = Campaign.objects.order_by().values_list("channel", "type").distinct()
    return sorted({channel or type_ for channel, type_ in rows} - {""})


def came_again(campaign_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Return for each branch how many contacts it met who had come by something else first; none where it is absent.

    `campaign_ids` keeps to a part of the tree, which holds whatever is below its campaigns.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CAME_AGAIN, {"ids": None if campaign_ids is None else list(campaign_ids)})
        return dict(cursor.fetchall())


def comings(
    campaign_ids: Iterable[int], *, is_first: bool | None = None, cursor: str = "", size: int = 40
) -> paging.Page[Coming]:
    """Return one page of who came by these campaigns, the newest first; `is_first` keeps one sort of coming."""
    back, key = paging.decode(cursor, datetime, int)
    parameters: dict[str, Any] = {
        "campaigns": list(campaign_ids),
        "is_first": is_first,
        "at": None,
        "id": None,
        "size": size + 1,
    }
    if key:
        parameters["at"], parameters["id"] = key
    statement = _CAME.format(beyond=">" if back else "<", order="ASC" if back else "DESC")
    with connection.cursor() as database:
        database.execute(statement, parameters)
        rows = [Coming(*row) for row in database.fetchall()]
    return paging.page(rows, size=size, cursor=cursor, key=lambda row: (row.at.isoformat(), row.id))


def cost(cost_id: int) -> Cost:
    """Return one amount that was booked, with its campaign; raises `UnknownCampaign`."""
    found = Cost.objects.select_related("campaign").filter(id=cost_id).first()
    if found is None:
        raise UnknownCampaign("This cost is not there any more. Open the campaign anew.")
    return found


def costs_of(campaign_id: int) -> list[Cost]:
    """Return what was booked on a campaign, the newest first."""
    return list(Cost.objects.select_related("member").filter(campaign=campaign_id).order_by("-on", "-id"))


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


def first_of(contact_ids: Iterable[int]) -> dict[int, int]:
    """Return the campaign that brought each of these contacts first; who came by none is absent."""
    rows = ContactSource.objects.filter(contact__in=list(contact_ids), is_first=True)
    return dict(rows.values_list("contact", "campaign"))


def first_counts(times: Mapping[int, int]) -> Counter[int | None]:
    """Return how often each campaign brought contacts first, each counted as many `times`; None brought the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.campaign_id, sum(g.times)
              FROM unnest(%s::bigint[], %s::bigint[]) AS g (contact_id, times)
              LEFT JOIN contact_source s ON s.contact_id = g.contact_id AND s.is_first
             GROUP BY 1
            """,
            [list(times), list(times.values())],
        )
        return Counter({campaign: int(number) for campaign, number in cursor.fetchall()})


def names(campaign_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these campaigns."""
    return dict(Campaign.objects.filter(id__in=set(campaign_ids)).values_list("id", "name"))


def naming(campaign_ids: Iterable[int]) -> Named:
    """Return where the names of these campaigns stand, for who asks for those of other things too."""
    return Named("campaign", Campaign.objects.filter(id__in=set(campaign_ids)))


def catalogue_fields() -> tuple[Field, ...]:
    """Return the fields of facts that name a campaign, as words say them: by the campaign's name, not by its code."""
    rows = Campaign.objects.order_by("-id").values_list("code", "name")
    # Asked once, by the first condition that names a campaign.
    return _fields_saying(cache(lambda: dict(rows)))


def fields_called(names: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the same fields for whoever has the names already, by their codes."""
    return _fields_saying(lambda: names)


def _fields_saying(names: Callable[[], Mapping[str, str]]) -> tuple[Field, ...]:
    return tuple(
        replace(
            each,
            called=lambda code: names().get(code) or spelled_out(code),
            usual=lambda: list(names())[:_OFFERED],
            others=True,
        )
        for each in FIELDS
    )


def named_in(column: str) -> RawSQL:
    """Return names by codes of the campaigns that conditions in a JSON column ask for, within a question on it.

    `column` is the SQL name of the column, its table before it; None stands for no campaign.
    """
    return RawSQL(  # noqa: S611 - the column is named by code, never by what somebody sent
        f"""
        (SELECT jsonb_object_agg(c.code, c.name) FROM campaign c
          WHERE c.code IN (SELECT said #>> '{{}}'
                             FROM jsonb_path_query({column}, '$.** ? (@.field == "campaign").*[*]') said))
        """,  # noqa: S608 - the same
        (),
        output_field=JSONField(),
    )


def currencies(campaign_ids: Iterable[int]) -> dict[int, str]:
    """Return the currency that the costs of these campaigns are kept in."""
    return dict(Campaign.objects.filter(id__in=set(campaign_ids)).values_list("id", "currency"))


def labels() -> list[Label]:
    """Return what every campaign is called, the newest first."""
    rows = Campaign.objects.order_by("-id").values_list("id", "name", "code")
    return [Label(*row) for row in rows]


def _branches(start: str, parameters: list[int], *, counted: bool) -> list[Branch]:
    statement = _TREE.format(start=start, brought=_BROUGHT if counted else _NOT_COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_branch(row) for row in cursor.fetchall()]


def _branch(row: tuple[Any, ...]) -> Branch:
    *plain, planned_cost, actual_cost, own_currency, costs, first_contacts, contacts = row
    sums: dict[str, list[Money]] = defaultdict(list)
    for currency, planned, actual in json.loads(costs or "[]"):
        if planned is not None:
            sums["planned"].append(Money(planned, currency))
        if actual is not None:
            sums["actual"].append(Money(actual, currency))
    own = [None if each is None else Money(each, own_currency) for each in (planned_cost, actual_cost)]
    return Branch(*(*plain, *own, sums["planned"], sums["actual"], first_contacts, contacts))
