"""How a second process takes part in a piece of work: started with a pipe to it, gone when the pipe is closed."""

import importlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

import django
from django.db import connection

# Seconds that the second process has to end what it began, once nobody listens to it any more.
GRACE = 30.0


@contextmanager
def second(function: str) -> Iterator["Connection[Any, Any]"]:
    """Call `function` ("package.module:name") in a second process with one end of a pipe, and yield the other end.

    It works on the same database. It must end when its pipe does: that is how it learns that this process is gone.
    """
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__, function, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    try:
        with ours:
            with suppress(OSError):  # it did not come up; who waits for it will see
                ours.send(connection.settings_dict["NAME"])
            yield ours
    finally:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _main(function: str, descriptor: int) -> None:
    """Be the second process. The keyboard stops the first one, and that ends this one.

    What it fails by is not printed, as it may hold people's data: the first process sees that it is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe: Connection[Any, Any]
    with Connection(descriptor) as pipe, suppress(Exception):
        django.setup()
        connection.settings_dict["NAME"] = pipe.recv()
        module, name = function.split(":")
        getattr(importlib.import_module(module), name)(pipe)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
