"""What power cuts in the middle of reading the ledger leave: every fact that was stored, and each effect once."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from orchard.kit import embedded_postgres
from tests.make.postgres_process import kill_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROWS, KILLS = 20_000, 4
MAP = """\
contact: {email: email, full_name: name}
interactions:
  - {kind: show.visited, at: visited}
  - {kind: quote.requested, at: asked, only_if: asked}
"""


class Home:
    """A home of its own, and the commands of Orchard in it."""

    def __init__(self, folder):
        self.folder = folder
        without = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.environment = {**without, "ORCHARD_HOME": str(folder)}

    def start(self, *arguments):
        command = [sys.executable, "-m", "orchard", *map(str, arguments)]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def orchard(self, *arguments):
        process = self.start(*arguments, "--json")
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, (arguments, out, err)
        return json.loads(out)

    @contextmanager
    def database(self):
        with embedded_postgres.running(self.folder) as address, psycopg.connect(address.dsn) as connection:
            connection.autocommit = True
            yield connection


@pytest.fixture
def home(tmp_path):
    yield Home(tmp_path / "home")
    embedded_postgres.remove(tmp_path / "home")


def visitors(path):
    now = datetime.now(UTC)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("email", "name", "visited", "asked"))
        for number in range(ROWS):
            at = (now - timedelta(minutes=1 + number % 500)).isoformat()
            writer.writerow((f"p{number}@example.org", f"Person {number}", at, at if number % 3 == 0 else ""))


def killed_while_reading(home):
    """Let the workers come up, wait until they have read a little, and cut the power."""
    workers = home.start("worker")
    try:
        with home.database() as database:
            begun, read = (
                time.monotonic(),
                "SELECT coalesce(sum(pos), 0) FROM ledger_cursor WHERE lane = 'bulk'",
            )
            before = database.execute(read).fetchone()
            while database.execute(read).fetchone() == before:
                assert time.monotonic() - begun < 60, "nobody reads"
                time.sleep(0.05)
            kill_server(home.folder)
    except psycopg.OperationalError:
        pass
    finally:
        os.killpg(workers.pid, signal.SIGKILL)
        workers.communicate()


def test_after_power_cuts_in_the_middle_of_reading_each_effect_is_there_once(home, tmp_path):
    home.orchard("migrate")
    home.orchard("demo")
    (tmp_path / "map.yaml").write_text(MAP)
    visitors(tmp_path / "people.csv")
    stored = home.orchard("import", tmp_path / "people.csv", "--map", tmp_path / "map.yaml")
    assert stored["created"] == ROWS
    for _ in range(KILLS):
        killed_while_reading(home)
    home.orchard("drain")
    with home.database() as database:
        kept = "SELECT count(*) FROM interaction WHERE kind = 'quote.requested' AND import_id IS NOT NULL"
        assert database.execute(kept).fetchone()[0] >= ROWS // 3
        twice = """
            SELECT count(*) FROM (SELECT direction, lag(direction) OVER (PARTITION BY contact_id ORDER BY id) AS before
                                    FROM interaction WHERE kind = 'verdict.changed') told WHERE direction = before"""
        assert database.execute(twice).fetchone()[0] == 0
        qualified = database.execute("SELECT count(*) FROM verdict WHERE qualified").fetchone()[0]
        told = database.execute("SELECT count(*) FROM verdict_announced WHERE qualified").fetchone()[0]
        assert qualified == told > ROWS // 3
        # Those of the demo went all ways; of those in the file each who is ripe is one open lead.
        came = "SELECT contact_id FROM interaction WHERE kind = 'contact.created' AND import_id IS NOT NULL"
        ripe = f"SELECT count(*) FROM verdict WHERE qualified AND contact_id IN ({came})"
        is_open = "state IN ('waiting', 'offered', 'escalated', 'accepted')"
        leads = f"SELECT count(*), count(DISTINCT contact_id) FROM lead WHERE {is_open} AND contact_id IN ({came})"
        number = database.execute(ripe).fetchone()[0]
        assert database.execute(leads).fetchone() == (number, number)
    assert home.orchard("rebuild")["differences"] == 0
