"""The heartbeat is a thread of its own, and a database that is away only delays it."""

import sys
import threading
from datetime import timedelta

import pytest

from orchard.kit import clock, logs
from orchard.watch import jobs, queries


@pytest.fixture
def as_before():
    """Undo what a process does to itself when it becomes a part of the house."""
    hooks, part, stop = (sys.excepthook, threading.excepthook), logs.part, threading.Event()
    yield stop
    stop.set()
    for thread in threading.enumerate():
        if thread.name == "heartbeat":
            thread.join(5)
    (sys.excepthook, threading.excepthook), logs.part = hooks, part


def test_a_process_tells_that_it_lives_and_logs_what_ends_its_threads(own_database, as_before, caplog):
    jobs.begin("bulk", as_before)
    deadline = clock.now() + timedelta(seconds=10)
    while "bulk" not in queries.beats(now=clock.now()) and clock.now() < deadline:
        as_before.wait(0.05)
    assert queries.beats(now=clock.now())["bulk"].alive == 1
    failing = threading.Thread(target=lambda: int("Nora Lind"))
    failing.start()
    failing.join()
    (record,) = [each for each in caplog.records if each.name == "orchard.kit.logs"]
    assert logs.Text().format(record).count("ValueError") == 1
    assert "invalid literal" not in logs.Text().format(record)
