"""The embedded PostgreSQL in fair weather: who starts it, who joins, who stops it, and what it is like."""

import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from orchard.kit import embedded_postgres
from orchard.kit.embedded_postgres import process_table
from orchard.kit.embedded_postgres.postmaster import living_postmaster
from orchard.kit.errors import Refused
from tests.make.postgres_process import attached, server_process


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    home = tmp_path_factory.mktemp("shared")
    with embedded_postgres.running(home) as address:
        yield address
    embedded_postgres.remove(home)


def is_running(home):
    return living_postmaster(embedded_postgres.places(home)) is not None


def value(address, query):
    with psycopg.connect(address.dsn) as connection:
        return connection.execute(query).fetchone()[0]


def start_time(address):
    return str(value(address, "SELECT pg_postmaster_start_time()"))


def test_the_address_is_told_before_anything_runs_and_holds_afterwards(home):
    told = embedded_postgres.address(home)
    assert not home.exists()
    with embedded_postgres.running(home) as address:
        assert address == told
        assert value(address, "SELECT current_database() || ' ' || current_user") == "orchard orchard"


def test_the_address_serves_django_as_it_serves_libpq(shared_server):
    entry = shared_server.django()
    with psycopg.connect(
        host=entry["HOST"], port=entry["PORT"], user=entry["USER"], dbname=entry["NAME"]
    ) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("orchard",)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("server_encoding", "UTF8"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("jit", "off"),
        ("max_connections", "60"),
        ("TimeZone", "UTC"),
    ],
)
def test_the_server_is_safe_and_sized_for_a_small_machine(shared_server, setting, expected):
    assert value(shared_server, f"SHOW {setting}") == expected


def test_text_sorts_by_the_locale_that_no_libc_can_change(shared_server):
    query = "SELECT format('%s %s', datlocprovider, datlocale) FROM pg_database WHERE datname = 'orchard'"
    assert value(shared_server, query) == "b C.UTF-8"


def test_it_listens_on_no_network_and_its_socket_is_private(used_home):
    with embedded_postgres.running(used_home) as address:
        assert server_process(used_home).net_connections(kind="inet") == []
        assert stat.S_IMODE(Path(address.host).stat().st_mode) == 0o700


def test_a_second_process_joins_and_the_last_one_out_stops_the_server(used_home):
    with embedded_postgres.running(used_home) as address, attached(used_home) as other:
        assert other.started_at() == start_time(address)
        other.leave()
        assert value(address, "SELECT 1") == 1
    assert not is_running(used_home)


def test_the_server_stays_for_those_who_are_left_when_its_starter_goes(used_home):
    with attached(used_home) as starter:
        started = starter.started_at()
        with embedded_postgres.running(used_home) as address:
            starter.leave()
            assert start_time(address) == started
        assert not is_running(used_home)


def test_three_processes_that_start_at_the_same_moment_share_one_server(home):
    with attached(home) as one, attached(home) as two, attached(home) as three:
        times = {one.started_at(), two.started_at(), three.started_at()}
        assert len(times) == 1
        assert "" not in times
    assert not is_running(home)


def test_a_ctrl_c_in_the_terminal_of_its_starter_does_not_reach_the_server(used_home):
    with attached(used_home) as starter:
        started = starter.started_at()
        with embedded_postgres.running(used_home) as address:
            starter.interrupt()
            assert start_time(address) == started


def test_two_homes_live_side_by_side(used_home, tmp_path):
    with embedded_postgres.running(used_home) as one, embedded_postgres.running(tmp_path / "second") as two:
        assert value(one, "SELECT to_regclass('kept')") == "kept"
        assert value(two, "SELECT to_regclass('kept')") is None
    embedded_postgres.remove(tmp_path / "second")


def test_a_home_reached_through_a_link_is_the_same_home(home, tmp_path):
    home.mkdir()
    (tmp_path / "link").symlink_to(home)
    assert embedded_postgres.address(tmp_path / "link") == embedded_postgres.address(home)


@pytest.mark.parametrize(
    "name", ["/".join(["a rather long name of a folder"] * 8), 'it\'s, "quoted" %d ünï = x']
)
def test_any_path_will_do_for_a_home(tmp_path, name):
    home = tmp_path / name
    with embedded_postgres.running(home) as address:
        assert len(os.fsencode(address.host)) < 100 - len("/.s.PGSQL.5432")
        assert value(address, "SELECT 1") == 1
    embedded_postgres.remove(home)


def test_asking_twice_is_asking_once_and_release_stops(used_home):
    address = embedded_postgres.ensure_running(used_home)
    assert embedded_postgres.ensure_running(used_home) == address
    assert is_running(used_home)
    embedded_postgres.release(used_home)
    assert not is_running(used_home)
    embedded_postgres.release(used_home)


def test_rows_survive_a_stop_and_a_start(used_home):
    with embedded_postgres.running(used_home) as address, psycopg.connect(address.dsn) as connection:
        connection.execute("INSERT INTO kept VALUES (7)")
    with embedded_postgres.running(used_home) as address:
        assert value(address, "SELECT number FROM kept") == 7


def test_a_stop_does_not_wait_for_clients_that_forgot_to_close(used_home):
    with embedded_postgres.running(used_home) as address:
        forgotten = psycopg.connect(address.dsn)
    assert not is_running(used_home)
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    forgotten.close()


def test_settings_that_the_administrator_writes_win_over_ours(used_home):
    with embedded_postgres.running(used_home):
        pass
    with (embedded_postgres.places(used_home).data / "postgresql.conf").open("a") as conf:
        conf.write("work_mem = '23MB'\n")
    with embedded_postgres.running(used_home) as address:
        assert value(address, "SHOW work_mem") == "23MB"


def test_the_words_of_a_refused_row_stay_out_of_the_log(used_home):
    with embedded_postgres.running(used_home) as address, psycopg.connect(address.dsn) as connection:
        connection.execute("CREATE TABLE person (email text UNIQUE, CHECK (email <> 'planted-canary'))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO person VALUES ('planted-canary')")
    log = embedded_postgres.places(used_home).log.read_text()
    assert "violates check constraint" in log
    assert "planted-canary" not in log


def test_the_client_programs_talk_to_the_server(used_home):
    with embedded_postgres.running(used_home) as address:
        asked = [embedded_postgres.psql_path(used_home), address.dsn, "-Atc", "SELECT 40 + 2"]
        assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "42\n"
        dumped = subprocess.run(
            [embedded_postgres.pg_dump_path(used_home), address.dsn], capture_output=True, check=True
        )
        assert b"PostgreSQL database dump complete" in dumped.stdout
    assert embedded_postgres.pg_restore_path(used_home).is_file()


def test_a_database_in_use_is_not_removed(used_home):
    with embedded_postgres.running(used_home) as address:
        with pytest.raises(Refused, match="is in use"):
            embedded_postgres.remove(used_home)
        assert value(address, "SELECT 1") == 1
    embedded_postgres.remove(used_home)
    assert not embedded_postgres.places(used_home).base.exists()


def test_the_process_table_tells_the_same_with_and_without_proc(used_home):
    with embedded_postgres.running(used_home):
        where = embedded_postgres.places(used_home)
        pid = living_postmaster(where)
        assert process_table._command_line_by_ps(pid) == process_table._command_line(pid)
        for tells in (process_table.is_our_postmaster, process_table.works_in):
            assert tells(pid, where.data)
            assert not tells(os.getpid(), where.data)
            assert not tells(pid, where.base)
