"""How the house is: what stands, what that means in sentences, and the same as figures."""

from orchard.reports.queries.health.findings import findings, headline
from orchard.reports.queries.health.gauges import gauges
from orchard.reports.queries.health.house import Health, health, migrations_waiting
from orchard.reports.queries.health.setting_up import engine_answers, mail_answers, set_up
from orchard.reports.queries.health.words import why_not_sent, work_named

__all__ = [
    "Health",
    "engine_answers",
    "findings",
    "gauges",
    "headline",
    "health",
    "mail_answers",
    "migrations_waiting",
    "set_up",
    "why_not_sent",
    "work_named",
]
