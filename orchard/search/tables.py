"""The room's part of the data map: an erasure takes a person's words, and those that nobody else is found by."""

from orchard.contacts.types import PersonalTable

_MINE = "contact_id = ANY (%(contact_ids)s)"

# The words come first: whose they are stands in the other table. No word holds a sign that a query would read.
PERSONAL = (
    PersonalTable(
        "search_word",
        "among = 'people' AND word IN (SELECT unnest(tsvector_to_array(mine.words)) FROM search_contact mine"  # noqa: S608
        f" WHERE mine.{_MINE}) AND NOT EXISTS (SELECT FROM search_contact other"
        " WHERE other.words @@ search_word.word::tsquery AND other.contact_id <> ALL (%(contact_ids)s))",
    ),
    PersonalTable("search_contact", _MINE),
    PersonalTable("search_account"),
)
