"""Leads of contacts who are joined and parted, and of members who leave: clocks, holds and rests go the same way."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard.contacts import actions as contacts
from orchard.contacts import queries
from orchard.kit import clock
from orchard.leads import actions
from orchard.leads.models import Lead
from orchard.team import actions as team
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, lead_of, rep, ripe, tick
from tests.make.members import member

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


def joined(survivor, loser):
    made = contacts.merge(survivor_id=survivor, loser_id=loser, now=clock.now(), actor_id=None)
    drain()
    return made


def parted(merge):
    contacts.unmerge(merge_id=merge, now=clock.now(), actor_id=None)
    drain()


def accepted(person):
    made = ripe()
    drain()
    actions.accept(lead_id=lead_of(made).id, member_id=person.id, now=clock.now())
    return made


def returned(contact_id):
    lead = lead_of(contact_id)
    given = {"reason": "too_early", "wake_on": None, "note": "", "zone": "UTC", "now": clock.now()}
    actions.give_back(lead_id=lead.id, member_id=lead.member_id, **given)
    drain()


def holds(contact_id):
    return queries.held([contact_id]).get(contact_id, [])


def test_who_rests_is_not_offered_under_another_record_until_the_rest_is_over():
    lars = rep()
    ada = accepted(lars)
    returned(ada)
    twin = ripe()
    drain()
    assert lead_of(twin).state == "offered"
    joined(ada, twin)
    assert (lead_of(ada).state, holds(ada)) == ("withdrawn", [])
    with clock.at(MONDAY + timedelta(days=21)):
        tick()
        assert (lead_of(ada).state, lead_of(ada).round) == ("waiting", 2)


def test_what_somebody_accepted_stays_though_the_other_record_rests():
    lars = rep()
    ada = accepted(lars)
    returned(ada)
    twin = accepted(lars)
    joined(ada, twin)
    assert (lead_of(ada).state, lead_of(ada).member_id) == ("accepted", lars.id)


def test_the_hold_goes_with_the_lead_when_records_are_joined_and_parted():
    lars = rep()
    ada, twin = contact(), ripe(days_ago=30)
    drain()
    lead = lead_of(twin).id
    merge = joined(ada, twin)
    actions.pick(lead_id=lead, member_id=lars.id, now=MONDAY)
    assert (holds(ada), Lead.objects.get(id=lead).contact_id) == ([("lead", lead)], ada)
    parted(merge)
    assert (holds(ada), holds(twin)) == ([], [("lead", lead)])


def test_a_lead_that_was_accepted_goes_on_with_its_clocks_and_its_hold_when_records_are_parted():
    lars = rep()
    ada, twin = accepted(lars), accepted(lars)
    merge = joined(ada, twin)
    assert lead_of(twin).state == "merged"
    assert lead_of(twin).rots_at is None
    with clock.at(MONDAY + timedelta(days=1)):
        parted(merge)
    again = lead_of(twin)
    assert (again.state, again.member_id) == ("accepted", lars.id)
    assert again.rots_at == MONDAY + timedelta(days=6)
    assert again.attempt_due_at is not None
    assert holds(twin) == [("lead", again.id)]


def test_who_had_a_later_lead_when_joined_has_it_again_when_parted():
    lars = rep()
    ada, twin = accepted(lars), accepted(lars)
    returned(twin)
    with clock.at(MONDAY + timedelta(days=21)):
        tick()
        second = lead_of(twin)
        assert second.round == 2
        merge = joined(ada, twin)
        parted(merge)
        again = lead_of(twin)
        assert (again.id, again.state) == (second.id, second.state)


def test_who_is_ripe_by_a_word_whose_lead_is_over_is_a_new_lead_when_parted():
    lars = rep()
    ada, twin = accepted(lars), accepted(lars)
    returned(twin)
    merge = joined(ada, twin)
    actions.convert(lead_id=lead_of(ada).id, member_id=lars.id, now=MONDAY)
    with clock.at(MONDAY + timedelta(days=21)):
        tick()
        assert lead_of(twin).state == "returned", "its time comes while the sale of the one they are goes on"
        parted(merge)
        assert (lead_of(twin).state, lead_of(twin).round) == ("waiting", 2)


def test_what_a_member_had_accepted_who_is_switched_off_holds_its_contact_no_longer():
    lars = rep()
    ada = accepted(lars)
    assert holds(ada)
    team.switch_off(member_id=lars.id, actor_id=member(Role.ADMIN).id, now=MONDAY)
    tick()
    assert (lead_of(ada).state, holds(ada)) == ("escalated", [])
