"""Campaigns: what each branch of the tree brought, and one campaign whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchard.campaigns import queries as campaigns
from orchard.campaigns.models import Campaign, Cost
from orchard.campaigns.types import Branch
from orchard.contacts import queries as contacts
from orchard.kit import paging
from orchard.kit.money import Money
from orchard.reports.queries.contacts import rows_of
from orchard.reports.queries.numbers.funnel import Reached, figures_of
from orchard.reports.types import ContactRow

PAGE = 25


@dataclass(frozen=True, slots=True)
class Brought:
    """What a branch brought: its funnel by first campaign, and how many it met who had come by another first."""

    step: Reached
    again: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What branches brought, by the campaign at their top, and the place up to which facts were read."""

    of: Mapping[int, Brought]
    pos: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Came:
    """A contact who came by a campaign: when, by which of the branch, and whether that brought them first."""

    contact: ContactRow
    at: datetime
    campaign: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class CampaignShown:
    """A campaign with everything that its page shows at once; what it brought is counted apart."""

    campaign: Campaign
    above: Sequence[Campaign]
    branch: Branch
    below: Sequence[Branch]
    costs: Sequence[Cost]
    not_itemised: Money | None
    """What the actual cost holds beyond the amounts that were booked one by one."""
    came: paging.Page[Came]
    others: int = 0
    """How many more stand on this page of them whom others hold."""


def campaign_figures(branches: Sequence[Branch], *, now: datetime) -> Figures:
    """Return what these campaigns brought, each with all below it: the whole tree, or a branch of it."""
    parents = {branch.id: branch.parent_id for branch in branches}
    under: dict[int, list[int]] = {branch.id: [] for branch in branches}
    for branch in branches:
        above: int | None = branch.id
        while above in under:
            under[above].append(branch.id)
            above = parents[above]
    steps, pos, stamp = figures_of(under, now=now)
    again = campaigns.came_again(None if len(under) == campaigns.count() else under)
    return Figures({each: Brought(steps[each], again.get(each, 0)) for each in under}, pos, stamp)


def campaign_shown(
    campaign_id: int, *, now: datetime, is_first: bool | None = None, cursor: str = ""
) -> CampaignShown:
    """Return a campaign whole; raises `UnknownCampaign`. `cursor` walks who came by it and by those below."""
    top, *below = campaigns.branch(campaign_id, counted=False)
    campaign, costs = campaigns.campaign(campaign_id), campaigns.costs_of(campaign_id)
    rest = (campaign.actual_cost or 0) - sum(cost.amount for cost in costs)
    page = campaigns.comings([each.id for each in (top, *below)], is_first=is_first, cursor=cursor, size=PAGE)
    names = {each.id: each.name for each in (top, *below)}
    ids = {coming.contact_id for coming in page.rows}
    listed = contacts.contacts(ids=sorted(ids), size=len(ids) + 1).rows
    people = {row.id: row for row in rows_of(listed, now=now)}
    came = [
        Came(people[each.contact_id], each.at, names[each.campaign_id], each.is_first)
        for each in page.rows
        if each.contact_id in people
    ]
    return CampaignShown(
        campaign=campaign,
        above=campaigns.way_to(campaign_id),
        branch=top,
        below=below,
        costs=costs,
        not_itemised=Money(rest, campaign.currency) if rest else None,
        came=paging.Page(came, page.next, page.previous),
        others=len(contacts.hidden_among(ids)),
    )
