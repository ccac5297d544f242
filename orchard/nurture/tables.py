"""What an erasure leaves of this room's tables: they hold no word about anybody."""

from orchard.contacts.types import PersonalTable

PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable("program"),
    PersonalTable("program_version", free=frozenset({"state", "document"})),
    PersonalTable("enrolment", free=frozenset({"state", "at_step", "outcome"})),
    PersonalTable("program_passed", rows="contact_id = ANY (%(contact_ids)s)"),
)
