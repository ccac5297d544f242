"""Another process that attaches to an embedded PostgreSQL, told what to do line by line."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from orchard.kit.embedded_postgres import places
from orchard.kit.embedded_postgres.postmaster import living_postmaster

ROOT = Path(__file__).parents[2]
_ATTACH = """
import sys
from pathlib import Path
import psycopg
from orchard.kit import embedded_postgres
with embedded_postgres.running(Path(sys.argv[1])) as address:
    with psycopg.connect(address.dsn) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    sys.stdin.read()
"""


class Attached:
    """A Python process that holds the server of `home` until its input ends or it is killed."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ATTACH, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
            start_new_session=True,
        )

    def started_at(self) -> str:
        """Wait until the process is attached; return when its server was started, '' if it could not attach."""
        return self._process.stdout.readline().strip()

    def leave(self) -> None:
        """Let the process detach and end."""
        self._process.communicate(timeout=60)

    def interrupt(self) -> None:
        """Press Ctrl-C in the terminal of the process."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.communicate(timeout=60)

    def kill(self) -> None:
        """Kill the process without a chance to clean up."""
        self._process.kill()
        self._process.communicate(timeout=60)


@contextmanager
def attached(home: Path) -> Iterator[Attached]:
    """Have a process that attaches to the server of `home`; at the end it leaves, if it still lives."""
    process = Attached(home)
    try:
        yield process
    finally:
        process.leave()


def server_process(home: Path) -> psutil.Process:
    """Return the postmaster of `home`, which must be alive."""
    return psutil.Process(living_postmaster(places(home)))


def kill_server(home: Path) -> None:
    """Kill the postmaster and all its backends at once, as a power cut would."""
    postmaster = server_process(home)
    for process in [postmaster, *postmaster.children()]:
        process.kill()
