"""The room's part of the data map: what imports keep of people, and how an erasure finds it."""

from orchard.contacts.types import PersonalTable

# A refused row was never given to anybody: it is the person's where its cells hold their address, number or name. A
# number is compared by its last digits, since a file writes it with or without its country.
_NAMES_THEM = """
EXISTS (SELECT FROM unnest(%(addresses)s::text[]) address
         WHERE position(lower(address) IN lower(import_reject.cells::text)) > 0)
OR EXISTS (SELECT FROM unnest(%(phones)s::text[]) phone
            WHERE position(right(phone, 7) IN regexp_replace(import_reject.cells::text, '[^0-9]', '', 'g')) > 0)
OR EXISTS (SELECT FROM contact c WHERE c.id = ANY (%(contact_ids)s) AND (
       position(nullif(lower(c.full_name), '') IN lower(import_reject.cells::text)) > 0
    OR (position(nullif(lower(c.first_name), '') IN lower(import_reject.cells::text)) > 0
        AND position(nullif(lower(c.last_name), '') IN lower(import_reject.cells::text)) > 0)
    OR position(nullif(lower(c.linkedin_slug), '') IN lower(import_reject.cells::text)) > 0))
"""

PERSONAL = (
    PersonalTable("import_reject", _NAMES_THEM),
    PersonalTable(
        "import",
        free=frozenset(
            {
                "file_name",
                "path",
                "sheet",
                "map_text",
                "known",
                "header",
                "columns",
                "delimiter",
                "found",
                "beside",
                "state",
                "remarks",
                "error",
            }
        ),
    ),
)
