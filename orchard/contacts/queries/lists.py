"""Lists of contacts: searched by the beginning of a name or an address, walked by the last row seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from orchard.contacts.rules import name_key
from orchard.kit import paging

_COUNTED = 10_000
# Addresses that begin with what somebody typed; who needs more types more.
_BY_ADDRESS = 500

_LIST = """
SELECT c.id, c.full_name, c.title, c.country, c.account_id, a.name, c.owner_id, m.name, c.created_at,
       (SELECT e.address FROM contact_email e WHERE e.contact_id = c.id ORDER BY e.is_primary DESC, e.id LIMIT 1),
       coalesce(c.name_key, '')
  FROM contact c LEFT JOIN account a ON a.id = c.account_id LEFT JOIN member m ON m.id = c.owner_id
 WHERE {where} ORDER BY {order} LIMIT %(size)s
"""
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
    name_key: str


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
    ids: Sequence[int] | None = None,
    order: Order = Order.NEWEST,
    cursor: str = "",
    size: int = 50,
) -> paging.Page[ListedContact]:
    """Return one page of living contacts; a search is for the beginning of a name or of an address."""
    where, parameters = _where(search, account_id, owner_id, country, ids)
    back, key = paging.decode(cursor) if cursor else (False, [])
    names, descending = (("c.name_key", "c.id"), False) if order is Order.NAME else (("c.id",), True)
    if order is Order.NAME:
        where.append("c.name_key IS NOT NULL")
    backwards = descending != back
    if key:
        where.append(
            f"({', '.join(names)}) {'<' if backwards else '>'} ({', '.join(f'%(key{n})s' for n in range(len(key)))})"
        )
        parameters.update({f"key{place}": value for place, value in enumerate(key)})
    statement = _LIST.format(
        where=" AND ".join(where),
        order=", ".join(f"{name} {'DESC' if backwards else 'ASC'}" for name in names),
    )
    with connection.cursor() as database:
        database.execute(statement, {**parameters, "size": size + 1})
        rows = [ListedContact._make(row) for row in database.fetchall()]
    return paging.page(
        rows,
        size=size,
        cursor=cursor,
        key=lambda row: (row.name_key, row.id) if order is Order.NAME else (row.id,),
    )


def contact_ids(
    *, search: str = "", owner_id: int | None = None, ids: Collection[int] | None = None
) -> list[int]:
    """Return all living contacts that a search and an owner leave."""
    where, parameters = _where(search, None, owner_id, "", None if ids is None else list(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.id FROM contact c WHERE {' AND '.join(where)}", parameters)  # noqa: S608 - values are bound
        return [row[0] for row in cursor.fetchall()]


def ids_at(account_id: int, *, limit: int = 2_000) -> list[int]:
    """Return the living contacts of an account, at most `limit`."""
    where, parameters = _where("", account_id, None, "", None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM contact c WHERE {' AND '.join(where)} ORDER BY c.id LIMIT %(limit)s",  # noqa: S608
            {**parameters, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


def count_contacts(
    *,
    search: str = "",
    account_id: int | None = None,
    owner_id: int | None = None,
    country: str = "",
    ids: Sequence[int] | None = None,
) -> Count:
    """Return how many such contacts there are: counted up to 10,000; all of a large company's as an estimate."""
    where, parameters = _where(search, account_id, owner_id, country, ids)
    with connection.cursor() as cursor:
        if len(where) == 1:
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
    search: str, account_id: int | None, owner_id: int | None, country: str, ids: Sequence[int] | None
) -> tuple[list[str], dict[str, Any]]:
    where = [_LIVING]
    parameters: dict[str, Any] = {}
    for condition, name, value in (
        ("c.account_id = %(account_id)s", "account_id", account_id),
        ("c.owner_id = %(owner_id)s", "owner_id", owner_id),
        ("c.country = %(country)s", "country", country or None),
        ("c.id = ANY (%(ids)s)", "ids", list(ids) if ids is not None else None),
    ):
        if value is not None:
            where.append(condition)
            parameters[name] = value
    if search.strip():
        where.append("(c.name_key LIKE %(named)s OR c.id = ANY (%(addressed)s))")
        parameters["named"] = _beginning(name_key(search)) if name_key(search) else None
        parameters["addressed"] = _addressed(search.strip().lower())
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


def _beginning(text: str) -> str:
    plain = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"{plain}%"
