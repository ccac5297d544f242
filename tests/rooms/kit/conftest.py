"""Homes for an embedded PostgreSQL: an empty one, and one that was used and stopped."""

import shutil
import subprocess

import psycopg
import pytest

from orchard.kit import embedded_postgres


@pytest.fixture
def home(tmp_path):
    """Name a home where nothing was ever started."""
    yield tmp_path / "home"
    embedded_postgres.remove(tmp_path / "home")


@pytest.fixture
def used_home(home, _stopped_data):
    """Make a home whose server was stopped; its table `kept` (number) is empty."""
    home.mkdir()
    base = embedded_postgres.places(home).base
    subprocess.run(["/bin/cp", "-a", _stopped_data, base], check=True)
    return home


@pytest.fixture(scope="session")
def _stopped_data(tmp_path_factory):
    first = tmp_path_factory.mktemp("first")
    with embedded_postgres.running(first) as address, psycopg.connect(address.dsn) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    kept = tmp_path_factory.mktemp("kept") / "base"
    subprocess.run(["/bin/cp", "-a", embedded_postgres.places(first).base, kept], check=True)
    embedded_postgres.remove(first)
    yield kept
    shutil.rmtree(kept)
