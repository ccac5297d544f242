"""When a sale is over, or open again after all: what that means for everybody whom it is about, and their leads."""

from datetime import UTC, datetime

import pytest

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contacts
from orchard.contacts import queries
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.kit.money import Money
from orchard.leads import actions as leads
from orchard.leads.models import Lead
from orchard.opportunities import actions
from orchard.opportunities.models import Opportunity
from orchard.opportunities.types import Fields
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT.replace("at_account: join", "at_account: separate"))
        yield


@pytest.fixture
def lars():
    return rep(capacity=9)


def accepted(person, account=None):
    made = ripe(account_id=account)
    drain()
    leads.accept(lead_id=lead_of(made).id, member_id=person.id, now=MONDAY)
    return made


def sale_of(contact_id, person):
    made = actions.convert(
        lead_id=lead_of(contact_id).id, member_id=person.id, fields=Fields("Boxes"), now=MONDAY
    )
    drain()
    return made


def won(sale, person):
    actions.win(
        opportunity_id=sale,
        member_id=person.id,
        amount=Money(100, "EUR"),
        on=MONDAY.date(),
        zone="UTC",
        now=MONDAY,
    )
    drain()


def test_who_joined_a_sale_hears_of_its_end_and_may_be_a_lead_again(lars):
    acme = contacts.create_account(name="Acme", now=MONDAY)
    ada, bob = accepted(lars, acme), accepted(lars, acme)
    sale = sale_of(ada, lars)
    actions.join(lead_id=lead_of(bob).id, opportunity_id=sale, member_id=lars.id, now=MONDAY)
    drain()
    assert agreement.stage_of(bob).stage == "opportunity"
    actions.lose(opportunity_id=sale, member_id=lars.id, reason="price", note="", now=MONDAY)
    drain()
    for person in (ada, bob):
        assert agreement.stage_of(person).stage == "nurturing"
        assert (lead_of(person).state, lead_of(person).round) == ("offered", 2)
    assert Interaction.objects.filter(kind="opportunity.lost").count() == 2


def test_the_amount_of_a_sale_counts_once_however_many_joined_it(lars):
    acme = contacts.create_account(name="Acme", now=MONDAY)
    ada, bob = accepted(lars, acme), accepted(lars, acme)
    sale = sale_of(ada, lars)
    actions.join(lead_id=lead_of(bob).id, opportunity_id=sale, member_id=lars.id, now=MONDAY)
    won(sale, lars)
    facts = Interaction.objects.filter(kind="opportunity.won").order_by("id")
    assert list(facts.values_list("contact_id", "amount")) == [(ada, 100), (bob, None)]
    actions.take_back(opportunity_id=sale, member_id=lars.id, now=MONDAY)
    drain()
    assert [agreement.stage_of(each).stage for each in (ada, bob)] == ["opportunity", "opportunity"]


def test_a_sale_that_is_open_again_takes_back_what_was_offered_meanwhile(lars):
    ada = accepted(lars)
    first = lead_of(ada).id
    sale = sale_of(ada, lars)
    actions.lose(opportunity_id=sale, member_id=lars.id, reason="price", note="", now=MONDAY)
    drain()
    assert lead_of(ada).state == "offered"
    actions.take_back(opportunity_id=sale, member_id=lars.id, now=MONDAY)
    drain()
    assert (lead_of(ada).state, lead_of(ada).round) == ("withdrawn", 2)
    assert queries.held([ada]) == {ada: [("lead", first), ("opportunity", sale)]}


def test_the_sale_of_somebody_erased_ends_as_every_other_and_holds_nobody():
    agreements.in_force(AGREEMENT)
    lars = rep(capacity=9)
    acme = contacts.create_account(name="Acme", now=MONDAY)
    ada = accepted(lars, acme)
    bob = ripe(account_id=acme)
    drain()
    lead = lead_of(ada)
    assert lead.colleagues.get().contact_id == bob
    sale = sale_of(ada, lars)
    contacts.erase_contact(contact_id=ada, now=MONDAY, actor_id=None)
    drain()
    won(sale, lars)
    assert Lead.objects.get(id=lead.id).eligible_at == MONDAY
    assert lead_of(bob).state == "offered", "whoever joined is a lead of their own"
    actions.take_back(opportunity_id=sale, member_id=lars.id, now=MONDAY)
    drain()
    assert queries.held([ada]) == {}
    assert Opportunity.objects.get().name == "Erased"
