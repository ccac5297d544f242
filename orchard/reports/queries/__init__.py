"""What pages ask across rooms: lists of contacts and accounts, one of them whole, campaigns, the orchard, health."""

from orchard.reports.queries.account import (
    AccountList,
    AccountShown,
    account_events,
    account_list,
    account_shown,
)
from orchard.reports.queries.audit import AuditLine, audit_lines, record_in_words
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
from orchard.reports.queries.day import Beside, DayShown, day_shown
from orchard.reports.queries.health import (
    Health,
    engine_answers,
    findings,
    gauges,
    headline,
    health,
    mail_answers,
    migrations_waiting,
    set_up,
    why_not_sent,
    work_named,
)
from orchard.reports.queries.judged import JudgedLately, LineShown, judged_lately, line_shown
from orchard.reports.queries.lead import LeadWhole, in_hands_of, lead_events, lead_name, lead_shown
from orchard.reports.queries.moving import moving
from orchard.reports.queries.orchard import (
    OrchardBeside,
    OrchardShown,
    Tree,
    orchard_beside,
    orchard_shown,
    orchard_table,
)
from orchard.reports.queries.routing import RoutingShown, routing_shown
from orchard.reports.queries.sale import SaleShown, sale_shown
from orchard.reports.queries.steps import (
    AsideLately,
    NoticeRow,
    StepList,
    StepRow,
    aside_lately,
    notice_list,
    step_list,
    step_shown,
)
from orchard.reports.queries.would import Would, would_qualify

__all__ = [
    "AccountList",
    "AccountShown",
    "AsideLately",
    "AuditLine",
    "Beside",
    "CampaignShown",
    "ContactList",
    "ContactShown",
    "DayShown",
    "Figures",
    "Health",
    "JudgedLately",
    "LeadWhole",
    "LineShown",
    "MergeShown",
    "NoticeRow",
    "OrchardBeside",
    "OrchardShown",
    "RoutingShown",
    "SaleShown",
    "StepList",
    "StepRow",
    "Traces",
    "Tree",
    "Would",
    "account_events",
    "account_list",
    "account_shown",
    "aside_lately",
    "audit_lines",
    "campaign_figures",
    "campaign_shown",
    "contact_events",
    "contact_list",
    "contact_shown",
    "day_shown",
    "engine_answers",
    "findings",
    "gauges",
    "headline",
    "health",
    "in_hands_of",
    "judged_lately",
    "lead_events",
    "lead_name",
    "lead_shown",
    "line_shown",
    "mail_answers",
    "merge_shown",
    "migrations_waiting",
    "moving",
    "notice_list",
    "orchard_beside",
    "orchard_shown",
    "orchard_table",
    "record_in_words",
    "routing_shown",
    "sale_shown",
    "set_up",
    "step_list",
    "step_shown",
    "traces_of",
    "why_not_sent",
    "work_named",
    "would_qualify",
]
