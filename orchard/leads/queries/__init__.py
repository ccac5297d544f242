"""What pages and other rooms ask of leads: the basket, one lead, who has which, what came back and why."""

from orchard.leads.queries.basket import (
    Counts,
    Handoff,
    Waiting,
    basket,
    counts,
    handoffs_of,
    open_lead_of,
    waiting_ids,
)

__all__ = [
    "Counts",
    "Handoff",
    "Waiting",
    "basket",
    "counts",
    "handoffs_of",
    "open_lead_of",
    "waiting_ids",
]
