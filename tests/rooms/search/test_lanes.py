"""Nobody waits for words: neither lane reads them, a clock of their own does."""

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import Lane
from orchard.kit import clock
from orchard.search.queries import find


def test_the_lanes_take_no_turn_for_it_and_the_clock_of_those_aside_does(db):
    ledger.ensure_cursors(flow.CONSUMERS)
    anna = contacts.create_contact(full_name="Anna Gruber", now=clock.now())
    ledger.place()
    in_lanes = [each for each in flow.CONSUMERS if not each.aside]
    for lane in Lane:
        while ledger.take_turn(in_lanes, lane):
            pass
    assert not find("gruber").people
    assert flow.read_aside(clock.now()) > 0
    assert [hit.id for hit in find("gruber").people] == [anna]
