"""The embedded PostgreSQL in foul weather: killed servers, killed owners, stale pid files, half-made data."""

import os
import random
import subprocess
import time

import psutil
import psycopg
import pytest

from orchard.kit import embedded_postgres
from orchard.kit.embedded_postgres.binaries import server_programs
from orchard.kit.embedded_postgres.postmaster import Answer, living_postmaster
from orchard.kit.embedded_postgres.servant import servant
from orchard.kit.errors import Refused
from tests.make.postgres_process import Attached, attached, kill_server, server_process


def write_pid_file(home, pid):
    data = embedded_postgres.places(home).data
    started = int(time.time())
    lines = [pid, data, started, 5432, embedded_postgres.address(home).host, "", " 12345 1", "ready   "]
    path = data / "postmaster.pid"
    path.write_text("\n".join(str(line) for line in lines) + "\n")
    os.chown(path, servant().uid, servant().gid)


def count(address):
    with psycopg.connect(address.dsn) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_a_stale_pid_file_that_names_another_program_neither_stops_us_nor_harms_it(used_home):
    # The bystander runs as the server's user: PostgreSQL alone takes any such process for its rival.
    bystander = subprocess.Popen(["/bin/sleep", "60"], user=servant().uid if os.geteuid() == 0 else None)
    write_pid_file(used_home, bystander.pid)
    with embedded_postgres.running(used_home) as address:
        assert count(address) == 0
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_stale_pid_file_that_names_a_zombie_does_not_stop_us(used_home):
    zombie = subprocess.Popen(["/bin/true"], user=servant().uid if os.geteuid() == 0 else None)
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    write_pid_file(used_home, zombie.pid)
    with embedded_postgres.running(used_home) as address:
        assert count(address) == 0
    zombie.wait()


@pytest.mark.parametrize("content", ["", "rubbish\n", "-1\n", "99999999999\n"])
def test_a_spoilt_pid_file_does_not_stop_us(used_home, content):
    (embedded_postgres.places(used_home).data / "postmaster.pid").write_text(content)
    with embedded_postgres.running(used_home) as address:
        assert count(address) == 0


def test_a_killed_postmaster_is_replaced_at_once_though_its_clients_hang_on(used_home):
    with embedded_postgres.running(used_home) as address:
        client = psycopg.connect(address.dsn, autocommit=True)
        client.execute("INSERT INTO kept VALUES (1)")
        server_process(used_home).kill()
        embedded_postgres.ensure_running(used_home)
        assert count(address) == 1
        client.close()
        embedded_postgres.release(used_home)


def test_a_backend_that_is_deep_in_a_query_does_not_hold_up_the_next_start(used_home):
    with attached(used_home) as owner:
        owner.started_at()
        dsn = embedded_postgres.address(used_home).dsn
        busy = psycopg.connect(dsn, autocommit=True)
        busy.pgconn.send_query(
            b"SELECT sum(a * b) FROM generate_series(1, 100000) a, generate_series(1, 100000) b"
        )
        busy.pgconn.flush()
        time.sleep(0.3)
        server_process(used_home).kill()
        time.sleep(1)
        assert psutil.Process(busy.info.backend_pid).is_running()
        with embedded_postgres.running(used_home) as address:
            assert count(address) == 0
        busy.close()


def test_a_single_user_postgres_at_work_on_the_data_is_neither_stopped_nor_joined(used_home, monkeypatch):
    monkeypatch.setattr("orchard.kit.embedded_postgres.postmaster._PATIENCE", dict.fromkeys(Answer, 0.5))
    where = embedded_postgres.places(used_home)
    single = subprocess.Popen(
        [server_programs(where) / "postgres", "--single", "-D", where.data, "postgres"],
        **{**servant().process, "stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL},
    )
    while not where.pid_file.exists() or not where.pid_file.read_text():
        time.sleep(0.01)
    with pytest.raises(Refused, match=f"process {single.pid}"), embedded_postgres.running(used_home):
        pass
    assert single.poll() is None
    single.communicate(timeout=30)


def test_the_zombie_of_a_postmaster_that_its_living_starter_left_is_replaced(used_home):
    with attached(used_home) as starter:
        assert starter.started_at()
        kill_server(used_home)
        with embedded_postgres.running(used_home) as address:
            assert count(address) == 0


def test_a_server_left_by_a_killed_owner_is_adopted_and_stopped_at_the_end(used_home):
    owner = Attached(used_home)
    started = owner.started_at()
    owner.kill()
    with attached(used_home) as heir:
        assert heir.started_at() == started
    assert living_postmaster(embedded_postgres.places(used_home)) is None


def test_a_server_that_hangs_is_named_and_not_replaced(used_home, monkeypatch):
    monkeypatch.setattr("orchard.kit.embedded_postgres.postmaster._PATIENCE", dict.fromkeys(Answer, 0.5))
    with attached(used_home) as owner:
        owner.started_at()
        process = server_process(used_home)
        process.suspend()
        with (
            pytest.raises(Refused, match=f"process {process.pid}") as refusal,
            embedded_postgres.running(used_home),
        ):
            pass
        process.resume()
        assert "kill -QUIT" in str(refusal.value)


def test_data_half_made_by_a_killed_first_start_is_made_anew(home):
    where = embedded_postgres.places(home)
    first = Attached(home)
    until = time.monotonic() + 30
    while not list(where.base.glob("data.half-made-*/base")) and time.monotonic() < until:
        time.sleep(0.001)
    first.kill()
    assert not where.data.exists()
    with embedded_postgres.running(home):
        assert where.data.exists()
    while list(where.base.glob("data.half-made-*")):  # the killed start's initdb may still be writing
        assert time.monotonic() < until
        with embedded_postgres.running(home):
            pass


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_twenty_times_everything_is_killed_and_started_at_once_and_no_committed_row_is_lost(used_home):
    committed = 0
    chance = random.Random(20)
    for _ in range(20):
        owner = Attached(used_home)
        owner.started_at()
        with psycopg.connect(embedded_postgres.address(used_home).dsn, autocommit=True) as client:
            for _ in range(chance.randrange(1, 200)):
                client.execute("INSERT INTO kept VALUES (1)")
                committed += 1
            owner.kill()
            kill_server(used_home)
            with embedded_postgres.running(used_home) as address:
                assert count(address) == committed


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_start_killed_at_any_moment_leaves_a_home_that_starts(home):
    chance = random.Random(7)
    for _ in range(20):
        starter = Attached(home)
        time.sleep(chance.uniform(0.05, 1.2))
        starter.kill()
        if chance.random() < 0.3:
            embedded_postgres.remove(home)
    with embedded_postgres.running(home) as address, psycopg.connect(address.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
