"""What an erasure empties of this room's tables: notes and decisions that name the person."""

from orchard.contacts.tables import named
from orchard.contacts.types import PersonalTable

PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable("weekly_note", named("weekly_note.words"), blank={"words": "''"}),
    PersonalTable("weekly_decision", named("weekly_decision.words"), blank={"words": "''"}),
)
