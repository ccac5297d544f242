"""How a backup is made: one moment of the whole database, and the files that belong to it, while work goes on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from orchard.backup import archive, rules, schema
from orchard.backup.models import Made
from orchard.backup.types import FORMAT, LEFT_OUT, Done, File, Manifest, Table
from orchard.connect import queries as imports
from orchard.kit.errors import Conflict
from orchard.kit.garbage import uncollected
from orchard.kit.ids import keyed_hash

Progress = Callable[[int], None]
"""Is told how many bytes more are done."""


def back_up(*, path: Path, now: datetime, progress: Progress = lambda _: None) -> Done:
    """Write everything into one file; it has its name only once it is whole and on the disk.

    Raises `Conflict` where another backup is being written to the same file, or the database is being migrated.
    """
    begun = time.monotonic()
    migrations = tuple(sorted(MigrationRecorder(connection).applied_migrations()))
    with schema.in_words(), archive.writing(path) as writer, _one_moment() as (database, tables):
        kept = [
            _table(database, writer, name, columns, progress)
            for name, columns in tables.items()
            if name not in LEFT_OUT
        ]
        files = tuple(_files(writer))
        writer.end(
            Manifest(
                format=FORMAT,
                orchard=metadata.version("orchard"),
                postgresql=database.execute("SHOW server_version").fetchone()[0],
                made_at=now.isoformat(),
                migrations=migrations,
                tables=tuple(kept),
                left_out=tuple(sorted(LEFT_OUT & tables.keys())),
                sequences=tuple(schema.sequences(database)),
                files=files,
                key=key_hash(settings.SECRET_KEY),
            )
        )
    done = Done(
        tables=len(kept),
        rows=sum(each.rows for each in kept),
        bytes=sum(each.bytes for each in kept),
        files=len(files),
        file_bytes=path.stat().st_size,
        seconds=round(time.monotonic() - begun, 3),
    )
    if "backup_made" in tables:  # a former version's database, not migrated yet, has none
        _note(path, done, now)
    return done


def _note(path: Path, done: Done, now: datetime) -> None:
    Made.objects.create(
        at=now,
        path=str(path.absolute()),
        tables=done.tables,
        rows=done.rows,
        bytes=done.bytes,
        file_bytes=done.file_bytes,
        seconds=done.seconds,
    )


def key_hash(key: str) -> str:
    """Return by what one secret key is told from another."""
    return str(keyed_hash("orchard", key=key.encode(), purpose="backup"))


@contextmanager
def _one_moment() -> Iterator[tuple[schema.Connection, dict[str, tuple[str, ...]]]]:
    """Give a connection that sees one moment of all tables, and those tables.

    They are locked, as any reader locks them, before the moment is fixed: what a migration changed in between would
    else be seen half.
    """
    snapshot = connection.copy()
    snapshot.ensure_connection()
    database = snapshot.connection
    try:
        tables = schema.tables(database)
        # The order of rows decides the hash; the scan of a large table would else begin where another one is.
        database.execute("SET synchronize_seqscans = off")
        database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        database.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(
                sql.SQL(", ").join(map(sql.Identifier, tables))
            )
        )
        if schema.tables(database) != tables:
            raise Conflict("The database is being migrated: take the backup when that has ended.")
        yield database, tables
    finally:
        snapshot.close()


def _table(
    database: schema.Connection,
    writer: archive.Writer,
    name: str,
    columns: tuple[str, ...],
    progress: Progress,
) -> Table:
    with (
        writer.table(name) as sink,
        uncollected(),
    ):  # millions of short rows pass, none of which holds a cycle
        reading = schema.copied_out(database, name, columns, block=archive.BLOCK)
        for piece in reading.pieces():
            sink.write(piece)
            progress(len(piece))
        return Table(name, columns, reading.rows, sink.bytes, sink.close())


def _files(writer: archive.Writer) -> Iterator[File]:
    """Keep the secret key, unless the environment gives it, and the uploads of imports that have not ended."""
    home = Path(settings.ORCHARD_HOME)
    names = {} if settings.CONFIG.secret_given() else {rules.SECRET: home / "secret"}
    for import_id, path in imports.kept_files():
        names[f"imports/{import_id}/{path.name}"] = path
    for name, source in names.items():
        if kept := writer.file(name, source):
            yield kept
