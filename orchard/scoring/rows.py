"""How analytical rows come out of PostgreSQL as Arrow: of a few contacts by index, or of everybody as a stream.

The source of a table that reads `facts` is narrowed by a common table expression of that name, which hides the view:
so one declaration serves a few contacts, where the ledger is entered by index, and everybody.
"""

import io
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
from django.db import connection
from psycopg import sql
from pyarrow import csv

from orchard.engine.types import FACTS, ColumnType, TableSpec

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
    ids = sql.Literal(list(contact_ids))
    if table.name != FACTS:
        where = sql.SQL("t.contact_id = ANY ({}::bigint[])").format(ids)
        return _copied(table, _select(table, where))
    narrowed = sql.SQL(
        "WITH facts AS (SELECT * FROM facts_of({}::bigint[]) WHERE human AND kind = ANY ({}::text[])) {}"
    ).format(ids, sql.Literal(sorted(kinds or ())), _select(table))
    return _copied(table, narrowed)


def everybody(table: TableSpec, *, kinds: Collection[str] | None = None) -> sql.Composed:
    """Return the SELECT of every row of a table, narrowed to `kinds` where it is the facts."""
    if table.name != FACTS or kinds is None:
        return _select(table)
    where = sql.SQL("t.human AND t.kind = ANY ({}::text[]) AND t.contact_id IS NOT NULL")
    return _select(table, where.format(sql.Literal(sorted(kinds))))


def streamed(table: TableSpec, select: sql.Composed) -> Iterator[pa.RecordBatch]:
    """Yield what `select` gives as record batches of some ten thousand rows."""
    for chunk in _chunks(select, size=8 * 2**20):
        yield from _parsed(table, chunk).to_batches()


def _select(table: TableSpec, where: sql.Composable | None = None) -> sql.Composed:
    columns = sql.SQL(", ").join(_written(name, type_) for name, type_ in table.columns.items())
    source = sql.SQL(table.source)  # type: ignore[arg-type] # our own text
    select = sql.SQL("SELECT {} FROM ({}) AS t").format(columns, source)
    return select if where is None else sql.SQL("{} WHERE {}").format(select, where)


def _written(name: str, type_: ColumnType) -> sql.Composable:
    """Write a time as whole microseconds since 1970: exact, and read without parsing dates."""
    column = sql.Identifier("t", name)
    if type_ is ColumnType.TIMESTAMP:
        return sql.SQL("(date_part('epoch', {}) * 1000000)::bigint").format(column)
    if type_ is ColumnType.JSON:
        return sql.SQL("{}::text").format(column)
    return column


def _chunks(select: sql.Composed, *, size: int) -> Iterator[bytes]:
    """Yield the CSV of a SELECT in pieces of whole rows: PostgreSQL sends each row as a message of its own."""
    copy_out = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(select)
    held = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(copy_out) as copy:
        for piece in copy:
            held.write(piece)
            if held.tell() >= size:
                yield held.getvalue()
                held = io.BytesIO()
    yield held.getvalue()


def _copied(table: TableSpec, select: sql.Composed) -> pa.Table:
    return _parsed(table, b"".join(_chunks(select, size=2**62)))


def _parsed(table: TableSpec, text: bytes) -> pa.Table:
    """Read CSV as PostgreSQL writes it: nothing is NULL, two quotes are the empty text."""
    wanted = pa.schema([(name, ARROW[type_]) for name, type_ in table.columns.items()])
    if not text.strip(b"\n"):
        return wanted.empty_table()
    plain = {name: _plain(type_) for name, type_ in table.columns.items()}
    found = csv.read_csv(
        pa.py_buffer(text),
        read_options=csv.ReadOptions(column_names=list(plain), use_threads=len(text) > 2**20),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=plain,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return found.cast(wanted)


def _plain(type_: ColumnType) -> pa.DataType:
    return pa.int64() if type_ is ColumnType.TIMESTAMP else ARROW[type_]
