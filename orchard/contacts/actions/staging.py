"""How many rows enter a table at once: copied in, compared with what stands there, and only differences written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from orchard.contacts.types import Entity
from orchard.kit.copying import write_rows

# What a staged column is in PostgreSQL; all others are text.
_TYPES: Mapping[str, str] = {
    "account_id": "bigint",
    "annual_revenue": "bigint",
    "custom": "jsonb",
    "employees": "bigint",
    "is_competitor": "boolean",
}
# Keys that follow from another field: written with it, no history of their own.
_DERIVED = frozenset({"name_key", "person_key"})

_APPLY = """
WITH changed AS MATERIALIZED (
    SELECT c.id, {olds}, {news}
      FROM incoming i JOIN {table} c ON c.id = i.id
     WHERE {differs}
     ORDER BY c.id
       FOR NO KEY UPDATE OF c
), history AS (
    INSERT INTO field_history (entity, entity_id, field, value, valid_until, member_id, import_id)
    SELECT %(entity)s, changed.id, v.field, v.value, %(now)s, %(member_id)s, %(import_id)s
      FROM changed CROSS JOIN LATERAL ({superseded}) v (field, value)
), written AS (
    UPDATE {table} c SET {sets}, updated_at = %(now)s FROM changed WHERE c.id = changed.id
)
SELECT id, {left} FROM changed
"""
_LEFT = "CASE WHEN old_account_id <> new_account_id THEN old_account_id END"


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy `rows` into `table`. Values go as text, so that JSON and times may be given as their text."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,  # Django wraps what its cursors do, and has no COPY
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        write_rows(copy, rows)


def new_ids(table: str, count: int) -> list[int]:
    """Take `count` ids of `table` before the rows are there, so that their children can be copied beside them."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The sequence is looked up once, not once for each row.
            "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) s, "
            "generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


class Applied(NamedTuple):
    """Which records differ from before, and the accounts that some contacts left by it."""

    changed: set[int]
    left: set[int]


def apply_changes(
    entity: Entity,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    now: datetime,
    import_id: int | None = None,
    member_id: int | None = None,
) -> Applied:
    """Write what differs, keep what it replaces in the field history, and return what changed.

    Each row is (id, overrules, value of each column). None says nothing and changes nothing; a row that does not
    overrule fills empty fields only. `custom` is an object whose members are set one by one.
    """
    table = entity.value
    definition = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming")
        cursor.execute(
            f"CREATE TEMP TABLE incoming (id bigint, overrules boolean, {definition}) ON COMMIT DROP"
        )
    copy_rows("incoming", ("id", "overrules", *columns), rows)
    statement = _APPLY.format(
        table=table,
        olds=", ".join(f"c.{name} AS old_{name}" for name in columns),
        news=", ".join(f"{_new(name)} AS new_{name}" for name in columns),
        differs=" OR ".join(_differs(name) for name in columns),
        superseded=" UNION ALL ".join(_superseded(name) for name in columns if name not in _DERIVED),
        sets=", ".join(f"{name} = changed.new_{name}" for name in columns),
        left=_LEFT if "account_id" in columns else "NULL",
    )
    with connection.cursor() as cursor:
        # Without statistics of the fresh table the planner would read the whole table beside it.
        cursor.execute(
            "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"
        )
        cursor.execute(
            statement, {"entity": entity.value, "now": now, "import_id": import_id, "member_id": member_id}
        )
        rows_changed = cursor.fetchall()
        cursor.execute(
            "SELECT set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true)"
        )
    return Applied({row[0] for row in rows_changed}, {row[1] for row in rows_changed} - {None})


def add_emails(rows: Sequence[tuple[int, str, str]], *, now: datetime) -> list[tuple[int, int]]:
    """Give known contacts more addresses (contact, as typed, normal); return (contact, new id) of each."""
    return _insert(
        """
        INSERT INTO contact_email (contact_id, address, normal, is_primary, created_at)
        SELECT o, a, n, NOT EXISTS (SELECT FROM contact_email e WHERE e.contact_id = o)
               AND row_number() OVER (PARTITION BY o ORDER BY place) = 1, %s
          FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY given (o, a, n, place)
        RETURNING contact_id, id
        """,
        rows,
        now,
    )


def add_phones(rows: Sequence[tuple[int, str, str | None, str]], *, now: datetime) -> list[tuple[int, int]]:
    """Give known contacts more phone numbers (contact, as typed, normal, label); return (contact, new id)."""
    return _insert(
        """
        INSERT INTO contact_phone (contact_id, number, normal, label, created_at)
        SELECT o, p, n, l, %s FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) given (o, p, n, l)
         WHERE NOT EXISTS (SELECT FROM contact_phone c WHERE c.contact_id = o AND c.number = p)
        RETURNING contact_id, id
        """,
        rows,
        now,
    )


def add_ids(entity: Entity, rows: Sequence[tuple[int, str, str]], *, now: datetime) -> list[tuple[int, int]]:
    """Give known records more ids in other systems (record, source, value); return (record, new id) of each."""
    owner = f"{entity.value}_id"
    return _insert(
        f"""
        INSERT INTO {entity.value}_external_id ({owner}, source, value, created_at)
        SELECT o, s, v, %s FROM unnest(%s::bigint[], %s::text[], %s::text[]) given (o, s, v)
        RETURNING {owner}, id
        """,  # noqa: S608 - the names of our own tables
        rows,
        now,
    )


def _insert(statement: str, rows: Sequence[tuple[Any, ...]], now: datetime) -> list[tuple[int, int]]:
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, *(list(column) for column in zip(*rows, strict=True))])
        return list(cursor.fetchall())


def _new(column: str) -> str:
    if column == "custom":
        return (
            "CASE WHEN i.overrules THEN c.custom || coalesce(i.custom, '{}') "
            "ELSE coalesce(i.custom, '{}') || c.custom END"
        )
    return f"CASE WHEN i.overrules THEN coalesce(i.{column}, c.{column}) ELSE coalesce(c.{column}, i.{column}) END"


def _differs(column: str) -> str:
    if column == "custom":
        return (
            "(i.custom IS NOT NULL AND NOT c.custom @> i.custom AND (i.overrules OR EXISTS "
            "(SELECT FROM jsonb_object_keys(i.custom) key WHERE NOT c.custom ? key)))"
        )
    return (
        f"(i.{column} IS NOT NULL AND c.{column} IS DISTINCT FROM i.{column} "
        f"AND (i.overrules OR c.{column} IS NULL))"
    )


def _superseded(column: str) -> str:
    if column == "custom":
        return (
            "SELECT 'custom.' || key, changed.old_custom -> key FROM jsonb_object_keys(changed.new_custom) key "
            "WHERE changed.old_custom -> key IS DISTINCT FROM changed.new_custom -> key"
        )
    return (
        f"SELECT '{column}', to_jsonb(changed.old_{column}) "  # noqa: S608 - columns that the caller checked
        f"WHERE changed.old_{column} IS DISTINCT FROM changed.new_{column}"
    )
