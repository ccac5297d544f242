"""Whoever types on waits for no count that nobody reads any more."""

import threading
import time

from django.db import connection

from orchard.engine.duck import GivenUp
from orchard.kit import clock
from orchard.reports.queries import would
from orchard.reports.queries.would import would_qualify
from tests.make import agreements
from tests.rooms.reports.test_would import document, endless


def test_a_newer_count_of_the_same_window_ends_the_one_before(own_database, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    would._kept.clear()
    wanted, ended = document(agreements.SMALL), []
    plain, would._count = would._count, endless

    def slow():
        try:
            would_qualify(wanted, now=clock.now(), turn=1, longest=60)
        except GivenUp:
            ended.append(time.monotonic())
        finally:
            connection.close()

    try:
        thread = threading.Thread(target=slow)
        thread.start()
        while thread.is_alive() and not would._turns:
            time.sleep(0.01)
        time.sleep(0.2)
        would._count = plain
        begun = time.monotonic()
        assert would_qualify(wanted, now=clock.now(), turn=1).qualified == 0
        thread.join(10)
        assert ended[0] - begun < 5
    finally:
        would._count = plain
    assert would._turns == {}
