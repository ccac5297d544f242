"""The clockwork of segments: time turns memberships, and everybody is asked for what is new or changed."""

from datetime import datetime

from orchard.segments import actions
from orchard.segments.consume import NAME
from orchard.segments.queries import is_there_any

ROUNDS = 50
"""How often the job goes on at once before others have their turn."""


def turn_due(now: datetime) -> int:
    """Ask whom time turns by now; return how many that were."""
    turned = 0
    for _ in range(ROUNDS if is_there_any() else 0):
        once = actions.follow_due(now=now)
        turned += once
        if not once:
            break
    return turned


def count(now: datetime) -> int:
    """Ask everybody for segments that are new or changed; return how many that were."""
    return actions.count_anew(now=now, reader=NAME) if is_there_any() else 0
