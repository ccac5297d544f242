"""How several processes live and die together: started once, restarted when they fail, gone when their parent is."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

# The environment variable by which a server's workers know whose death ends them.
PARENT = "ORCHARD_PARENT"

# A child that fails sooner than this after its start (seconds) is started again only then.
TOO_SOON = 5.0
GRACE = 10.0
LOOK = 0.2

Command = Sequence[str]


@dataclass
class Supervisor:
    """Runs commands until SIGTERM or SIGINT, starts again what ends by itself, and leaves none behind.

    Each command gets `--follow PID` and ends itself when this process is gone, however it went.
    """

    _commands: dict[str, Command] = field(default_factory=dict)
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _begun: dict[str, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self, commands: Mapping[str, Command]) -> None:
        """Start commands and keep them running."""
        self._commands |= commands
        for name in commands:
            self._launch(name)

    def wait(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Watch over the children until `until` holds; return False when asked to stop before."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        while not self._stop.wait(LOOK):
            if until():
                return True
            for name, process in self._running.items():
                if process.poll() is not None and time.monotonic() - self._begun[name] > TOO_SOON:
                    logger.warning("%s ended with %s; starting it again.", name, process.returncode)
                    self._launch(name)
        return False

    def end(self) -> None:
        """End all children: asked first, made to after `GRACE` seconds."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _launch(self, name: str) -> None:
        self._running[name] = begin(self._commands[name])
        self._begun[name] = time.monotonic()


def begin(command: Command) -> "subprocess.Popen[bytes]":
    """Start a command that follows this process."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--follow", str(os.getpid())], stdin=subprocess.DEVNULL
    )


def give_way() -> None:
    """Let other processes of this machine go first: for long work, beside which somebody waits for a page."""
    os.nice(10)


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
