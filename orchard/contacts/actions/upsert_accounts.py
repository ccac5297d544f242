"""How the companies that a batch names are found or made: by id elsewhere, else by domain, else by name.

A row that names its company by an id speaks for the company and overrules what is known; any other row is about a
person, and fills only what nobody knew of the company.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from orchard.contacts.actions.staging import add_ids, apply_changes, copy_rows, new_ids
from orchard.contacts.rules import company_key, domain_of
from orchard.contacts.types import Entity, IncomingRow

# One batch at a time looks for companies by name, or two would make the same company.
_LOCK = 0x0ACC


@dataclass(slots=True)
class Accounts:
    """The companies of one batch: what each row meant (None: it names none), which are new, which changed."""

    of_row: list[int | None]
    created: list[int] = field(default_factory=list)
    added_ids: list[int] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Known:
    """What leads to a company; negative ids are those this batch will make."""

    by_id: dict[tuple[str, str], int]
    by_domain: dict[str, int]
    by_name: dict[str, int]
    domains: dict[int, str | None]
    sources: set[tuple[int, str]] = field(default_factory=set)
    new: int = 0


def upsert_accounts(
    rows: Sequence[IncomingRow], columns: Sequence[str], *, import_id: int | None, now: datetime
) -> Accounts:
    """Find, make and fill in the companies that `rows` name, in the caller's transaction."""
    if not columns and not any(row.account_ids for row in rows):
        return Accounts([None] * len(rows))
    named = _named(rows, columns)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = _look_up(rows, named)
    taken = frozenset(known.by_id)
    owners: list[int | None] = []
    merged: dict[int, _Merged] = {}
    plain: dict[tuple[Any, ...], int] = {}
    for row, (name, key, domain) in zip(rows, named, strict=True):
        says = None if row.account_ids or row.account_custom else tuple(row.account)
        if says in plain:
            owners.append(plain[says])
            continue
        if not key and not row.account_ids:
            owners.append(None)
            continue
        account_id = _find(row, key, domain, known)
        owners.append(account_id)
        if says is not None:
            plain[says] = account_id
        if account_id not in merged:
            merged[account_id] = _Merged(name, key, domain, [None] * len(columns), {}, {})
        merged[account_id].add(row)
    return _write(owners, merged, columns, import_id=import_id, now=now, known=taken)


@dataclass(slots=True)
class _Merged:
    """What all rows of a batch say of one company."""

    name: str
    key: str
    domain: str | None
    values: list[Any]
    custom: dict[str, Any]
    ids: dict[tuple[str, str], None]
    overrules: bool = False

    def add(self, row: IncomingRow) -> None:
        """Take in what `row` says: the last word of rows that speak for the company, else the first."""
        speaks = bool(row.account_ids)
        self.overrules = self.overrules or speaks
        for place, value in enumerate(row.account):
            if value is not None and (speaks or self.values[place] is None):
                self.values[place] = value
        if row.account_custom:
            self.custom = (
                {**self.custom, **row.account_custom} if speaks else {**row.account_custom, **self.custom}
            )
        for each in row.account_ids:
            self.ids[each] = None


def _named(rows: Sequence[IncomingRow], columns: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """Return name, key and domain of the company that each row names; empty where it names none."""
    name_place = columns.index("name") if "name" in columns else None
    domain_place = columns.index("domain") if "domain" in columns else None
    named = []
    for row in rows:
        given = row.account[domain_place] if domain_place is not None else None
        domain = domain_of(given) if given else None
        name = (row.account[name_place] if name_place is not None else None) or domain or ""
        if not name and row.account_ids:
            name = row.account_ids[0][1]
        named.append((name, company_key(name), domain))
    return named


def _look_up(rows: Sequence[IncomingRow], named: Sequence[tuple[str, str, str | None]]) -> _Known:
    ids = sorted({each for row in rows for each in row.account_ids})
    domains = sorted({domain for _, _, domain in named if domain})
    keys = sorted({key for _, key, _ in named if key})
    known = _Known({}, {}, {}, {})
    with connection.cursor() as cursor:
        if ids:
            cursor.execute(
                "SELECT source, value, account_id FROM account_external_id "
                "WHERE (source, value) IN (SELECT unnest(%s::text[]), unnest(%s::text[]))",
                [[source for source, _ in ids], [value for _, value in ids]],
            )
            known.by_id = {(source, value): account for source, value, account in cursor.fetchall()}
        cursor.execute(
            "SELECT id, name_key, domain FROM account "
            "WHERE erased_at IS NULL AND (name_key = ANY (string_to_array(%s, chr(10)))"
            " OR domain = ANY (string_to_array(%s, chr(10)))) ORDER BY id",
            ["\n".join(keys), "\n".join(domains)],
        )
        for account_id, key, domain in cursor.fetchall():
            known.by_name.setdefault(key, account_id)
            known.domains[account_id] = domain
            if domain:
                known.by_domain.setdefault(domain, account_id)
        if ids:
            cursor.execute(
                "SELECT account_id, source FROM account_external_id WHERE account_id = ANY (%s) AND source = ANY (%s)",
                [sorted({*known.domains, *known.by_id.values()}), sorted({source for source, _ in ids})],
            )
            known.sources = set(cursor.fetchall())
    return known


def _find(row: IncomingRow, key: str, domain: str | None, known: _Known) -> int:
    for each in row.account_ids:
        if each in known.by_id:
            found = known.by_id[each]
            break
    else:
        found = _by_name(row, key, domain, known)
    for source, value in row.account_ids:
        known.by_id.setdefault((source, value), found)
        known.sources.add((found, source))
    if key:
        known.by_name.setdefault(key, found)
    if domain:
        known.by_domain.setdefault(domain, found)
        if known.domains.get(found) is None:
            known.domains[found] = domain
    return found


def _by_name(row: IncomingRow, key: str, domain: str | None, known: _Known) -> int:
    """Find a company of that domain or name that has no other domain and no other id in the same system."""
    for found in (known.by_domain.get(domain or ""), known.by_name.get(key)):
        if found is None:
            continue
        other_domain = domain and known.domains.get(found) not in {None, domain}
        other_id = any((found, source) in known.sources for source, _ in row.account_ids)
        if not other_domain and not other_id:
            return found
    known.new -= 1
    known.domains[known.new] = domain
    return known.new


def _write(
    owners: Sequence[int | None],
    merged: Mapping[int, _Merged],
    columns: Sequence[str],
    *,
    import_id: int | None,
    now: datetime,
    known: frozenset[tuple[str, str]],
) -> Accounts:
    made = [owner for owner in merged if owner < 0]
    ids = dict(zip(made, new_ids("account", len(made)), strict=True)) if made else {}
    at = now.isoformat()
    kept = [column for column in columns if column not in {"name", "domain"}]
    places = [columns.index(column) for column in kept]
    if made:
        copy_rows(
            "account",
            ("id", "name", "name_key", "domain", *kept, "custom", "created_at", "updated_at"),
            (
                (
                    ids[owner],
                    each.name,
                    each.key,
                    each.domain,
                    *(each.values[p] for p in places),
                    json.dumps(each.custom),
                    at,
                    at,
                )
                for owner, each in ((owner, merged[owner]) for owner in made)
            ),
        )
    result = Accounts(
        [ids.get(owner, owner) if owner else None for owner in owners], created=list(ids.values())
    )
    result.changed = _change(merged, columns, kept, places, import_id=import_id, now=now)
    fresh = [
        (ids.get(owner, owner), source, value)
        for owner, each in merged.items()
        for source, value in each.ids
        if (source, value) not in known
    ]
    result.added_ids = [added for _, added in add_ids(Entity.ACCOUNT, fresh, now=now)]
    return result


def _change(
    merged: Mapping[int, _Merged],
    columns: Sequence[str],
    kept: Sequence[str],
    places: Sequence[int],
    *,
    import_id: int | None,
    now: datetime,
) -> set[int]:
    old = [(owner, each) for owner, each in merged.items() if owner > 0]
    with_domain = "domain" in columns
    with_custom = any(each.custom for _, each in old)
    named = any(each.overrules for _, each in old) and "name" in columns
    staged = [
        *kept,
        *(["domain"] if with_domain else []),
        *(["custom"] if with_custom else []),
        *(["name", "name_key"] if named else []),
    ]
    if not old or not staged:
        return set()
    return apply_changes(
        Entity.ACCOUNT,
        staged,
        (
            (
                owner,
                each.overrules,
                *(each.values[place] for place in places),
                *([each.domain] if with_domain else []),
                *([json.dumps(each.custom) if each.custom else None] if with_custom else []),
                *([each.name, each.key] if named else []),
            )
            for owner, each in old
        ),
        now=now,
        import_id=import_id,
    ).changed
