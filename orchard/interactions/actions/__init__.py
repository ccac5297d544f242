"""Everything that writes to the ledger: appending, placing, reading on, correcting, joining ids."""

from orchard.interactions.actions.append import append, append_new, append_rows, keys_of, tell
from orchard.interactions.actions.correct import reassign, withdraw
from orchard.interactions.actions.discount import count_again, discount
from orchard.interactions.actions.join import join, separate
from orchard.interactions.actions.place import place, place_told
from orchard.interactions.actions.read_on import drain, ensure_cursors, read_on, retry, take_turn
from orchard.interactions.actions.rebuild import rebuild
from orchard.interactions.actions.shared import Shared
from orchard.interactions.actions.words import (
    change_words,
    forget_words,
    forget_words_around,
    give_words,
    keep_words,
    move_words,
)

__all__ = [
    "Shared",
    "append",
    "append_new",
    "append_rows",
    "change_words",
    "count_again",
    "discount",
    "drain",
    "ensure_cursors",
    "forget_words",
    "forget_words_around",
    "give_words",
    "join",
    "keep_words",
    "keys_of",
    "move_words",
    "place",
    "place_told",
    "read_on",
    "reassign",
    "rebuild",
    "retry",
    "separate",
    "take_turn",
    "tell",
    "withdraw",
]
