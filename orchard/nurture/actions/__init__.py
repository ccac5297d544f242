"""What is done with programs and those who are in them."""

from orchard.nurture.actions.enter import enter_returned, let_in
from orchard.nurture.actions.follow import follow, follow_joins, let_go_gone, take_back
from orchard.nurture.actions.move import move
from orchard.nurture.actions.programs import (
    begin,
    discard_draft,
    go_live,
    pause,
    resume,
    retire,
    save_draft,
    take_out,
)
from orchard.nurture.actions.sweep import let_in_passed, look_at, sweep

__all__ = [
    "begin",
    "discard_draft",
    "enter_returned",
    "follow",
    "follow_joins",
    "go_live",
    "let_go_gone",
    "let_in",
    "let_in_passed",
    "look_at",
    "move",
    "pause",
    "resume",
    "retire",
    "save_draft",
    "sweep",
    "take_back",
    "take_out",
]
