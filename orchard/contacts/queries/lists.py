"""Lists of contacts one may see: searched by the beginning of a name or an address, walked by the last row seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from orchard.contacts.models import Account
from orchard.contacts.queries.seen import seen
from orchard.contacts.rules import name_key
from orchard.kit import paging
from orchard.kit.ids import as_array

_COUNTED = 10_000
# Addresses that begin with what somebody typed; who needs more types more.
_BY_COMPANY = 50
_BY_ADDRESS = 500

_LIST = """
SELECT c.id, c.full_name, c.title, c.country, c.account_id, a.name, c.owner_id, m.name, c.created_at,
       (SELECT e.address FROM contact_email e WHERE e.contact_id = ANY ({ids})
         ORDER BY e.is_primary DESC, e.id LIMIT 1),
       (SELECT p.number FROM contact_phone p WHERE p.contact_id = ANY ({ids}) ORDER BY p.id LIMIT 1),
       c.name_key
  FROM contact c LEFT JOIN account a ON a.id = c.account_id LEFT JOIN member m ON m.id = c.owner_id
 WHERE {where} ORDER BY {order} LIMIT %(size)s
"""
_IDS = (
    "ARRAY(SELECT c.id UNION ALL SELECT o.old_id FROM contact_alias o "
    "WHERE o.living_id = c.id AND o.ended_by IS NULL)"
)
_LIVING = (
    "c.erased_at IS NULL AND NOT EXISTS "
    "(SELECT FROM contact_alias o WHERE o.old_id = c.id AND o.ended_by IS NULL)"
)


class Order(StrEnum):
    """How a list of contacts is sorted."""

    NEWEST = "newest"
    NAME = "name"


class ListedContact(NamedTuple):
    """One line of a list of contacts."""

    id: int
    full_name: str | None
    title: str | None
    country: str | None
    account_id: int | None
    account_name: str | None
    owner_id: int | None
    owner_name: str | None
    created_at: datetime
    email: str | None
    phone: str | None
    name_key: str | None


class _Stretch(NamedTuple):
    """A part of a list that is walked by one index."""

    where: str
    columns: tuple[str, ...]
    descending: bool = False


_NEWEST = _Stretch("true", ("c.id",), descending=True)
_NAMED = _Stretch("c.name_key IS NOT NULL", ("c.name_key", "c.id"))
_UNNAMED = _Stretch("c.name_key IS NULL", ("c.id",))


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are: exactly, at least (`is_more`), or about (`is_estimate`), so that a page can say which."""

    number: int
    is_more: bool = False
    is_estimate: bool = False


def contacts(
    *,
    search: str = "",
    account_id: int | None = None,
    owner_id: int | None = None,
    country: str = "",
    ids: Collection[int] | None = None,
    order: Order = Order.NEWEST,
    turned: bool = False,
    cursor: str = "",
    size: int = 50,
) -> paging.Page[ListedContact]:
    """Return one page of living contacts; a search is for the beginning of a name or of an address.

    `turned` is an order the other way round. By name, those whose name is not known come last either way.
    """
    narrowed = _where(search, account_id, owner_id, country, ids, many=False)
    newest = order is Order.NEWEST
    back, key = paging.decode(cursor, *((int,) if newest else (str | None, int)))
    if newest:
        rows = _listed(narrowed, _NEWEST, key, size + 1, against=back != turned)
        return paging.page(rows, size=size, cursor=cursor, key=lambda row: (row.id,))
    stretches = [_UNNAMED, _NAMED] if back else [_NAMED, _UNNAMED]
    if key and (key[0] is None) != back:
        stretches = stretches[1:]
    rows = []
    for stretch in stretches:
        if len(rows) <= size:
            rows += _listed(narrowed, stretch, key, size + 1 - len(rows), against=back != turned)
        key = []
    return paging.page(rows, size=size, cursor=cursor, key=lambda row: (row.name_key, row.id))


def _listed(
    narrowed: tuple[list[str], dict[str, Any]],
    stretch: _Stretch,
    key: Sequence[str | int | None],
    size: int,
    *,
    against: bool,
) -> list[ListedContact]:
    """Return the next rows of a stretch of the list, from its beginning or beyond a key, or `against` its order."""
    where, parameters = [*narrowed[0], stretch.where], {**narrowed[1], "size": size}
    backwards = stretch.descending != against
    if key:
        known = [part for part in key if part is not None]
        places = ", ".join(f"%(key{place})s" for place in range(len(known)))
        where.append(f"({', '.join(stretch.columns)}) {'<' if backwards else '>'} ({places})")
        parameters |= {f"key{place}": part for place, part in enumerate(known)}
    statement = _LIST.format(
        ids=_IDS,
        where=" AND ".join(where),
        order=", ".join(f"{name} {'DESC' if backwards else 'ASC'}" for name in stretch.columns),
    )
    with connection.cursor() as database:
        database.execute(statement, parameters)
        return [ListedContact._make(row) for row in database.fetchall()]


def contact_ids(
    *, search: str = "", owner_id: int | None = None, ids: Collection[int] | None = None
) -> list[int]:
    """Return all living contacts that a search and an owner leave."""
    where, parameters = _where(search, None, owner_id, "", None if ids is None else list(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.id FROM contact c WHERE {' AND '.join(where)}", parameters)  # noqa: S608 - values are bound
        return [row[0] for row in cursor.fetchall()]


def ids_at(account_id: int) -> list[int]:
    """Return all living contacts of an account."""
    where, parameters = _where("", account_id, None, "", None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM contact c WHERE {' AND '.join(where)} ORDER BY c.id",  # noqa: S608 - values are bound
            parameters,
        )
        return [row[0] for row in cursor.fetchall()]


def count_contacts(
    *,
    search: str = "",
    account_id: int | None = None,
    owner_id: int | None = None,
    country: str = "",
    ids: Collection[int] | None = None,
) -> Count:
    """Return how many such contacts one may see: counted up to 10,000.

    How many there are of all is the company's number, whoever asks; of a large company's it is an estimate.
    """
    if not any((search.strip(), account_id, owner_id, country)) and ids is None:
        where, parameters = [_LIVING], dict[str, Any]()
    else:
        where, parameters = _where(search, account_id, owner_id, country, ids)
    with connection.cursor() as cursor:
        if where == [_LIVING]:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'contact'::regclass")
            estimate = cursor.fetchone()[0]
            if estimate > _COUNTED:
                return Count(estimate, is_estimate=True)
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM contact c WHERE {' AND '.join(where)} LIMIT {_COUNTED + 1}) found",  # noqa: S608
            parameters,
        )
        number = cursor.fetchone()[0]
    return Count(min(number, _COUNTED), is_more=number > _COUNTED)


def _where(
    search: str,
    account_id: int | None,
    owner_id: int | None,
    country: str,
    ids: Collection[int] | None,
    *,
    many: bool = True,
) -> tuple[list[str], dict[str, Any]]:
    only, parameters = seen("c.id", many=many)
    where = [_LIVING, *only]
    for condition, name, value in (
        ("c.account_id = %(account_id)s", "account_id", account_id),
        ("c.owner_id = %(owner_id)s", "owner_id", owner_id),
        ("c.country = %(country)s", "country", country or None),
        ("c.id = ANY (%(ids)s::bigint[])", "ids", as_array(ids) if ids is not None else None),
    ):
        if value is not None:
            where.append(condition)
            parameters[name] = value
    if search.strip():
        where.append(
            '(c.name_key LIKE %(named)s OR lower(c.last_name) COLLATE "C" LIKE %(last_named)s'
            " OR c.id = ANY (%(addressed)s) OR c.account_id = ANY (%(employers)s))"
        )
        parameters["named"] = _beginning(name_key(search)) if name_key(search) else None
        parameters["last_named"] = _beginning(search.strip().lower())
        parameters["addressed"] = _addressed(search.strip().lower())
        parameters["employers"] = _employers(search)
    return where, parameters


def _addressed(text: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(a.living_id, e.contact_id) FROM contact_email e "
            "LEFT JOIN contact_alias a ON a.old_id = e.contact_id AND a.ended_by IS NULL "
            "WHERE e.normal LIKE %s ORDER BY e.normal LIMIT %s",
            [_beginning(text), _BY_ADDRESS],
        )
        return [row[0] for row in cursor.fetchall()]


def _employers(text: str) -> list[int]:
    """Return the companies whose name begins so."""
    key = name_key(text)
    if not key:
        return []
    named = Account.objects.filter(name_key__startswith=key).order_by("name_key")
    return list(named.values_list("id", flat=True)[:_BY_COMPANY])


def _beginning(text: str) -> str:
    plain = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"{plain}%"
