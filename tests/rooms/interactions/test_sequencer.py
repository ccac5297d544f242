"""What holds when many processes write, place and read at once, and when some of them are killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Max

from orchard.interactions import actions, queries
from orchard.interactions.models import Cursor
from orchard.interactions.types import Consumer, NewFact, Sort
from tests.ground import HOME
from tests.make import database

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def form(contact=1):
    return NewFact("form.submitted", NOW, contact_id=contact)


def count(batch):
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tally (interaction_id, contact_id) VALUES (%s, %s)",
            [(fact.id, fact.contact_id) for fact in batch.facts],
        )


TALLY = Consumer("tally", count, Sort.REACTION)


@pytest.fixture
def tally(own_database):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tally (interaction_id bigint, contact_id bigint)")
    return own_database


def tallied():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT interaction_id) FROM tally")
        return cursor.fetchone()


def test_an_append_outside_of_a_transaction_is_a_bug(own_database):
    with pytest.raises(transaction.TransactionManagementError):
        actions.append([form()], now=NOW)


def test_a_writer_that_commits_late_is_read_all_the_same(tally):
    with psycopg.connect(**database.parameters(tally)) as late:
        late.execute(
            "INSERT INTO interaction"
            " (contact_id, subject_kind, kind, occurred_at, recorded_at, direction, currency, bulk)"
            " VALUES (1, '', 'form.submitted', now(), now(), 'in', '', false)"
        )
        with transaction.atomic():
            actions.append([form(2)], now=NOW)
        actions.drain([TALLY])
        assert tallied() == (1, 1)
        late.commit()
    actions.drain([TALLY])
    assert tallied() == (2, 2)


def test_a_foreign_transaction_left_open_holds_nobody_up(tally):
    with psycopg.connect(**database.parameters(tally)) as foreign:
        foreign.execute("SELECT txid_current()")
        foreign.execute("CREATE TABLE somebody_elses (n int)")
        with transaction.atomic():
            actions.append([form()], now=NOW)
        begun = time.monotonic()
        actions.drain([TALLY])
        assert time.monotonic() - begun < 1
        assert tallied() == (1, 1)


def test_writers_at_once_leave_no_gap_and_no_double(tally):
    def write():
        for _ in range(20):
            with transaction.atomic():
                actions.append([form(n) for n in range(25)], now=NOW)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        actions.drain([TALLY])
    actions.drain([TALLY])
    assert tallied() == (2000, 2000)
    assert queries.head() == 2000


def test_the_order_survives_dump_and_restore_in_the_middle(tally, tmp_path):
    from orchard.kit import embedded_postgres

    with transaction.atomic():
        actions.append([form(n) for n in range(50)], now=NOW)
    actions.drain([TALLY])
    with transaction.atomic():
        actions.append([form(n) for n in range(30)], now=NOW)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    where = {names[key]: value for key, value in database.parameters(tally).items()}
    environment = {**os.environ, **where}
    restored = f"{tally}_restored"
    database.clone(restored)
    with psycopg.connect(**database.parameters(restored), autocommit=True) as target:
        target.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    try:
        dump = subprocess.run(
            [embedded_postgres.pg_dump_path(HOME), "--no-owner"],
            env=environment,
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [embedded_postgres.psql_path(HOME), "-q", "-v", "ON_ERROR_STOP=1"],
            env={**environment, "PGDATABASE": restored},
            input=dump.stdout,
            check=True,
            capture_output=True,
        )
        connection.close()
        connection.settings_dict["NAME"] = restored
        with transaction.atomic():
            actions.append([form(n) for n in range(20)], now=NOW)
        actions.drain([TALLY])
        assert tallied() == (100, 100)
        assert queries.head() == 100
    finally:
        connection.close()
        connection.settings_dict["NAME"] = tally
        database.drop(restored)


WORKER = """
import django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
from threading import Event
from orchard.interactions import jobs
from tests.rooms.interactions.test_sequencer import TALLY
import threading
threading.Thread(target=jobs.serve_bulk, args=([TALLY], Event()), daemon=True).start()
jobs.serve_live([TALLY], Event())
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_workers_killed_at_random_points_have_every_effect_exactly_once(tally):
    """Facts keep coming until enough workers died, so that a quick machine does not finish before the first kill."""
    kills, alive, written = 12, threading.Event(), 0
    chance = random.Random(20_261_122)

    def start():
        return subprocess.Popen([sys.executable, "-c", WORKER.format(name=tally)], stderr=subprocess.DEVNULL)

    def write():
        nonlocal written
        while not alive.is_set():
            with transaction.atomic():
                lane = "bulk" if written % 300 == 0 else "live"
                actions.append([form(written + each) for each in range(100)], now=NOW, lane=lane)
            written += 100
        connection.close()

    workers = [start(), start()]
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(1.0, 3.5))
            victim = chance.randrange(len(workers))
            workers[victim].send_signal(signal.SIGKILL)
            workers[victim].wait()
            workers[victim] = start()
    finally:
        alive.set()
        writer.join()
        worked = Cursor.objects.filter(consumer="tally").aggregate(Max("pos"))["pos__max"]
        for worker in workers:
            worker.kill()
            worker.wait()
    actions.drain([TALLY])
    assert worked > 0, "no worker lived long enough to read a fact"
    assert tallied() == (written, written)
    assert queries.head() == written
