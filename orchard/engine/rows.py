"""How analytical rows come out of PostgreSQL as Arrow: of a few contacts by index, or of everybody as a stream.

The source of a table that reads `facts` is narrowed by a common table expression of that name, which hides the view:
so one declaration serves a few contacts, where the ledger is entered by index, and everybody.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

import pyarrow as pa
from django.db import connection
from psycopg import sql
from pyarrow import csv

from orchard.engine.types import FACTS, ColumnType, TableSpec
from orchard.kit.ids import as_array

ROWS = 50_000
MANY, PART = 5_000, 8
"""More contacts than these, and more than one of so many, are a good part of all: the ledger is gone through."""
_BLOCK = 65_536

ARROW = {
    ColumnType.BIGINT: pa.int64(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.TEXT: pa.string(),
    ColumnType.JSON: pa.string(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.TIMESTAMP: pa.timestamp("us", "UTC"),
    ColumnType.DATE: pa.date32(),
}


def of_contacts(
    table: TableSpec, contact_ids: Sequence[int], *, kinds: Collection[str] | None = None
) -> pa.Table:
    """Return the rows of living contacts; of `facts`, those made by humans and of `kinds` alone.

    `contact_ids` must be living ones: an id that was joined with another has no rows.
    """
    ids = sql.Literal(as_array(contact_ids))
    if table.name != FACTS:
        where = sql.SQL("t.contact_id = ANY ({}::bigint[])").format(ids)
        return _gathered(table, _select(table, where), sql.SQL(""))
    narrowed = sql.SQL(
        "WITH facts AS (SELECT * FROM {}({}::bigint[]) WHERE human AND kind = ANY ({}::text[]))"
    ).format(
        sql.Identifier("facts_of_many" if _are_many(len(contact_ids)) else "facts_of"),
        ids,
        sql.Literal(sorted(kinds or ())),
    )
    return _gathered(table, _select(table), narrowed)


def _are_many(contacts: int) -> bool:
    """Tell whether so many are a good part of all, as far as PostgreSQL has counted."""
    if contacts < MANY:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'contact'::regclass")
        return bool(contacts * PART > cursor.fetchone()[0] >= 0)


def everybody(table: TableSpec) -> pa.Table:
    """Return every row of a table with a `contact_id`, put together by PostgreSQL in blocks of neighbours.

    It takes a fifth of the time of `streamed` and holds all of it in memory: for a few columns.
    """
    text = sql.SQL(
        "SELECT string_agg({}, E'\\n') FROM ({}) AS r WHERE r.contact_id IS NOT NULL GROUP BY r.contact_id / {}"
    ).format(_cells(table), _select(table), sql.Literal(_BLOCK))
    with connection.cursor() as cursor:
        cursor.execute(text)
        blocks = [_parsed(table, block.encode() + b"\n") for (block,) in cursor]
    return pa.concat_tables(blocks) if blocks else _parsed(table, b"")


def few(table: TableSpec) -> pa.Table:
    """Return every row of a small table."""
    return _gathered(table, _select(table), sql.SQL(""))


def streamed(table: TableSpec) -> Iterator[pa.RecordBatch]:
    """Yield every row of a table as record batches of some ten thousand rows."""
    copy_out = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(_select(table))
    with connection.cursor() as cursor, cursor.copy(copy_out) as copy:
        rows = iter(copy)  # PostgreSQL sends each row as a message of its own
        while text := b"".join(islice(rows, ROWS)):
            yield from _parsed(table, text).to_batches()


def _select(table: TableSpec, where: sql.Composable | None = None) -> sql.Composed:
    columns = sql.SQL(", ").join(_plain(name, type_) for name, type_ in table.columns.items())
    source = sql.SQL(table.source)
    select = sql.SQL("SELECT {} FROM ({}) AS t").format(columns, source)
    return select if where is None else sql.SQL("{} WHERE {}").format(select, where)


def _plain(name: str, type_: ColumnType) -> sql.Composable:
    """Write a time as whole microseconds since 1970: exact, and read without parsing dates."""
    column = sql.Identifier("t", name)
    if type_ is ColumnType.TIMESTAMP:
        return sql.SQL("(date_part('epoch', {}) * 1000000)::bigint AS {}").format(
            column, sql.Identifier(name)
        )
    return column


def _gathered(table: TableSpec, select: sql.Composed, with_: sql.Composable) -> pa.Table:
    """Read rows as one CSV text: taken row by row, ten thousand of them would cost twenty times as much."""
    whole = sql.SQL("{} SELECT string_agg({}, E'\n') FROM ({}) AS r").format(with_, _cells(table), select)
    with connection.cursor() as cursor:
        cursor.execute(whole)
        (text,) = cursor.fetchone()
    return _parsed(table, text.encode() + b"\n" if text else b"")


def _cells(table: TableSpec) -> sql.Composable:
    return sql.SQL(" || ',' || ").join(_cell(name, type_) for name, type_ in table.columns.items())


def _cell(name: str, type_: ColumnType) -> sql.Composable:
    """Write one value as COPY would: nothing for NULL, text in quotes."""
    column = sql.Identifier("r", name)
    if type_ in (ColumnType.TEXT, ColumnType.JSON):
        return sql.SQL("coalesce('\"' || replace({}, '\"', '\"\"') || '\"', '')").format(column)
    return sql.SQL("coalesce({}::text, '')").format(column)


def _parsed(table: TableSpec, text: bytes) -> pa.Table:
    """Read CSV as PostgreSQL writes it: nothing is NULL, two quotes are the empty text."""
    wanted = pa.schema([(name, ARROW[type_]) for name, type_ in table.columns.items()])
    if not text:
        return wanted.empty_table()
    times = {name: pa.int64() for name, type_ in table.columns.items() if type_ is ColumnType.TIMESTAMP}
    found = csv.read_csv(
        pa.py_buffer(text),
        read_options=csv.ReadOptions(column_names=wanted.names, use_threads=len(text) > 2**20),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={**dict(zip(wanted.names, wanted.types, strict=True)), **times},
            null_values=[""],
            true_values=["t", "true"],
            false_values=["f", "false"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return found.cast(wanted)
