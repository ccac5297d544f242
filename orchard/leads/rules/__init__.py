"""The room's decisions: freshness, routing, turns, what a return leads to, and rot."""

from orchard.leads.rules.freshness import stale_from
from orchard.leads.rules.returning import Came, attempts_missing, come_back, reason_of
from orchard.leads.rules.rotting import rots_at
from orchard.leads.rules.routing import EVERYBODY, Known, Pool, Takers, chosen, codes_of, pools_of
from orchard.leads.rules.turns import STRIDE, Mark, Turns

__all__ = [
    "EVERYBODY",
    "STRIDE",
    "Came",
    "Known",
    "Mark",
    "Pool",
    "Takers",
    "Turns",
    "attempts_missing",
    "chosen",
    "codes_of",
    "come_back",
    "pools_of",
    "reason_of",
    "rots_at",
    "stale_from",
]
