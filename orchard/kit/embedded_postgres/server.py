"""When the server starts and stops: the first process attached starts it, the last one to leave stops it."""

import atexit
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from orchard.kit.embedded_postgres import postmaster
from orchard.kit.embedded_postgres.binaries import server_programs
from orchard.kit.embedded_postgres.cluster import ready_data
from orchard.kit.embedded_postgres.complaints import complaint
from orchard.kit.embedded_postgres.folders import make_ready, own_folder, plant_signpost
from orchard.kit.embedded_postgres.locks import Lease, exclusive
from orchard.kit.embedded_postgres.places import ROOTS_BASE, Address, Places, places
from orchard.kit.embedded_postgres.servant import Servant, servant
from orchard.kit.errors import Refused

_PATIENCE = 660.0  # seconds to wait for another process's turn: longer than a recovery may take


class Server:
    """The embedded server of one ORCHARD_HOME as one process sees it; it may attach and detach many times."""

    def __init__(self, home: Path) -> None:
        self.places: Places = places(home)
        self._lease = Lease(self.places.lease)
        self._child: postmaster.Postmaster | None = None

    @property
    def address(self) -> Address:
        """Where the server answers."""
        return self.places.address

    def attach(self) -> Address:
        """Start the server or join it, and keep it until `detach` or the end of this process.

        Raises Refused, with one sentence of what to do, when there can be no server.
        """
        try:
            user, programs = _prepare(self.places)
            with exclusive(self.places.turn, patience=_PATIENCE):
                self._lease.take()
                try:
                    self._answering(user, programs)
                except BaseException:
                    self._withdraw()
                    raise
        except OSError as error:
            raise Refused(
                f"The embedded PostgreSQL of {self.places.home} cannot start ({error.strerror}: {error.filename}): "
                "make that path usable for the user who starts Orchard, or choose another ORCHARD_HOME."
            ) from error
        except psycopg.Error as error:
            what = f"The database of {self.places.home} could not be made"
            raise Refused(complaint(what, f"ERROR: {error}", self.places)) from error
        return self.address

    def detach(self) -> None:
        """Give the server up; it stops if no other process is attached."""
        if not self._lease.held:
            return
        try:
            with exclusive(self.places.turn, patience=_PATIENCE):
                self._leave()
        except FileNotFoundError:  # the folder was removed under us; its server notices and ends
            self._lease.drop()

    def _answering(self, user: Servant, programs: Path) -> None:
        if not (self.places.data.exists() and postmaster.ask(self.places) is postmaster.Answer.READY):
            ready_data(self.places, user, programs)
            plant_signpost(self.places)
            self._child = postmaster.bring_up(self.places, user, programs) or self._child
        postmaster.make_database(self.places)

    def _leave(self) -> None:
        self._lease.drop()
        if self._lease.is_last():
            postmaster.stop(self.places, self._child)

    def _withdraw(self) -> None:
        if self._child is None:  # what we did not start is not ours to stop
            self._lease.drop()
        else:
            self._leave()


@contextmanager
def running(home: Path) -> Iterator[Address]:
    """Have the server of this ORCHARD_HOME for the length of a `with` block."""
    server = Server(home)
    try:
        yield server.attach()
    finally:
        server.detach()


_attached: dict[Path, Server] = {}
_guard = threading.Lock()


def ensure_running(home: Path) -> Address:
    """Have the server of this ORCHARD_HOME until `release` or the end of this process, asked once or often."""
    with _guard:
        server = _attached.get(places(home).home)
        if server is None:
            server = Server(home)
            server.attach()
            _attached[server.places.home] = server
        else:
            server.attach()
        return server.address


def release(home: Path) -> None:
    """Give up what `ensure_running` took; the server stops if no other process is attached."""
    with _guard:
        server = _attached.pop(places(home).home, None)
        if server is not None:
            server.detach()


def remove(home: Path) -> None:
    """Stop the server of this ORCHARD_HOME and remove its data for good; refuse while it is in use."""
    where = places(home)
    if not where.base.exists():
        return
    with exclusive(where.turn, patience=_PATIENCE):
        unused = Lease(where.lease).is_last()
        if unused:
            postmaster.stop(where, None)
        if not unused or postmaster.living_postmaster(where) is not None:
            raise Refused(f"The database of {where.home} is in use: stop Orchard, then remove it.")
        where.signpost.unlink(missing_ok=True)
        for folder in (where.base, where.run):
            _remove_folder(folder)


def _remove_folder(folder: Path) -> None:
    # Programs of a start that was killed a moment ago may still be writing here.
    until = time.monotonic() + 5
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=time.monotonic() < until)


def _prepare(where: Places) -> tuple[Servant, Path]:
    if not where.for_root:
        user = servant()
        make_ready(where, user)
        return user, server_programs(where)
    own_folder(ROOTS_BASE, mode=0o755, uid=0, gid=0)
    with exclusive(ROOTS_BASE / "setup.lock", patience=_PATIENCE):
        user = servant()
        make_ready(where, user)
        return user, server_programs(where)


@atexit.register
def _release_all() -> None:
    for home in list(_attached):
        release(home)
