"""What stands beside facts that this room told: which note one tells, and why somebody was put aside."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from orchard.kit.ids import as_array
from orchard.tasks.types import Aside

# One question for both: a page that tells what happened asks many already.
_TOLD = """
SELECT fact_id, id, member_id, changed_at IS NOT NULL, '' FROM note WHERE fact_id = ANY (%(facts)s::bigint[])
UNION ALL
SELECT fact_id, id, member_id, FALSE, why FROM task_aside WHERE fact_id = ANY (%(facts)s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """By the facts that tell it: a note's id, who wrote it, whether it was changed since; a reason to put aside."""

    notes: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    asides: dict[int, Aside] = field(default_factory=dict)


def told_beside(fact_ids: Iterable[int]) -> Beside:
    """Return what stands beside these facts of the kinds `note.written` and `contact.put_aside`."""
    found = Beside()
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"facts": as_array(fact_ids)})
        for fact, number, member, changed, why in cursor.fetchall():
            if why:
                found.asides[fact] = Aside(why)
            else:
                found.notes[fact] = (number, member, changed)
    return found
