"""What the commands say of a database that is away, or of another version."""

import os
import subprocess
import sys
from urllib.parse import urlencode

import psycopg
import pytest

from tests.make import database


@pytest.fixture
def empty_database(own_database):
    """Give the address of a database that holds nothing."""
    with psycopg.connect(**database.parameters(own_database), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    given = database.parameters(own_database)
    return f"postgresql://{given['user']}@/{own_database}?{urlencode({'host': given['host']})}"


def orchard(*arguments, **environment):
    return subprocess.run(  # noqa: PLW1510 - the code is what is asked
        [sys.executable, "-m", "orchard", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("command", [["demo"], ["web"], ["worker"]])
def test_a_database_without_this_version_is_named_with_what_to_do(command, empty_database):
    done = orchard(*command, DATABASE_URL=empty_database)
    assert done.returncode == 1
    assert "migrations of this version. Run `orchard migrate` first." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_in_a_sentence():
    done = orchard("drain", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer: ")
    assert "Traceback" not in done.stderr
