"""Lists of accounts: found by the beginning of a name or a web domain, narrowed, walked by the last row seen."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from orchard.contacts.models import Account
from orchard.contacts.queries.lists import Count
from orchard.contacts.rules import name_key
from orchard.kit import paging

_COUNTED = 10_000
# Domains that begin with what somebody typed; who needs more types more.
_BY_DOMAIN = 500
_OFFERED = 200

_LIST = """
SELECT a.id, a.name, a.name_key, a.domain, a.industry, a.city, a.country, a.owner_id, m.name, a.created_at
  FROM account a LEFT JOIN member m ON m.id = a.owner_id
 WHERE {where} ORDER BY {order} LIMIT %(size)s
"""
# The next value by the index, again and again: as many steps as there are values.
_VALUES = """
WITH RECURSIVE value (each) AS (
    SELECT min({column}) FROM account
    UNION ALL SELECT (SELECT min({column}) FROM account WHERE {column} > value.each) FROM value WHERE each IS NOT NULL
)
SELECT each FROM value WHERE each IS NOT NULL LIMIT %s
"""


class AccountOrder(StrEnum):
    """How a list of accounts is sorted."""

    NAME = "name"
    NEWEST = "newest"


class AccountWish(NamedTuple):
    """What a list of accounts is narrowed to; the search is for the beginning of a name or of a web domain."""

    search: str = ""
    industry: str = ""
    country: str = ""
    owner_id: int | None = None
    ids: Collection[int] | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return self != AccountWish()


class ListedAccount(NamedTuple):
    """One line of a list of accounts."""

    id: int
    name: str
    name_key: str
    domain: str | None
    industry: str | None
    city: str | None
    country: str | None
    owner_id: int | None
    owner_name: str | None
    created_at: datetime


def accounts(
    wish: AccountWish = AccountWish(),  # noqa: B008 - a tuple, which nobody can change
    *,
    order: AccountOrder = AccountOrder.NAME,
    turned: bool = False,
    cursor: str = "",
    size: int = 50,
) -> paging.Page[ListedAccount]:
    """Return one page of accounts; `turned` is an order the other way round."""
    where, parameters = _where(wish)
    by_name = order is AccountOrder.NAME
    back, key = paging.decode(cursor, *((str, int) if by_name else (int,)))
    names = ("a.name_key", "a.id") if by_name else ("a.id",)
    backwards = (back != turned) == by_name
    if key:
        places = ", ".join(f"%(key{n})s" for n in range(len(names)))
        where.append(f"({', '.join(names)}) {'<' if backwards else '>'} ({places})")
        parameters.update({f"key{place}": value for place, value in enumerate(key)})
    statement = _LIST.format(
        where=" AND ".join(where),
        order=", ".join(f"{name} {'DESC' if backwards else 'ASC'}" for name in names),
    )
    with connection.cursor() as database:
        database.execute(statement, {**parameters, "size": size + 1})
        rows = [ListedAccount._make(row) for row in database.fetchall()]
    return paging.page(
        rows, size=size, cursor=cursor, key=lambda row: (row.name_key, row.id) if by_name else (row.id,)
    )


def account_ids(wish: AccountWish) -> list[int]:
    """Return all accounts that a wish leaves."""
    where, parameters = _where(wish)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT a.id FROM account a WHERE {' AND '.join(where)}", parameters)  # noqa: S608 - values are bound
        return [row[0] for row in cursor.fetchall()]


def count_accounts(wish: AccountWish = AccountWish()) -> Count:  # noqa: B008
    """Return how many accounts a wish leaves: counted up to 10,000; all of a large company's as an estimate."""
    where, parameters = _where(wish)
    with connection.cursor() as cursor:
        if not wish.narrows:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'account'::regclass")
            estimate = cursor.fetchone()[0]
            if estimate > _COUNTED:
                return Count(estimate, is_estimate=True)
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM account a WHERE {' AND '.join(where)} LIMIT {_COUNTED + 1}) found",  # noqa: S608
            parameters,
        )
        number = cursor.fetchone()[0]
    return Count(min(number, _COUNTED), is_more=number > _COUNTED)


def industries() -> list[str]:
    """Return the industries that accounts have, by name, the first 200."""
    return _values("industry")


def countries() -> list[str]:
    """Return the countries that accounts have, by name, the first 200."""
    return _values("country")


def people_at(account_ids: Iterable[int], *, each: int) -> dict[int, list[int]]:
    """Return living contacts of each of these accounts, at most so many of each; none where it is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT mine.id, array_agg(c.id) FROM unnest(%(accounts)s::bigint[]) AS mine (id) CROSS JOIN LATERAL (
                   SELECT c.id FROM contact c WHERE c.account_id = mine.id AND c.erased_at IS NULL AND NOT EXISTS
                          (SELECT FROM contact_alias o WHERE o.old_id = c.id AND o.ended_by IS NULL)
                    LIMIT %(each)s) c
             GROUP BY mine.id
            """,
            {"accounts": list(account_ids), "each": each},
        )
        return dict(cursor.fetchall())


def _values(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_VALUES.format(column=column), [_OFFERED])
        return [row[0] for row in cursor.fetchall()]


def _where(wish: AccountWish) -> tuple[list[str], dict[str, Any]]:
    where = ["a.erased_at IS NULL"]
    parameters: dict[str, Any] = {}
    for condition, name, value in (
        ("a.industry = %(industry)s", "industry", wish.industry or None),
        ("a.country = %(country)s", "country", wish.country or None),
        ("a.owner_id = %(owner_id)s", "owner_id", wish.owner_id),
        ("a.id = ANY (%(ids)s)", "ids", list(wish.ids) if wish.ids is not None else None),
    ):
        if value is not None:
            where.append(condition)
            parameters[name] = value
    if wish.search.strip():
        # In the order of the index all names that begin so stand between the beginning and its last continuation.
        where.append("(a.name_key BETWEEN %(named)s AND %(named)s || %(last)s OR a.id = ANY (%(at_domain)s))")
        parameters["named"], parameters["last"] = name_key(wish.search) or None, "\U0010ffff"
        parameters["at_domain"] = _at_domain(wish.search.strip().lower())
    return where, parameters


def _at_domain(text: str) -> list[int]:
    found = Account.objects.filter(domain__startswith=text).order_by("domain")
    return list(found.values_list("id", flat=True)[:_BY_DOMAIN])
