"""A migrated template database per run and schema, and clones of it."""

import hashlib
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg import sql

LOCK = 7_202_601


def parameters(name: str) -> dict[str, str]:
    """Return psycopg's connection parameters of a database of this server."""
    given = settings.DATABASES["default"]
    parts = {
        "host": given["HOST"],
        "port": given.get("PORT", ""),
        "user": given["USER"],
        "password": given.get("PASSWORD", ""),
        "dbname": name,
    }
    return {key: str(value) for key, value in parts.items() if value}


def clone(name: str) -> None:
    """Make database `name` from the template of this schema."""
    with _maintenance() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = f"template_{_schema()}"
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if not known:
            _migrate(connection, template)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def drop(name: str) -> None:
    """Drop a clone, whoever is still connected."""
    with _maintenance() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def inside(name: str):
    """Let Django work in another database of this server."""
    target = connections["default"].settings_dict
    before = target["NAME"]
    connections.close_all()
    target["NAME"] = settings.DATABASES["default"]["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        target["NAME"] = settings.DATABASES["default"]["NAME"] = before


@contextmanager
def bare(name: str, *, owner: str | None = None):
    """Give an empty database, in which nothing was migrated."""
    drop(name)
    with _maintenance() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        if owner:
            connection.execute(
                sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(owner))
            )
    try:
        yield name
    finally:
        connections.close_all()
        drop(name)


@contextmanager
def undone(*, read_only: bool = False):
    """Take back what happens inside; with `read_only` PostgreSQL itself refuses every write."""
    with transaction.atomic():
        if read_only:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        transaction.set_rollback(True)


@contextmanager
def _maintenance():
    with psycopg.connect(**parameters("postgres"), autocommit=True) as connection:
        yield connection


def _migrate(connection: psycopg.Connection, template: str) -> None:
    making = f"{template}_making"
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making)))
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(making)))
    target = connections["default"].settings_dict
    before = target["NAME"]
    connections.close_all()
    target["NAME"] = making
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connections.close_all()
        target["NAME"] = before
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(template))
    )


def _schema() -> str:
    """Return a digest of all migrations, so that a changed schema gets a template of its own."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[2] / "orchard"
    for path in sorted([*root.glob("**/migrations/*.py"), *root.glob("**/sql/*.sql")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
