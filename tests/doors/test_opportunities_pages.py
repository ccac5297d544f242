"""The pages of opportunities: from a lead or by hand, the board, won, lost and open again."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from orchard.contacts import actions as contact_actions
from orchard.contacts import queries as contact_queries
from orchard.interactions.models import Interaction
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.leads.models import Lead
from orchard.opportunities.models import Opportunity, Party
from orchard.tasks import actions as tasks
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, lead_of, rep, ripe
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        yield


@pytest.fixture
def lars():
    return rep("Lars Berg")


def enter(person):
    client = Client()
    client.force_login(person)
    return client


def address(name, *args):
    return reverse(f"opportunities:{name}", args=args)


def accepted(person, name="Ada Lovelace", **values):
    made = ripe(name, **values)
    drain()
    leads.accept(lead_id=lead_of(made).id, member_id=person.id, now=clock.now())
    return lead_of(made)


def converted(person, name="Two lines", **values):
    lead = accepted(person, **values)
    given = {"name": name, "amount": "18400.50", "currency": "cad", "expected_on": "2026-12-18"}
    enter(person).post(address("convert", lead.id), given)
    return Opportunity.objects.latest("id")


def test_a_lead_becomes_an_opportunity_with_its_people_its_steps_and_the_fact(lars):
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    lead = accepted(lars, account_id=acme)
    bob = ripe("Bob", account_id=acme)
    drain()
    tasks.plan_step(
        what="call",
        member_id=lars.id,
        made_by=lars.id,
        due_on=date(2026, 11, 5),
        contact_id=lead.contact_id,
        subject=("lead", lead.id),
        now=MONDAY,
    )
    answer = enter(lars).post(
        address("convert", lead.id),
        {"name": "Two lines", "amount": "18400.50", "currency": "cad"},
        follow=True,
    )
    assert "The lead is an opportunity now." in toasts_of(answer)
    said = text_of(answer)
    for expected in ("Two lines", "18,400.50 CAD", "Acme", "Thu 5 Nov", "Bob"):
        assert expected in said
    sale = Opportunity.objects.get()
    assert set(Party.objects.values_list("contact", flat=True)) == {lead.contact_id, bob}
    assert Lead.objects.get(id=lead.id).state == "converted"
    fact = Interaction.objects.get(kind="opportunity.opened")
    assert (fact.contact_id, fact.subject_id, fact.member_id) == (lead.contact_id, sale.id, lars.id)


def test_what_is_asked_for_stays_when_something_lacks(lars):
    lead, sales = accepted(lars), enter(lars)
    for given, sentence in (
        ({"amount": "5"}, "Give the opportunity a name"),
        ({"name": "Two lines", "amount": "5"}, "Give the currency as three letters"),
        ({"name": "Two lines", "amount": "5.123", "currency": "EUR"}, "EUR has 2 decimals"),
    ):
        answer = sales.post(address("convert", lead.id), given)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert not Opportunity.objects.exists()


def test_a_lead_joins_the_open_opportunity_of_a_colleague(lars):
    agreements.in_force(AGREEMENT.replace("at_account: join", "at_account: separate"))
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    sale = converted(lars, account_id=acme)
    mei = rep("Mei Tanabe")
    Member.objects.filter(id=lars.id).update(capacity=0)
    lead = accepted(mei, "Grace Hopper", account_id=acme)
    page = enter(mei).get(address("convert", lead.id))
    assert "part of the opportunity of Lars Berg" in text_of(page)
    assert "“Two lines”" not in text_of(page)
    answer = enter(mei).post(address("convert", lead.id), {"to": sale.id}, follow=True)
    assert answer.status_code == 200
    assert "Grace Hopper" in text_of(answer)
    assert Opportunity.objects.count() == 1


def test_won_asks_for_the_amount_and_tells_the_ledger(lars):
    sale = converted(lars)
    sales = enter(lars)
    assert sales.post(address("win", sale.id), {"on": "2026-11-02"}).status_code == 422
    ahead = sales.post(address("win", sale.id), {"amount": "5", "currency": "CAD", "on": "2027-01-01"})
    assert "lies ahead" in text_of(ahead)
    answer = sales.post(
        address("win", sale.id), {"amount": "17000", "currency": "CAD", "on": "2026-11-02"}, follow=True
    )
    assert "Won for 17,000.00 CAD." in toasts_of(answer)
    fact = Interaction.objects.get(kind="opportunity.won")
    assert (fact.amount, fact.currency, fact.member_id) == (1_700_000, "CAD", lars.id)
    late = sales.post(address("lose", sale.id), {"reason": "price"})
    assert late.status_code == 422
    assert "was won meanwhile" in text_of(late)


def test_lost_asks_why_keeps_the_words_and_can_be_taken_back(lars):
    sale = converted(lars)
    sales = enter(lars)
    assert sales.post(address("lose", sale.id), {}).status_code == 422
    answer = sales.post(address("lose", sale.id), {"reason": "price", "note": "Ten percent off"}, follow=True)
    said = text_of(answer)
    assert "Lost on 2 November 2026: The price." in said
    assert "“Ten percent off”" in said
    drain()
    answer = sales.post(address("take_back", sale.id), follow=True)
    assert "open again" in toasts_of(answer)
    assert Opportunity.objects.get().state == "open"
    assert sales.post(address("take_back", sale.id)).status_code == 409


def test_the_board_flags_what_has_no_next_step(lars):
    flagged = converted(lars, "Flagged")
    planned = converted(lars, "Planned")
    tasks.plan_step(
        what="call",
        member_id=lars.id,
        made_by=lars.id,
        due_on=date(2026, 11, 4),
        contact_id=planned.contact_id,
        subject=("opportunity", planned.id),
        now=MONDAY,
    )
    said = text_of(enter(lars).get(address("list")))
    assert (
        said.index("No next step 1")
        < said.index("Flagged")
        < said.index("Within a week 1")
        < said.index("Planned")
    )
    assert "no next step" in text_of(enter(lars).get(address("list"), {"show": "open"}))
    assert "2 open, worth up to 36,801.00 CAD." in said
    assert flagged.state == "open"


def test_one_is_opened_by_hand_but_not_past_an_open_lead(lars):
    ada = contact("Ada Lovelace")
    answer = enter(lars).post(address("new", ada), {"name": "Spare parts"}, follow=True)
    assert "Spare parts" in text_of(answer)
    lead = accepted(lars, "Grace Hopper")
    answer = enter(lars).post(address("new", lead.contact_id), {"name": "Past it"})
    assert answer.status_code == 422
    assert "This contact is an open lead" in text_of(answer)


def test_a_colleagues_opportunity_is_in_no_list_and_opens_to_nobody_else(lars):
    sale = converted(lars, "Canary deal")
    mei = enter(rep("Mei Tanabe", capacity=0))
    for show in ("board", "open", "won", "lost"):
        assert "Canary" not in text_of(mei.get(address("list"), {"show": show}))
    for name in ("show", "edit", "win", "lose"):
        assert mei.get(address(name, sale.id)).status_code == 403
    assert "Canary" not in text_of(mei.get(reverse("contacts:show", args=[sale.contact_id])))
    assert "Canary" in text_of(enter(member(Role.MANAGER)).get(address("list")))


def test_two_who_change_an_opportunity_do_not_write_over_each_other(lars):
    sale, manager = converted(lars), enter(member(Role.MANAGER))
    seen = sale.updated_at.isoformat()
    with clock.at(datetime(2026, 11, 2, 10, tzinfo=UTC)):
        assert (
            enter(lars).post(address("edit", sale.id), {"name": "Three lines", "seen": seen}).status_code
            == 302
        )
        answer = manager.post(address("edit", sale.id), {"name": "Four lines", "seen": seen})
    assert answer.status_code == 422
    assert "Somebody changed this opportunity" in text_of(answer)
    assert Opportunity.objects.get().name == "Three lines"


def test_a_desk_is_handed_over_with_its_sales_and_the_steps_that_are_left(lars):
    sale = converted(lars)
    tasks.plan_step(
        what="todo", member_id=lars.id, made_by=lars.id, due_on=date(2026, 11, 4), title="Tidy up", now=MONDAY
    )
    mei, admin = rep("Mei Tanabe", capacity=0), enter(member(Role.ADMIN))
    assert "2 leads, opportunities and steps" in text_of(
        admin.get(reverse("members:switch_off", args=[lars.id]))
    )
    answer = admin.post(reverse("leads:hand_over", args=[lars.id]), {"everything": mei.id}, follow=True)
    assert "2 things are handed over." in toasts_of(answer)
    sale.refresh_from_db()
    assert sale.member_id == mei.id


def test_who_joined_a_colleagues_opportunity_looks_at_it_but_does_not_close_it(lars):
    agreements.in_force(AGREEMENT.replace("at_account: join", "at_account: separate"))
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    sale = converted(lars, account_id=acme)
    mei = rep("Mei Tanabe")
    Member.objects.filter(id=lars.id).update(capacity=0)
    lead = accepted(mei, "Grace Hopper", account_id=acme)
    enter(mei).post(address("convert", lead.id), {"to": sale.id})
    page = enter(mei).get(address("show", sale.id))
    assert page.status_code == 200
    assert reverse("opportunities:win", args=[sale.id]) not in page.content.decode()
    given = {"amount": "5", "currency": "CAD", "on": "2026-11-02"}
    assert enter(mei).post(address("win", sale.id), given).status_code == 403
    assert enter(mei).post(address("lose", sale.id), {"reason": "price"}).status_code == 403
    assert Opportunity.objects.get().state == "open"


def test_the_names_of_colleagues_opportunities_are_not_read_through_a_lead_that_one_did_not_accept(lars):
    agreements.in_force(AGREEMENT.replace("at_account: join", "at_account: separate"))
    acme = contact_actions.create_account(name="Acme", now=MONDAY)
    converted(lars, "Canary deal", account_id=acme)
    waiting = ripe("Grace Hopper", account_id=acme, days_ago=30)
    drain()
    answer = enter(rep("Mei Tanabe")).get(address("convert", lead_of(waiting).id))
    assert answer.status_code == 409
    assert "Canary" not in answer.content.decode()


def test_a_contact_of_an_open_sale_is_held_and_no_lead_until_it_is_over(lars):
    ada = contact("Ada Lovelace")
    enter(lars).post(address("new", ada), {"name": "Spare parts"})
    assert contact_queries.held([ada])
    sale = Opportunity.objects.get()
    enter(lars).post(address("lose", sale.id), {"reason": "price"})
    assert not contact_queries.held([ada])
    enter(lars).post(address("take_back", sale.id))
    assert contact_queries.held([ada])
