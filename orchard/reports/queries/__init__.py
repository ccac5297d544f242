"""What pages ask across rooms: lists of contacts and accounts, one of them whole, campaigns, the funnel, health."""

from orchard.reports.queries.account import AccountList, AccountShown, account_list, account_shown
from orchard.reports.queries.campaigns import CampaignShown, Figures, campaign_figures, campaign_shown
from orchard.reports.queries.contact import (
    ContactShown,
    MergeShown,
    Traces,
    contact_events,
    contact_shown,
    merge_shown,
    traces_of,
)
from orchard.reports.queries.contacts import ContactList, contact_list
from orchard.reports.queries.funnel import Funnel, FunnelPeople, Reached, funnel_by_campaign, funnel_people
from orchard.reports.queries.health import Health, health
from orchard.reports.queries.lead import LeadWhole, in_hands_of, lead_events, lead_name, lead_shown
from orchard.reports.queries.sale import SaleShown, sale_shown
from orchard.reports.queries.steps import (
    NoticeRow,
    StepList,
    StepRow,
    notice_list,
    step_list,
    step_shown,
)

__all__ = [
    "AccountList",
    "AccountShown",
    "CampaignShown",
    "ContactList",
    "ContactShown",
    "Figures",
    "Funnel",
    "FunnelPeople",
    "Health",
    "LeadWhole",
    "MergeShown",
    "NoticeRow",
    "Reached",
    "SaleShown",
    "StepList",
    "StepRow",
    "Traces",
    "account_list",
    "account_shown",
    "campaign_figures",
    "campaign_shown",
    "contact_events",
    "contact_list",
    "contact_shown",
    "funnel_by_campaign",
    "funnel_people",
    "health",
    "in_hands_of",
    "lead_events",
    "lead_name",
    "lead_shown",
    "merge_shown",
    "notice_list",
    "sale_shown",
    "step_list",
    "step_shown",
    "traces_of",
]
