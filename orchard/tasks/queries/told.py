"""What stands beside facts that this room told: which note one tells, what a step was, why somebody was put aside."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from orchard.interactions.types import STEP_TURNS
from orchard.kit.ids import as_array
from orchard.kit.words import voiced
from orchard.tasks.types import Aside, What

# One question for all: a page that tells what happened asks many already.
_TOLD = """
SELECT 'note', fact_id, id, member_id, changed_at IS NOT NULL, '', ''
  FROM note WHERE fact_id = ANY (%(facts)s::bigint[])
UNION ALL
SELECT 'aside', fact_id, id, member_id, FALSE, why, ''
  FROM task_aside WHERE fact_id = ANY (%(facts)s::bigint[])
UNION ALL
SELECT 'step', o.fact_id, t.id, t.member_id, FALSE, t.what, t.title
  FROM task_told o JOIN task t ON t.id = o.task_id WHERE o.fact_id = ANY (%(facts)s::bigint[])
"""

TOLD_BESIDE = STEP_TURNS | {"note.written", "contact.put_aside"}
"""Kinds of facts beside which something may stand."""


@dataclass(frozen=True, slots=True)
class Beside:
    """By the facts that tell it: a note's id, who wrote it, whether it was changed; why somebody waits; what to do."""

    notes: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    asides: dict[int, Aside] = field(default_factory=dict)
    steps: dict[int, str] = field(default_factory=dict)


def told_beside(fact_ids: Iterable[int]) -> Beside:
    """Return what stands beside these facts, of the kinds in `TOLD_BESIDE`."""
    found = Beside()
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"facts": as_array(fact_ids)})
        for sort, fact, number, member, changed, code, title in cursor.fetchall():
            if sort == "note":
                found.notes[fact] = (number, member, changed)
            elif sort == "aside":
                found.asides[fact] = Aside(code)
            else:
                found.steps[fact] = title or voiced(What(code).label)
    return found
