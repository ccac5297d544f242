"""What contacts and accounts are called, as whoever looks for them by words needs it; made for thousands at once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from orchard.kit.ids import as_array

# The names of the living record count; what was joined with it gives its addresses, as in the list of contacts.
_CONTACTS = """
SELECT c.id, ARRAY[c.full_name, c.first_name, c.last_name],
       ARRAY(SELECT e.normal FROM contact_email e WHERE e.contact_id = c.id
              UNION ALL
             SELECT e.normal FROM contact_alias o JOIN contact_email e ON e.contact_id = o.old_id
              WHERE o.living_id = c.id AND o.ended_by IS NULL)
  FROM contact c
 WHERE c.id = ANY (%s::bigint[]) AND c.erased_at IS NULL
   AND NOT EXISTS (SELECT FROM contact_alias o WHERE o.old_id = c.id AND o.ended_by IS NULL)
"""
_ACCOUNTS = """
SELECT a.id, ARRAY[a.name],
       ARRAY[a.domain] || ARRAY(SELECT x.value::text FROM account_external_id x WHERE x.account_id = a.id)
  FROM account a WHERE a.id = ANY (%s::bigint[]) AND a.erased_at IS NULL
"""


class Called(NamedTuple):
    """The names and the addresses of a record; what is not known is None."""

    id: int
    names: Sequence[str | None]
    addresses: Sequence[str | None]
    """Of a contact its e-mail addresses; of an account its domain and its ids in other systems."""


def contacts_called(contact_ids: Iterable[int]) -> list[Called]:
    """Return what those of these contacts are called that live, were not joined with another, and not erased."""
    return _read(_CONTACTS, contact_ids)


def accounts_called(account_ids: Iterable[int]) -> list[Called]:
    """Return what those of these accounts are called that are there."""
    return _read(_ACCOUNTS, account_ids)


def _read(statement: str, ids: Iterable[int]) -> list[Called]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [as_array(ids)])
        return [Called._make(row) for row in cursor.fetchall()]
