"""The room's decisions: who may write and sign the agreement, and in which stage a contact is."""

from orchard.agreement.rules.rights import rights_of
from orchard.agreement.rules.stages import OWN, TURNS, VERDICT, Owed, Standing, fold, owed

__all__ = ["OWN", "TURNS", "VERDICT", "Owed", "Standing", "fold", "owed", "rights_of"]
