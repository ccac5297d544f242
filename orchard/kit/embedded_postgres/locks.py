"""Who may act now and who is still there: two kinds of flock, which the kernel drops when a process dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orchard.kit.errors import Refused

_PAUSE = 0.02  # seconds between two tries


@contextmanager
def exclusive(path: Path, *, patience: float) -> Iterator[None]:
    """Hold the lock file `path` alone; give up with a sentence after `patience` seconds."""
    until = time.monotonic() + patience
    handle = _opened(path)
    try:
        while not (_taken(handle, fcntl.LOCK_EX) and _is_at(path, handle)):
            if not _is_at(path, handle):  # erased while we waited
                os.close(handle)
                handle = _opened(path)
            if time.monotonic() > until:
                raise Refused(
                    f"Another process has been busy with the embedded PostgreSQL for {patience:.0f} seconds "
                    f"(it holds {path}): wait for it or end it, then start again."
                )
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


class Lease:
    """A share of the lock file `path`, held until `drop` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds a share."""
        return self._handle is not None

    def take(self) -> None:
        """Take a share; only whoever holds the turn asks for the whole, so this never waits long."""
        if self._handle is None:
            self._handle = _opened(self._path)
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def drop(self) -> None:
        """Give the share back; a forked child that still lives keeps its own."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def is_last(self) -> bool:
        """Whether nobody holds a share any more (asked after `drop`, holding the turn)."""
        handle = _opened(self._path)
        try:
            return _taken(handle, fcntl.LOCK_EX)
        finally:
            os.close(handle)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _taken(handle: int, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
        return True
    return False


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
