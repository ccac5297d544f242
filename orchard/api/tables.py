"""The room's part of the data map: what answers kept for a day say of people, and how an erasure finds it."""

from orchard.contacts.types import PersonalTable

# A refusal may quote what was sent. A number is compared by its last digits, since it is written in many ways.
_QUOTES_THEM = """
api_answer.contact_ids && %(contact_ids)s::bigint[]
OR (status >= 400 AND (
    EXISTS (SELECT FROM unnest(%(addresses)s::text[]) address
             WHERE position(lower(address) IN lower(api_answer.body)) > 0)
    OR EXISTS (SELECT FROM unnest(%(phones)s::text[]) phone
                WHERE position(right(phone, 7) IN regexp_replace(api_answer.body, '[^0-9]', '', 'g')) > 0)
    OR EXISTS (SELECT FROM contact c WHERE c.id = ANY (%(contact_ids)s)
                  AND (position(nullif(lower(c.full_name), '') IN lower(api_answer.body)) > 0
                    OR position(nullif(lower(c.last_name), '') IN lower(api_answer.body)) > 0
                    OR position(nullif(lower(c.linkedin_slug), '') IN lower(api_answer.body)) > 0))
    OR EXISTS (SELECT FROM contact_external_id x WHERE x.contact_id = ANY (%(contact_ids)s)
                  AND position(x.value IN api_answer.body) > 0)))
"""

PERSONAL = (
    # The row stays, so that a call repeated after the erasure does not bring the person back.
    PersonalTable("api_answer", _QUOTES_THEM, blank={"body": "''", "headers": "'{}'", "status": "410"}),
    PersonalTable("api_token", free=frozenset({"name", "scopes", "prefix"})),
)
