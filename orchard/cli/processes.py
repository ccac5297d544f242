"""How several processes live and die together: started once, restarted when they fail, gone when their parent is."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

# The environment variable by which a server's workers know whose death ends them.
PARENT = "ORCHARD_PARENT"

# A child that fails sooner than this after its start (seconds) is not simply started again at once.
TOO_SOON = 5.0
GRACE = 10.0


def supervise(
    children: Mapping[str, Sequence[str]],
    ready: Callable[[], None],
    *,
    first: Sequence[str] = (),
    beside: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Run `children` until SIGTERM or SIGINT; start again what ends by itself; leave none behind.

    Where `first` is a command, it and the children `beside` it run first, and the others once it has ended.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    waiting = dict(children)
    running = {name: _start(command) for name, command in (beside or {}).items()}
    preparing = (
        subprocess.Popen(first, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) if first else None
    )
    begun = dict.fromkeys(running, time.monotonic())
    known = {**children, **(beside or {})}
    ready()
    while not stop.wait(0.2):
        if waiting and (preparing is None or preparing.poll() is not None):
            running |= {name: _start(command) for name, command in waiting.items()}
            begun |= dict.fromkeys(waiting, time.monotonic())
            waiting = {}
        for name, process in running.items():
            if process.poll() is not None and time.monotonic() - begun[name] > TOO_SOON:
                sys.stderr.write(f"{name} ended with {process.returncode}; starting it again.\n")
                running[name] = _start(known[name])
                begun[name] = time.monotonic()
    _end([*running.values(), *([preparing] if preparing and preparing.poll() is None else [])])


def follow(parent: int) -> None:
    """End this process as soon as `parent` is not its parent any more: it was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="follow").start()


def follow_given() -> None:
    """Follow the parent that the environment names, if it names one."""
    if (parent := os.environ.get(PARENT, "")) and int(parent) != os.getpid():
        follow(int(parent))


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*command, "--follow", str(os.getpid())], stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
