"""How facts enter the ledger: once per key, in the caller's transaction, many at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from orchard.interactions.kinds import KINDS
from orchard.interactions.types import Lane, NewFact, UnknownKind
from orchard.kit.copying import write_rows
from orchard.kit.ids import as_array, keyed_texts

# From here on a COPY beats one INSERT with arrays.
_MANY = 500

_COLUMNS = (
    "key",
    "contact_id",
    "account_id",
    "subject_kind",
    "subject_id",
    "kind",
    "occurred_at",
    "direction",
    "campaign_id",
    "content_id",
    "member_id",
    "amount",
    "currency",
)
_TYPES = (
    "uuid",
    "int8",
    "int8",
    "text",
    "int8",
    "text",
    "timestamptz",
    "text",
    "int8",
    "int8",
    "int8",
    "int8",
    "text",
)
Row = tuple[
    str | None,
    int | None,
    int | None,
    str,
    int | None,
    str,
    datetime | str,
    str,
    int | None,
    int | None,
    int | None,
    int | None,
    str,
]

# `seen` and the fact are written by one statement; a key met before, here or in this batch, appends nothing.
_APPEND = """
WITH given AS MATERIALIZED (SELECT row_number() OVER () AS n, * FROM {source}),
fresh AS (
    INSERT INTO seen (key) SELECT DISTINCT key FROM given WHERE key IS NOT NULL ORDER BY key
    ON CONFLICT DO NOTHING RETURNING key
),
chosen AS (
    SELECT min(g.n) AS n FROM given g JOIN fresh USING (key) GROUP BY g.key
    UNION ALL
    SELECT n FROM given WHERE key IS NULL
),
numbered AS MATERIALIZED (
    SELECT nextval(s.name) AS id, g.*
      FROM (SELECT pg_get_serial_sequence('interaction', 'id')::regclass AS name OFFSET 0) s,
           (SELECT g.* FROM given g JOIN chosen USING (n) ORDER BY g.n) g
),
written AS (
    INSERT INTO interaction (id, contact_id, account_id, subject_kind, subject_id, kind, occurred_at, recorded_at,
                             direction, campaign_id, content_id, member_id, amount, currency, bulk, import_id)
    SELECT id, contact_id, account_id, subject_kind, subject_id, kind, occurred_at, %(now)s,
           direction, campaign_id, content_id, member_id, amount, currency, %(bulk)s, %(import_id)s
      FROM numbered ORDER BY n
)
SELECT n, id FROM numbered ORDER BY n
"""


# What happened to many at once, each once: no key is looked for, no id asked for.
_TELL = """
INSERT INTO interaction (contact_id, account_id, subject_kind, kind, occurred_at, recorded_at, direction, currency,
                         bulk, import_id)
SELECT contact_id, account_id, '', %(kind)s, %(now)s, %(now)s, %(direction)s, '', %(bulk)s, %(import_id)s
  FROM unnest(%(contacts)s::bigint[], %(accounts)s::bigint[]) WITH ORDINALITY AS given (contact_id, account_id, n)
 ORDER BY n
"""


def append(
    facts: Sequence[NewFact], *, now: datetime, lane: Lane | str = Lane.LIVE, import_id: int | None = None
) -> list[int | None]:
    """Append `facts` in the caller's transaction.

    Return their ids in the same order; None where the fact's key was seen before. Raises `UnknownKind`.
    """
    return append_rows([_row(fact) for fact in facts], now=now, lane=lane, import_id=import_id)


def append_new(facts: Sequence[NewFact], *, now: datetime, lane: Lane | str = Lane.LIVE) -> list[int]:
    """Append facts that have no key, so that each certainly gets an id; else as `append`."""
    return [identity for identity in append(facts, now=now, lane=lane) if identity is not None]


def append_rows(
    rows: Sequence[Row], *, now: datetime, lane: Lane | str = Lane.LIVE, import_id: int | None = None
) -> list[int | None]:
    """Append rows of `_COLUMNS`: the same as `append`, for those who have many thousands."""
    if not rows:
        return []
    _check_transaction()
    ids: list[int | None] = [None] * len(rows)
    parameters: dict[str, Any] = {"now": now, "bulk": str(lane) == Lane.BULK, "import_id": import_id}
    with connection.cursor() as cursor:
        if len(rows) < _MANY:
            source = ", ".join(
                f"unnest(%({name})s::{kind}[]) AS {name}" for name, kind in zip(_COLUMNS, _TYPES, strict=True)
            )
            columns = {
                name: list(values) for name, values in zip(_COLUMNS, zip(*rows, strict=True), strict=True)
            }
            cursor.execute(_APPEND.format(source=f"(SELECT {source}) g"), {**parameters, **columns})
        else:
            _stage(cursor, rows)
            cursor.execute(_APPEND.format(source="fresh_facts"), parameters)
        for number, identity in cursor.fetchall():
            ids[number - 1] = identity
    return ids


def tell(
    kind: str,
    about: Sequence[tuple[int | None, int | None]],
    *,
    now: datetime,
    lane: Lane | str = Lane.LIVE,
    import_id: int | None = None,
) -> None:
    """Append one fact without a key for each contact and account in `about`: the same happened to all, just now."""
    if not about:
        return
    _check_transaction()
    contacts, accounts = zip(*about, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "kind": kind,
                "direction": KINDS[kind].direction,
                "contacts": as_array(contacts),
                "accounts": as_array(accounts),
                "now": now,
                "bulk": str(lane) == Lane.BULK,
                "import_id": import_id,
            },
        )


def keys_of(texts: Iterable[str]) -> list[str]:
    """Return the keyed hashes under which `seen` remembers `texts`, as text: that is how they are written."""
    return keyed_texts(texts, key=settings.SECRET_KEY.encode(), purpose="seen")


def _row(fact: NewFact) -> Row:
    kind = KINDS.get(fact.kind)
    if kind is None:
        raise UnknownKind("There is no kind of fact called “{kind}”. See the list of kinds.", kind=fact.kind)
    if fact.occurred_at.tzinfo is None:
        raise UnknownKind("The time of “{kind}” lacks its time zone.", kind=fact.kind)
    subject_kind, subject_id = fact.subject or ("", None)
    return (
        keys_of([fact.key])[0] if fact.key else None,
        fact.contact_id,
        fact.account_id,
        subject_kind,
        subject_id,
        fact.kind,
        fact.occurred_at,
        kind.direction if fact.direction is None else fact.direction,
        fact.campaign_id,
        fact.content_id,
        fact.member_id,
        fact.amount,
        fact.currency,
    )


def _check_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A fact is appended in the transaction of what it tells."
        )


def _stage(cursor: Any, rows: Iterable[Row]) -> None:
    definition = ", ".join(f"{name} {kind}" for name, kind in zip(_COLUMNS, _TYPES, strict=True))
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS fresh_facts ({definition}) ON COMMIT DELETE ROWS")
    cursor.execute("TRUNCATE fresh_facts")
    with cursor.copy(f"COPY fresh_facts ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        write_rows(copy, rows)
