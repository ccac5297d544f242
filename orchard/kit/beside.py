"""How a second process takes part in a piece of work: started with a pipe to it, gone when the pipe is closed."""

import importlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

import django
from django.db import connection

from orchard.kit import slow

logger = logging.getLogger(__name__)

# Seconds that the second process has to end what it began, once nobody listens to it any more.
GRACE = 30.0


@contextmanager
def second(function: str) -> Iterator["Connection[Any, Any]"]:
    """Call `function` ("package.module:name") in a second process with one end of a pipe, and yield the other end.

    It works on the same database. It must end when its pipe does: that is how it learns that this process is gone.
    """
    ours, theirs = Pipe()
    with theirs:
        process = _begun(function, theirs.fileno())
    try:
        with ours:
            with suppress(OSError):  # it did not come up; whoever talks to it will see
                ours.send(connection.settings_dict["NAME"])
            yield ours
    finally:
        if process is not None:
            _end(process)


def _begun(function: str, descriptor: int) -> "subprocess.Popen[bytes] | None":
    """Start the second process with the code that this one runs, and nothing from the folder it happens to run in."""
    try:
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", __name__, function, str(descriptor)],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except OSError as error:
        logger.warning("A second process could not be started (%s).", error.strerror)
        return None


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.returncode:
        logger.warning("The second process ended with %s.", process.returncode)


def _main(function: str, descriptor: int) -> None:
    """Be the second process. The keyboard stops the first one, and that ends this one.

    Of what it fails by only the name is printed, as the rest may hold people's data.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe: Connection[Any, Any]
    with Connection(descriptor) as pipe:
        try:
            django.setup()
            connection.settings_dict["NAME"] = pipe.recv()
            module, name = function.split(":")
            with slow.watching():
                getattr(importlib.import_module(module), name)(pipe)
        except EOFError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the first process goes on
            raise SystemExit(f"{type(error).__name__} in the second process of {function}") from None


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
