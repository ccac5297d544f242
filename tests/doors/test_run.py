"""What whoever types `make run` gets: one house that comes up, stays up, goes down whole, and says what is wrong."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from orchard.kit import embedded_postgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """One `orchard run` in a home of its own."""

    def __init__(self, home, *arguments, port=None):
        self.home, self.port = Path(home), port or free_port()
        self.log = self.home.parent / f"run-{time.monotonic_ns()}.log"
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "orchard", "run", "--port", str(self.port), *arguments],
                env={**environment, "ORCHARD_HOME": str(self.home)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ready(self, seconds=90):
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            assert self.process.poll() is None, self.said()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    return json.load(answer)
            except OSError:
                time.sleep(0.2)
        raise AssertionError(self.said())

    def family(self):
        return [
            self.process.pid,
            *(each.pid for each in psutil.Process(self.process.pid).children(recursive=True)),
        ]

    def said(self):
        return self.log.read_text()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def live_workers(house):
    found = []
    for each in psutil.Process(house.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [each.pid] if "live" in each.cmdline() else []
    return found


def gone(pids, seconds=15):
    """Wait until none of these processes runs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        left = [
            pid
            for pid in pids
            if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        ]
        if not left:
            return True
        time.sleep(0.2)
    return False


@pytest.fixture
def home(tmp_path):
    place = tmp_path / "home"
    yield place
    embedded_postgres.remove(place)


@pytest.fixture
def run(home):
    houses = []

    def start(*arguments, port=None):
        houses.append(House(home, *arguments, port=port))
        return houses[-1]

    yield start
    for house in houses:
        house.end()


def test_it_comes_up_says_where_it_is_and_goes_down_whole(run):
    house = run("--no-demo")
    assert house.ready()["ready"]
    family = house.family()
    assert f"http://127.0.0.1:{house.port}/" in house.said()
    house.end()
    assert gone(family)


def test_killed_as_a_whole_it_comes_up_again_at_once(run):
    house = run("--no-demo")
    house.ready()
    os.killpg(house.process.pid, signal.SIGKILL)
    house.process.wait()
    again = run("--no-demo", port=house.port)
    begun = time.monotonic()
    assert again.ready()["ready"]
    assert time.monotonic() - begun < 60


def test_of_a_killed_parent_only_the_database_stays_and_the_next_start_takes_it_over(run):
    house = run("--no-demo")
    house.ready()
    family = house.family()
    database = [pid for pid in family if "postgres" in psutil.Process(pid).name()]
    house.process.kill()
    house.process.wait()
    assert gone(set(family).difference(database))
    again = run("--no-demo")
    assert again.ready()["ready"]
    again.end()
    assert gone(database)


def test_a_worker_that_dies_is_started_again(run):
    house = run("--no-demo")
    house.ready()
    time.sleep(6)
    (live,) = live_workers(house)
    os.kill(live, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if live_workers(house) not in ([], [live]):
            return
        time.sleep(0.3)
    raise AssertionError(house.said())


def test_a_port_in_use_is_said_in_one_sentence(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        house = run("--no-demo", port=other.getsockname()[1])
        assert house.process.wait(60) == 1
    assert "Choose another port" in house.said()
    assert "Traceback" not in house.said()


def test_the_demo_company_is_served_on_this_machine_only(run, home):
    house = run()
    house.ready()
    assert "orchard-demo" in house.said()
    house.end()
    exposed = run("--host", "0.0.0.0")
    assert exposed.process.wait(60) == 1
    assert "listens on this machine only" in exposed.said()
