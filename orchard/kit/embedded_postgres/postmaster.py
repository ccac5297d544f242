"""Whether the server lives, how it starts and stops: judged by SQL and the process table."""

import contextlib
import enum
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from orchard.kit.embedded_postgres.complaints import complaint, said_since
from orchard.kit.embedded_postgres.places import NAME, Places
from orchard.kit.embedded_postgres.process_table import is_our_postmaster, workers_in, works_in
from orchard.kit.embedded_postgres.servant import Servant
from orchard.kit.errors import Refused

# Seconds, all of them.
_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
_GRACE = 1.0  # in which the backends of a dead server end by themselves, unless they are deep in a query
_FAST_STOP = 60.0
_IMMEDIATE_STOP = 10.0

_LONGEST_LOG = 10_000_000  # bytes
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


class Postmaster(subprocess.Popen[bytes]):
    """The server process; by design it may outlive the object and the Python that started it."""

    def __del__(self) -> None:
        """Say nothing: Popen would warn of a child that still runs."""


class Answer(enum.Enum):
    """What came back from the socket."""

    READY = "ready"
    STARTING = "starting or recovering"
    REFUSAL = "refusing connections"
    SILENCE = "silent"


_RECOVERING = ("starting up", "not yet accepting connections", "in recovery mode")
# Seconds that a living server is waited for.
_PATIENCE = {Answer.STARTING: 600.0, Answer.REFUSAL: 60.0, Answer.SILENCE: 30.0}
# Backends of a dead server still live; a server whose starter was killed a moment ago was first.
_REMAINS = "pre-existing shared memory block"
_RIVAL = 'lock file "postmaster.pid" already exists'


def ask(places: Places) -> Answer:
    """Run a real query on the socket, and make sure that the server of this data folder answers it."""
    try:
        with _connected(places) as connection:
            row = connection.execute(
                "SELECT convert_to(current_setting('data_directory'), 'UTF8')"
            ).fetchone()
    except psycopg.OperationalError as error:
        if "FATAL:" not in str(error):
            return Answer.SILENCE
        return Answer.STARTING if any(sign in str(error) for sign in _RECOVERING) else Answer.REFUSAL
    serves = Path(os.fsdecode(row[0])) if row else Path()
    if not (serves.exists() and serves.samefile(places.data)):
        raise Refused(
            f"A server for {serves} answers in {places.run}, the place of {places.data}: "
            "stop it and start again."
        )
    return Answer.READY


def make_database(places: Places) -> None:
    """Make the database of a ready server where it is missing."""
    with _connected(places) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f'CREATE DATABASE "{NAME}"')


def living_postmaster(places: Places) -> int | None:
    """Return the pid of the process that holds this data folder; None where the pid file is stale."""
    pid = _noted_pid(places.pid_file)
    if pid is not None and (is_our_postmaster(pid, places.data) or works_in(pid, places.data)):
        return pid
    return None


def bring_up(places: Places, servant: Servant, programs: Path) -> Postmaster | None:
    """Wait until the server answers, starting it where none lives; return it if we are its parent.

    The caller holds the turn. Raises Refused with PostgreSQL's own words when it cannot start.
    """
    child: Postmaster | None = None
    offset = 0
    pause = _PAUSE
    begun = time.monotonic()
    try:
        while (answer := ask(places)) is not Answer.READY:
            waited = time.monotonic() - begun
            if child is not None and child.poll() is not None:
                _refuse_unless_passing(places, said_since(places.log, offset), waited)
                child = None
            elif child is None and answer is Answer.SILENCE and living_postmaster(places) is None:
                child, offset = _launch(places, servant, programs)
            elif waited > _PATIENCE[Answer.STARTING if child else answer]:
                raise Refused(_stuck(places, answer, waited))
            time.sleep(pause)
            pause = min(pause * 1.2, _LONGEST_PAUSE)
    except BaseException:
        if child is not None:
            child.send_signal(signal.SIGINT)
            child.wait(_FAST_STOP)
        raise
    return child


def _refuse_unless_passing(places: Places, said: str, waited: float) -> None:
    """Refuse with the server's last words, unless the obstacle passes or can be put out of the way."""
    if not (_REMAINS in said or _RIVAL in said) or waited > _PATIENCE[Answer.SILENCE]:
        raise Refused(complaint("PostgreSQL could not start", said, places))
    if _REMAINS in said and waited > _GRACE and living_postmaster(places) is None:
        for pid in workers_in(places.data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)


def _stuck(places: Places, answer: Answer, waited: float) -> str:
    pid = living_postmaster(places)
    return (
        f"The PostgreSQL of {places.home} (process {pid}) has been {answer.value} for {waited:.0f} seconds: "
        f"read {places.log}, end it with `kill -QUIT {pid}` and start again."
    )


def stop(places: Places, child: Postmaster | None) -> None:
    """Stop the server of this data folder as `pg_ctl stop -m fast` does; the caller holds the turn."""
    pid = _noted_pid(places.pid_file)
    if pid is None:
        return
    for word, patience in ((signal.SIGINT, _FAST_STOP), (signal.SIGQUIT, _IMMEDIATE_STOP)):
        if is_our_postmaster(pid, places.data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, word)
        until = time.monotonic() + patience
        while is_our_postmaster(pid, places.data) and time.monotonic() < until:
            time.sleep(_PAUSE)
            if child is not None:
                child.poll()
    if is_our_postmaster(pid, places.data):
        raise Refused(
            f"PostgreSQL (process {pid}) does not stop: read {places.log} and end it with `kill {pid}`."
        )


def _connected(places: Places) -> psycopg.Connection[TupleRow]:
    address = places.address
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        dbname="postgres",  # ours may not be there yet
        connect_timeout=2,
        autocommit=True,
        client_encoding="UTF8",
    )


def _launch(places: Places, servant: Servant, programs: Path) -> tuple[Postmaster, int]:
    asked = servant.process
    stale = _clear_remains(places)
    if stale is not None:
        # PostgreSQL believes a stale pid file whenever some process has that pid, but for this one, which it
        # is told is no rival. Its second guard stays: shared memory still used by a dead server's backends.
        asked["env"]["PG_GRANDPARENT_PID"] = str(stale)
    if places.log.exists() and places.log.stat().st_size > _LONGEST_LOG:
        places.log.replace(places.log.with_suffix(".log.1"))
    command = [str(programs / "postgres"), "-D", str(places.data)]
    with os.fdopen(os.open(places.log, _APPEND, 0o600), "ab") as log:
        offset = os.fstat(log.fileno()).st_size
        # A session of its own: the Ctrl-C of the terminal that started us is not for the server.
        return Postmaster(
            command, cwd=places.base, stdout=log, stderr=log, start_new_session=True, **asked
        ), offset


def _clear_remains(places: Places) -> int | None:
    """Remove what a dead server left and PostgreSQL would stumble over; return the pid it noted, if readable."""
    stale = _noted_pid(places.pid_file)
    if stale is None:  # empty or rubbish, as after a power cut
        places.pid_file.unlink(missing_ok=True)
    for lock in places.run.glob(".s.PGSQL.*.lock"):
        noted = _noted_pid(lock)
        if noted is None or not works_in(noted, places.data):
            lock.unlink(missing_ok=True)
    return stale


def _noted_pid(file: Path) -> int | None:
    try:
        return abs(int(file.read_bytes().split(b"\n", 1)[0]))  # a server in single-user mode notes -pid
    except (FileNotFoundError, ValueError):
        return None
