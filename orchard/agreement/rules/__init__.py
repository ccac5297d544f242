"""The room's decisions: who may write and sign, in which stage a contact is, and whom time alone could make ripe."""

from orchard.agreement.rules.rights import rights_of
from orchard.agreement.rules.rising import Joined, Met, Possible, could_qualify, turned_for
from orchard.agreement.rules.stages import OWN, RESTED, TURNS, VERDICT, Owed, Standing, fold, owed

__all__ = [
    "OWN",
    "RESTED",
    "TURNS",
    "VERDICT",
    "Joined",
    "Met",
    "Owed",
    "Possible",
    "Standing",
    "could_qualify",
    "fold",
    "owed",
    "rights_of",
    "turned_for",
]
