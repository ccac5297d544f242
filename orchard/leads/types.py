"""The room's vocabulary: the states of a lead, and how fresh it is."""

from enum import StrEnum


class State(StrEnum):
    """Where a lead is. It waits until its verdict lapses or its contact turns out to be another's."""

    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Freshness(StrEnum):
    """Whether the newest fact that counts is young enough to offer the lead."""

    FRESH = "fresh"
    STALE = "stale"
