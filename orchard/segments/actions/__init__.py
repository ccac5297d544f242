"""What is done with segments: written, put away, used by others, and their members kept."""

from orchard.segments.actions.archive import archive, restore
from orchard.segments.actions.count import count_anew
from orchard.segments.actions.follow import follow, follow_due, forget_members
from orchard.segments.actions.save import change, create
from orchard.segments.actions.uses import note_uses

__all__ = [
    "archive",
    "change",
    "count_anew",
    "create",
    "follow",
    "follow_due",
    "forget_members",
    "note_uses",
    "restore",
]
