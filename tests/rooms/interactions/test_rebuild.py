"""While projections are made anew nobody acts on them, whichever process that would be."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from orchard import flow
from orchard.cli import serve
from orchard.engine import lake
from orchard.interactions import actions
from orchard.interactions.types import Consumer, Lane, NewFact, Sort
from orchard.kit import remaking
from orchard.kit.errors import Conflict

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def elsewhere(function):
    """Return what `function` answers on a connection of its own."""
    answers = []

    def ask():
        try:
            answers.append(function())
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    return answers[0]


@pytest.fixture
def read(own_database):
    """Give a reader of the ledger, and the contacts that it was handed."""
    handed = []
    consumer = Consumer("reader", lambda batch: handed.extend(batch.contact_ids), Sort.PROJECTION)
    actions.ensure_cursors([consumer])
    with transaction.atomic():
        actions.append([NewFact("form.submitted", NOW, contact_id=1)], now=NOW)
    actions.place()
    return consumer, handed


def test_others_read_nothing_until_it_is_done(own_database, read):
    consumer, handed = read
    with remaking.alone():
        assert elsewhere(lambda: actions.read_on(consumer, Lane.LIVE)) == 0
        assert handed == []
        assert elsewhere(remaking.is_under_way)
        assert not remaking.is_under_way()
    assert elsewhere(lambda: actions.read_on(consumer, Lane.LIVE)) == 1
    assert handed == [1]


def test_who_makes_anew_reads_itself(own_database, read):
    consumer, handed = read
    with remaking.alone():
        actions.drain([consumer])
    assert handed == [1]


def test_clocks_wait_until_it_is_done_and_it_waits_for_clocks(own_database):
    did, stop = [], Event()

    def clocks():
        serve._tick((flow.Clockwork("looks", lambda now: did.append(now) or 0, 0.0),), stop)
        connection.close()

    clock = Thread(target=clocks)
    with remaking.alone():
        clock.start()
        clock.join(timeout=0.5)
        assert did == []
    while not did:
        clock.join(timeout=0.01)
    stop.set()
    clock.join()

    def is_kept_out():
        with remaking.beside() as may:
            return may

    with remaking.alone():
        assert elsewhere(is_kept_out) is False
    assert elsewhere(is_kept_out) is True


def test_the_lake_is_neither_written_nor_asked_for_meanwhile(own_database, read, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path

    def refused(function):
        with pytest.raises(Conflict) as caught:
            function(now=NOW)
        return str(caught.value)

    with remaking.alone():
        assert "rebuild" in elsewhere(lambda: refused(lake.sync))
        assert "some minutes" in elsewhere(lambda: refused(lake.freshen))
    lake.sync(now=NOW)
    with remaking.alone():
        elsewhere(lambda: lake.freshen(now=NOW))
