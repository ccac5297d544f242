"""What of the room's tables an erasure empties."""

from orchard.contacts.types import PersonalTable

PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable("opportunity", "contact_id = ANY (%(contact_ids)s)", blank={"name": "'Erased'"}),
    PersonalTable("opportunity_party", "contact_id = ANY (%(contact_ids)s)"),
)
