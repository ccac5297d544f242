"""Nobody waits for words: who serves the live lane leaves them alone."""

import time
from threading import Event, Thread

from django.db import connection

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.jobs import serve_bulk, serve_live
from orchard.interactions.queries import is_read
from orchard.kit import clock
from orchard.search.queries import find


def test_the_live_lane_takes_no_turn_for_it_and_whoever_serves_the_bulk_lane_does(own_database):
    """Two processes serve in earnest: here they are threads."""
    ledger.ensure_cursors(flow.CONSUMERS)
    anna = contacts.create_contact(full_name="Anna Gruber", now=clock.now())
    stop = Event()
    live = Thread(target=served, args=(serve_live, stop))
    live.start()
    wait_until(lambda: is_read([each.name for each in flow.CONSUMERS if not each.unhurried]))
    assert not find("gruber").people
    bulk = Thread(target=served, args=(serve_bulk, stop))
    bulk.start()
    wait_until(lambda: [hit.id for hit in find("gruber").people] == [anna])
    stop.set()
    live.join()
    bulk.join()


def served(serve, stop):
    serve(flow.CONSUMERS, stop)
    connection.close()


def wait_until(holds):
    ends = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends, "it takes too long"
        time.sleep(0.05)
