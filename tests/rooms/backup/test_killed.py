"""A backup or a restore that is stopped leaves nothing that looks whole; a plain role is enough for both."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact
from orchard.kit import clock
from tests.make import database, server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROWS = 10_000


@pytest.fixture
def company(own_database):
    """Give a company whose backup takes some seconds."""
    contacts.create_contact(full_name="Ada", now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interaction_words (interaction_id, text)"
            f" SELECT n, repeat(md5(n::text), 600) FROM generate_series(1, {ROWS}) n"
        )
    connection.close()
    return own_database


def _hears_ctrl_c():
    """Give Ctrl-C back to the command: whoever runs several processes of tests keeps it from them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def command(name, *arguments, home, **more):
    environment = {**server.environment(name), "ORCHARD_HOME": str(home), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "orchard", *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 - it takes no lock that a thread may hold
    )


def done(process):
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out


def copying(name):
    """Wait until a COPY of the large table is under way."""
    deadline = time.monotonic() + 60
    with psycopg.connect(**database.parameters("postgres"), autocommit=True) as watcher:
        while time.monotonic() < deadline:
            found = watcher.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND state = 'active'"
                " AND query LIKE 'COPY \"interaction_words\"%%'",
                [name],
            ).fetchone()
            if found:
                return
            time.sleep(0.01)
    raise AssertionError("No COPY was seen.")


@contextmanager
def role(name):
    with psycopg.connect(**database.parameters("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_backup_that_is_stopped_leaves_no_file_of_its_name(company, tmp_path, sign):
    path = tmp_path / "all.backup"
    process = command(company, "backup", path, home=tmp_path)
    copying(company)
    process.send_signal(sign)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert not path.exists()
    if sign == signal.SIGINT:
        assert errors.strip().endswith("Stopped.")
        assert list(tmp_path.glob("*.part")) == []
    done(command(company, "backup", path, home=tmp_path))
    assert path.exists()
    assert list(tmp_path.glob("*.part")) == []


def test_a_restore_that_is_killed_leaves_the_installation_empty(company, tmp_path):
    path = tmp_path / "all.backup"
    done(command(company, "backup", path, home=tmp_path))
    name = f"killed_{os.getpid()}"
    database.clone(name)
    try:
        process = command(name, "restore", path, home=tmp_path / "home")
        copying(name)
        process.kill()
        process.communicate()
        deadline = time.monotonic() + 60
        with psycopg.connect(**database.parameters(name), autocommit=True) as left:
            while left.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            ).fetchone():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert left.execute("SELECT count(*) FROM contact").fetchone() == (0,)
            assert left.execute("SELECT count(*) FROM interaction_words").fetchone() == (0,)
        done(command(name, "restore", path, home=tmp_path / "home"))
        with database.inside(name):
            assert Contact.objects.get().full_name == "Ada"
    finally:
        database.drop(name)


def test_a_role_that_owns_its_database_and_nothing_else_can_do_all_of_it(own_database, tmp_path):
    path = tmp_path / "all.backup"
    contacts.create_contact(full_name="Ada", now=clock.now())
    connection.close()
    done(command(own_database, "backup", path, home=tmp_path))
    with role(f"plain_{os.getpid()}") as plain, database.bare(f"of_{plain}", owner=plain) as name:
        url = server.url_of(name).replace(f"//{database.parameters(name)['user']}@", f"//{plain}@")
        done(command(name, "restore", path, home=tmp_path / "home", DATABASE_URL=url))
        again = tmp_path / "again.backup"
        done(command(name, "backup", again, home=tmp_path / "home", DATABASE_URL=url))
        assert again.exists()
        done(command(name, "outbox", "open", "--yes", home=tmp_path / "home", DATABASE_URL=url))
        with psycopg.connect(**database.parameters(name)) as owned:
            found = owned.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                " AND relowner <> %s::regrole",
                [plain],
            ).fetchone()
        assert found == (0,)
