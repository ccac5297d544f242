"""The clockwork of programs: whoever is due moves on, and everybody is looked at now and then."""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from orchard.engine.conditions import Condition
from orchard.kit.errors import Refused
from orchard.nurture import actions, queries

logger = logging.getLogger(__name__)

ROUNDS = 50
"""How often the job goes on at once before others have their turn."""

SWEPT_EVERY = timedelta(hours=1)


def move(now: datetime) -> int:
    """Move on whoever is due; return how many that were."""
    moved = 0
    for _ in range(ROUNDS):
        once = actions.move(now=now)
        moved += once
        if not once:
            break
    return moved


def sweep(now: datetime, *, matching: Callable[[Condition], Collection[int]], readers: Iterable[str]) -> int:
    """Look at everybody for each program whose hour has come; return how many entered."""
    entered = 0
    for each in queries.to_be_swept(before=now - SWEPT_EVERY):
        try:
            entered += actions.sweep(program_id=each, matching=matching, readers=readers, now=now)
        except Refused:
            logger.warning("Program %s cannot be asked any more; the others go on.", each)
    return entered
