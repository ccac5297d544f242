"""How a backup comes back: into an empty installation, verified while it is read, visible as a whole or not at all."""

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from orchard.backup import archive, rules, schema
from orchard.backup.actions.back_up import key_hash
from orchard.backup.types import Done, Manifest, Restored, Table, Unreadable
from orchard.connect import actions as imports
from orchard.contacts import actions as contacts
from orchard.journal import actions as journal
from orchard.kit.errors import Conflict, Refused
from orchard.outbox import actions as outbox
from orchard.outbox import queries as waiting
from orchard.outbox.types import restored

Progress = Callable[[int], None]
"""Is told how many bytes more are done."""

# A row in one of these makes an installation somebody's.
_COMPANY = ("member", "contact", "account", "interaction", "campaign")

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
   AND backend_type = 'client backend'
"""

# What the server says of rows that are no rows of the table.
_NO_ROWS = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProtocolViolation)


def restore(*, path: Path, now: datetime, progress: Progress = lambda _: None) -> Restored:
    """Load a backup, check every count and hash, close the gate, and erase again who was erased since.

    Raises `Unreadable` where the backup is not as it was written, `Conflict` where a company is here already or Orchard
    is running, and `Refused` where the versions or the secret keys do not fit.
    """
    begun = time.monotonic()
    with archive.reading(path) as backup:
        manifest = backup.manifest
        _refuse_newer(manifest)
        key = _key(backup)
        connection.ensure_connection()
        with schema.in_words(), transaction.atomic():
            database = connection.connection
            # An older backup is brought to this version in the same transaction, which no waiting trigger may hinder.
            database.execute("SET LOCAL lock_timeout = '10s'; SET CONSTRAINTS ALL IMMEDIATE")
            _refuse_company(database)
            _shape(database, manifest)
            _load(database, backup, progress)
            call_command("migrate", verbosity=0, interactive=False)
            database.execute("SET CONSTRAINTS ALL DEFERRED")
            again = _settle(backup, key, now)
        _analyze(manifest)
        return Restored(
            done=Done(
                tables=len(manifest.tables),
                rows=sum(each.rows for each in manifest.tables),
                bytes=sum(each.bytes for each in manifest.tables),
                files=len(manifest.files),
                file_bytes=path.stat().st_size,
                seconds=round(time.monotonic() - begun, 3),
            ),
            made_at=datetime.fromisoformat(manifest.made_at),
            erased_again=again.people,
            left=again.left,
            waiting=waiting.standing().waiting,
        )


def _refuse_newer(manifest: Manifest) -> None:
    known = {
        (str(app), str(name)) for app, name in MigrationExecutor(connection).loader.disk_migrations or {}
    }
    if sentence := rules.too_new(manifest, known, metadata.version("orchard")):
        raise Refused(sentence)


def _refuse_company(database: schema.Connection) -> None:
    if database.execute(_OTHERS).fetchone()[0]:
        raise Conflict("Orchard is running on this database: stop it (web and worker), then restore.")
    there = schema.tables(database)
    for name in _COMPANY:
        if name in there and schema.count(database, name):
            raise Conflict(
                "There is a company in this installation already. Restore into an empty one: another ORCHARD_HOME,"
                " or a new database in DATABASE_URL."
            )


def _shape(database: schema.Connection, manifest: Manifest) -> None:
    """See that the database has the shape of the backup: made here in an empty one, else there already."""
    wanted = set(manifest.migrations)
    if not schema.tables(database):
        MigrationExecutor(connection).migrate(rules.last_of_each(wanted))
    if set(MigrationRecorder(connection).applied_migrations()) != wanted:
        raise Refused(
            f"This database is not at the version of the backup (Orchard {manifest.orchard}). Restore into one that"
            " nothing was ever done in, not even `orchard migrate`: a new ORCHARD_HOME, or a new database in"
            " DATABASE_URL."
        )
    found = schema.tables(database)
    said = {each.name: set(each.columns) for each in manifest.tables}
    for name in sorted(found.keys() ^ {*said, *manifest.left_out}):
        raise Unreadable(f"The table {name} is in the backup or in the database, and not in both.")
    for name, columns in said.items():
        if columns != set(found[name]):
            raise Unreadable(
                f"The table {name} of the backup has other columns than the one in the database."
            )


def _load(database: schema.Connection, backup: archive.Reader, progress: Progress) -> None:
    manifest = backup.manifest
    database.execute("SET LOCAL maintenance_work_mem = '256MB'")
    with schema.laid_bare(database, [*(each.name for each in manifest.tables), *manifest.left_out]):
        for table in manifest.tables:
            _fill(database, backup, table, progress)
    schema.set_sequences(database, manifest.sequences)
    for table in manifest.tables:
        if (rows := schema.count(database, table.name)) != table.rows:
            raise Unreadable(f"The table {table.name} has {rows:,} rows after loading, not {table.rows:,}.")


def _fill(database: schema.Connection, backup: archive.Reader, table: Table, progress: Progress) -> None:
    statement = schema.copy_statement(table.name, table.columns, "FROM STDIN (FORMAT binary, FREEZE)")
    try:
        with database.cursor() as cursor, cursor.copy(statement) as copy:
            for block in backup.table(table):
                copy.write(block)
                progress(len(block))
    except _NO_ROWS as error:
        raise Unreadable(
            f"The table {table.name} of the backup is not as it was written: take another backup."
        ) from error


def _settle(backup: archive.Reader, key: str, now: datetime) -> contacts.ErasedAgain:
    """Take over the key and the uploads, let nothing leave, and erase again who was erased since the backup."""
    manifest = backup.manifest
    if key:
        # Before the database is committed: under another key, nobody who was erased would be known again.
        secret = Path(settings.ORCHARD_HOME) / "secret"
        if secret.exists():  # of an installation that somebody forgot lived here, all would else be lost
            shutil.copy2(secret, secret.with_name("secret.before-restore"))
        backup.file(rules.SECRET, secret)
        settings.SECRET_KEY = key
    imports.rehome(backup.file)
    made_at = datetime.fromisoformat(manifest.made_at)
    outbox.close(reason=restored(made_at), now=now)
    again = contacts.erase_again(now=now)
    journal.record(
        actor_id=None,
        action="backup.restored",
        details={"made_at": manifest.made_at, "erased_again": again.people, "left": list(again.left)},
        now=now,
    )
    return again


def _key(backup: archive.Reader) -> str:
    """Return the secret key that the backup brings; empty where it is the one that is here."""
    wanted = backup.manifest.key
    if key_hash(settings.SECRET_KEY) == wanted:
        return ""
    if settings.CONFIG.secret_given():
        raise Refused(
            "ORCHARD_SECRET_KEY is not the key that this backup was made with, and nobody would be known again by it:"
            " set it to that key, or leave it out if the backup brings its own."
        )
    text = backup.text(rules.SECRET)
    if text is None:
        raise Refused(
            "This backup was made with a secret key from the environment, which is not in the file: set"
            " ORCHARD_SECRET_KEY to that key and restore again."
        )
    if key_hash(text.strip()) != wanted:
        raise Unreadable("The secret key of the backup is not the one it was made with: take another backup.")
    return text.strip()


def _analyze(manifest: Manifest) -> None:
    """Let the planner know the tables that were just filled."""
    names = sql.SQL(", ").join(sql.Identifier(each.name) for each in manifest.tables if each.rows)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(names))
