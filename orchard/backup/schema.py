"""What the database itself says it holds: no list of tables is kept, so none can be forgotten.

Around a load, indexes and constraints are taken away and made again, and triggers rest: whoever owns the tables may do
that, no superuser is needed.
"""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

from psycopg import errors, pq, sql

from orchard.backup import types
from orchard.kit.errors import Conflict, Refused

Connection = Any
"""A connection of psycopg, as Django opened it."""

_TABLES: LiteralString = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES: LiteralString = """
SELECT sequencename, last_value FROM pg_sequences
 WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename
"""
# Foreign keys stand on the others: they go first and come last.
_CONSTRAINTS: LiteralString = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
 WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('f', 'p', 'u', 'x') AND k.conparentid = 0
 ORDER BY k.contype = 'f' DESC, c.relname, k.conname
"""
_INDEXES: LiteralString = """
SELECT i.indexname, i.indexdef FROM pg_indexes i
 WHERE i.schemaname = current_schema() AND NOT EXISTS (
       SELECT FROM pg_constraint k JOIN pg_class c ON c.oid = k.conindid
        WHERE c.relname = i.indexname AND c.relnamespace = current_schema()::regnamespace
          AND k.contype IN ('p', 'u', 'x'))
 ORDER BY i.tablename, i.indexname
"""


@contextmanager
def in_words() -> Iterator[None]:
    """Say in a sentence what the server does not let us do."""
    try:
        yield
    except errors.LockNotAvailable as error:
        raise Conflict("Somebody else works on this database: end that, then try again.") from error
    except errors.InsufficientPrivilege as error:
        raise Refused(
            "The role of DATABASE_URL may not do this: it has to own the database and the tables of Orchard."
        ) from error
    except errors.DiskFull as error:
        raise Refused("The disk of the database is full: make room, then try again.") from error


def tables(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return every table with its columns in order, but for those that the database computes."""
    return {name: tuple(columns) for name, columns in connection.execute(_TABLES).fetchall()}


def sequences(connection: Connection) -> list[types.Sequence]:
    """Return the last number of each sequence that gave one."""
    return [types.Sequence(name, last) for name, last in connection.execute(_SEQUENCES).fetchall()]


def count(connection: Connection, table: str) -> int:
    """Return how many rows a table has."""
    (rows,) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(rows)


def copy_statement(table: str, columns: Sequence[str], way: LiteralString) -> sql.Composed:
    """Return the COPY of a table, in the binary format: a third faster than text, and exact."""
    return sql.SQL("COPY {} ({}) " + way).format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


class Reading:
    """A COPY out of a table: pieces of about `block` bytes, and, after the last one, how many rows there were.

    It speaks with libpq itself: millions of short rows take half the time of the driver's own way.
    """

    def __init__(self, connection: Connection, statement: sql.Composed, block: int) -> None:
        """Read what `statement` copies."""
        self._connection, self._statement, self._block = (
            connection.pgconn,
            statement.as_bytes(connection),
            block,
        )
        self.rows = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the table."""
        connection = self._connection
        started = connection.exec_(self._statement)
        if started.status != pq.ExecStatus.COPY_OUT:
            raise errors.error_from_result(started)
        take, waiting, size = connection.get_copy_data, [], 0
        while (got := take(1))[0] >= 0:
            if not got[0]:
                select.select([connection.socket], [], [])
                connection.consume_input()
                continue
            waiting.append(got[1])
            size += got[0]
            if size >= self._block:
                yield b"".join(waiting)
                waiting, size = [], 0
        ended = connection.get_result()
        if ended.status != pq.ExecStatus.COMMAND_OK:
            raise errors.error_from_result(ended)
        connection.get_result()
        self.rows = ended.command_tuples
        yield b"".join(waiting)


def copied_out(connection: Connection, table: str, columns: Sequence[str], *, block: int) -> Reading:
    """Return a COPY out of a table that has not begun."""
    return Reading(connection, copy_statement(table, columns, "TO STDOUT (FORMAT binary)"), block)


@contextmanager
def laid_bare(connection: Connection, names: Sequence[str]) -> Iterator[None]:
    """Empty the tables, let them be filled without indexes, constraints and triggers, then make all of these again.

    All of it in the caller's transaction: what does not hold afterwards undoes everything.
    """
    constraints = connection.execute(_CONSTRAINTS).fetchall()
    for table, name, _ in constraints:
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
        )
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))
    yield
    for _, definition in indexes:
        connection.execute(sql.SQL(definition))
    for table, name, definition in reversed(constraints):
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
            )
        )
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))


def set_sequences(connection: Connection, kept: Sequence[types.Sequence]) -> None:
    """Let every sequence go on behind the last number that it gave."""
    for each in kept:
        connection.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [each.name, each.last])
