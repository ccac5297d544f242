"""Everything that writes leads and offers."""

from orchard.leads.actions.accept import accept, pick
from orchard.leads.actions.basket import (
    follow_accounts,
    follow_assessments,
    follow_joins,
    follow_verdicts,
    let_go,
)
from orchard.leads.actions.clocks import (
    expire,
    follow_touches,
    rot,
    take_back_from_the_absent,
    tell_late_attempts,
    wake,
)
from orchard.leads.actions.convert import convert, end_sale, sale_goes_on, sale_passes_on
from orchard.leads.actions.draw import draw, route_anew
from orchard.leads.actions.give_back import Returned, give_back, reinstate
from orchard.leads.actions.manage import hand_over, reassign, release
from orchard.leads.actions.undo import take_back, take_return_back

__all__ = [
    "Returned",
    "accept",
    "convert",
    "draw",
    "end_sale",
    "expire",
    "follow_accounts",
    "follow_assessments",
    "follow_joins",
    "follow_touches",
    "follow_verdicts",
    "give_back",
    "hand_over",
    "let_go",
    "pick",
    "reassign",
    "reinstate",
    "release",
    "rot",
    "route_anew",
    "sale_goes_on",
    "sale_passes_on",
    "take_back",
    "take_back_from_the_absent",
    "take_return_back",
    "tell_late_attempts",
    "wake",
]
