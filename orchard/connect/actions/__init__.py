"""Everything that happens to an import: begun, run, cancelled, undone."""

from orchard.connect.actions.begin import begin, describe, launch
from orchard.connect.actions.cancel import cancel, discard
from orchard.connect.actions.rehome import rehome
from orchard.connect.actions.run import rehearse, run
from orchard.connect.actions.undo import undo, undo_on

__all__ = [
    "begin",
    "cancel",
    "describe",
    "discard",
    "launch",
    "rehearse",
    "rehome",
    "run",
    "undo",
    "undo_on",
]
