"""The home of a test run, set before Django reads its settings: a temporary folder and a PostgreSQL in it."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

_MINE = "ORCHARD_TEST_HOME" not in os.environ
if _MINE:
    os.environ["ORCHARD_TEST_HOME"] = os.environ["ORCHARD_HOME"] = tempfile.mkdtemp(prefix="orchard-test-")
    os.environ["ORCHARD_EMAIL_URL"] = "console://"

from orchard.kit import embedded_postgres  # noqa: E402 - nothing of Orchard may be read before its home is set

HOME = Path(os.environ["ORCHARD_TEST_HOME"])
EMBEDDED = "DATABASE_URL" not in os.environ


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL, or attach to the one that this run has started, unless DATABASE_URL names a server."""
    if EMBEDDED:
        server = embedded_postgres.ensure_running(HOME)
        if _MINE:
            _do_not_wait_for_the_disk(server.dsn)


def _do_not_wait_for_the_disk(dsn: str) -> None:
    """Let this server, whose data nobody needs after the run, flush nothing: a database is dropped forty times faster.

    Tests of what survives a kill start servers of their own.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started and remove the home."""
    if EMBEDDED:
        embedded_postgres.release(HOME)
    if _MINE:
        if EMBEDDED:
            embedded_postgres.remove(HOME)
        shutil.rmtree(HOME, ignore_errors=True)
