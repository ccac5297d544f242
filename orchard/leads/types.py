"""The room's vocabulary: the states of a lead and of an offer, and how fresh a lead is."""

from datetime import timedelta
from enum import StrEnum

from orchard.kit.errors import Conflict, NotFound, Refused


class State(StrEnum):
    """Where a lead is.

    It waits in the basket, is offered to exactly one member, or is escalated to the managers; who accepts works on it
    until it is converted, returned or disqualified. Until then it is withdrawn when the verdict lapses or the contact
    goes, and merged when its contact turns out to be another's.
    """

    WAITING = "waiting"
    OFFERED = "offered"
    ESCALATED = "escalated"
    ACCEPTED = "accepted"
    CONVERTED = "converted"
    RETURNED = "returned"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


UNTAKEN = (State.WAITING, State.OFFERED, State.ESCALATED)
"""Nobody has accepted yet: the lead goes when its verdict lapses."""

OPEN = (*UNTAKEN, State.ACCEPTED)
"""Not over yet: a contact has one such lead at most."""

HELD = (State.OFFERED, State.ACCEPTED)
"""In the hands of one member."""

HOLD = "lead"
"""As what a lead holds its contact."""


class Freshness(StrEnum):
    """Whether the newest fact that counts is young enough to offer the lead."""

    FRESH = "fresh"
    STALE = "stale"


class Outcome(StrEnum):
    """How an offer ended; one that is open has none."""

    TAKEN = "taken"
    RETURNED = "returned"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REASSIGNED = "reassigned"


class Why(StrEnum):
    """Why a lead came to a member."""

    TURN = "turn"
    NAMED = "named"
    ACCOUNT_OWNER = "account_owner"
    WHO_MET_THEM = "who_met_them"
    PICKED = "picked"
    REASSIGNED = "reassigned"


ROTTED = "rotted"
"""The reason of a lead that nobody was in touch with for too long; Orchard returns it by itself."""


TAKEN_BACK_WITHIN = timedelta(minutes=1)
"""So long an acceptance or a return can be taken back: long enough for a slip, too short to stop a clock with."""

NOTE_LENGTH = 2_000
RELEASED_AT_ONCE = 10_000


class UnknownLead(NotFound):
    """There is no such lead, or none that the member may see."""


class Taken(Conflict):
    """Somebody else was first, or the lead went meanwhile."""


class AtCapacity(Refused):
    """The member has as many open leads as he or she takes."""
