"""The commands that serve: web answers pages, worker reads the ledger and does what is due, run does both."""

import argparse
import ipaddress
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from granian import Granian
from granian.constants import Interfaces

from orchard import config, flow
from orchard.cli import database
from orchard.cli.demo import SEED
from orchard.demo import actions as demo
from orchard.demo import queries as demos
from orchard.demo.types import Size
from orchard.interactions import jobs
from orchard.interactions.actions import ensure_cursors
from orchard.kit import clock, processes, remaking, slow
from orchard.kit.errors import Refused
from orchard.outbox import actions as outbox
from orchard.team import queries as team
from orchard.watch import jobs as watch

logger = logging.getLogger(__name__)

# How often what is due by time is looked for (seconds).
TICK = 1.0

_ORCHARD = (sys.executable, "-m", "orchard")


def run(given: argparse.Namespace) -> None:
    """Migrate, load the demo company on the first start, serve web and worker until stopped."""
    _check_address(given.host, given.port)
    call_command("migrate", verbosity=0, interactive=False)
    _look_around()
    _guard_demo(given.host)
    if not given.no_demo and not team.anybody():
        today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        demo.found(size=Size.SMALL, seed=SEED, until=today)
    story = demos.loading()
    _greet(given)
    connection.close()
    house = processes.Supervisor()
    house.start({"web": [*_ORCHARD, "web", "--host", given.host, "--port", str(given.port)]})
    if _told(house, is_needed=story is not None and story.finished_at is None):
        house.start(_workers())
        house.wait()
    house.end()


def _told(house: processes.Supervisor, *, is_needed: bool) -> bool:
    """Let the demo's story be told before workers read the ledger by today's clock; False when stopped meanwhile."""
    if not is_needed:
        return True
    telling = processes.begin([*_ORCHARD, "demo"])
    ended = house.wait(until=lambda: telling.poll() is not None)
    if telling.poll() is None:
        telling.terminate()
        telling.wait()
    return ended


def _workers() -> dict[str, list[str]]:
    return {part: [*_ORCHARD, "worker", "--part", part] for part in PARTS}


def web(given: argparse.Namespace) -> None:
    """Answer pages until stopped."""
    database.check()
    _check_address(given.host, given.port)
    _guard_demo(given.host)
    _look_around()
    connection.close()
    os.environ[processes.PARENT] = str(os.getpid())
    if given.follow:
        processes.follow(given.follow)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts(given.port))
    Granian(
        "orchard.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=given.threads,
        log_access=False,
        log_level="warning",
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
    ).serve()


def worker(given: argparse.Namespace) -> None:
    """Read the ledger and do what is due, until stopped; without `--part`, every part in a process of its own."""
    if not given.follow:
        database.check()
        _look_around()
    if given.part is None:
        connection.close()
        house = processes.Supervisor()
        house.start(_workers())
        house.wait()
        house.end()
        return
    if given.follow:
        processes.follow(given.follow)
    if given.part != "live":
        processes.give_way()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    watch.begin(given.part, stop)
    with slow.watching():
        PARTS[given.part](stop)


def _counts(port: int) -> Path:
    """Make anew the folder in which the processes that answer count together what they answered."""
    folder = config.current().home / "metrics" / f"{socket.gethostname()}-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _live(stop: threading.Event) -> None:
    _beside(flow.CLOCKWORK, stop)
    jobs.serve_live(_IN_LANES, stop)


def _bulk(stop: threading.Event) -> None:
    ensure_cursors(flow.CONSUMERS)
    for each in flow.ASIDE:
        _beside((each,), stop)
    jobs.serve_bulk(_IN_LANES, stop)


def _beside(clockwork: Sequence[flow.Clockwork], stop: threading.Event) -> None:
    """Let clockwork run in a thread beside this one."""

    def look() -> None:
        with slow.watching():
            _tick(clockwork, stop)

    threading.Thread(target=look, daemon=True).start()


def _work(stop: threading.Event) -> None:
    _tick(flow.WORK, stop)


_IN_LANES = tuple(each for each in flow.CONSUMERS if not each.aside)

PARTS: dict[str, Callable[[threading.Event], None]] = {"live": _live, "bulk": _bulk, "work": _work}


def _tick(clockwork: Sequence[flow.Clockwork], stop: threading.Event) -> None:
    """Do what is due, again and again; one thing that fails is logged and does not stop the others."""
    last: dict[str, float] = {}
    while not stop.is_set():
        moved = 0
        for each in clockwork:
            if time.monotonic() - last.get(each.name, -each.every) < each.every:
                continue
            last[each.name] = time.monotonic()
            with watch.busy(each.name):
                try:
                    with remaking.beside() as may:
                        moved += each.function(clock.now()) if may else 0
                except Refused as error:
                    logger.error("%s cannot: %s It is tried again.", each.name, error)  # noqa: TRY400 - said in a sentence
                    close_old_connections()
                except Exception:
                    logger.exception("%s failed; it is tried again.", each.name)
                    close_old_connections()
        if not moved:
            stop.wait(min(TICK, *(each.every for each in clockwork)))


def _check_address(host: str, port: int) -> None:
    """Refuse a port that another program holds, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Orchard cannot listen on {host}:{port} ({error.strerror}). "
                f'Choose another port: make run ARGS="--port {port + 1}".'
            ) from error


def _look_around() -> None:
    """Let nothing leave where this is a copy of an installation, and say so."""
    if reason := outbox.arrive(now=clock.now()):
        sys.stderr.write(
            f"Nothing leaves the house: {reason}\n"
            "When this is the live system: orchard outbox open, or the page of Orchard's health.\n"
        )


def _guard_demo(host: str) -> None:
    """Refuse to be reached from outside while anybody could log in with the demo's password."""
    if not _is_loopback(host) and team.demo_logins():
        raise Refused(
            f"This is the demo company, whose passwords everybody knows, so Orchard listens on this machine only. "
            f"Leave out --host {host}, or start a company of your own with --no-demo in another ORCHARD_HOME."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _greet(given: argparse.Namespace) -> None:
    """Say where the pages are and who may log in."""
    host = f"[{given.host}]" if ":" in given.host else given.host
    lines = ["", f"  Orchard is at http://{host}:{given.port}/   (Ctrl-C stops it)"]
    if logins := team.demo_logins():
        lines += ["", "  Demo logins, password orchard-demo:", *(f"    {login}" for login in logins)]
    elif not team.anybody():
        lines += [
            "",
            "  Nobody can log in yet: .venv/bin/orchard member add --email you@company.example --role admin",
        ]
    lines += ["", f"  Data lives in {config.current().home}", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    connection.close()
