"""The page of the basket, as each role sees it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(client):
    person = member(Role.SALES)
    Member.objects.filter(id=person.id).update(capacity=0)
    client.force_login(person)
    return client


def asked_for_a_quote(name, *, days_ago=0):
    contact = contacts.create_contact(full_name=name, now=clock.now())
    at = clock.now() - timedelta(days=days_ago)
    with transaction.atomic():
        ledger.append([NewFact("quote.requested", at, contact_id=contact)], now=clock.now())
    ledger.drain(flow.CONSUMERS)
    return contact


def page(client, **wish):
    return client.get(reverse("basket:list"), wish).content.decode()


def test_without_an_agreement_it_leads_to_the_agreement(sales):
    assert "No agreement yet" in page(sales)


def test_with_nobody_ripe_it_says_that_contacts_enter_by_themselves(sales):
    agreements.in_force()
    assert "The basket is empty" in page(sales)


def test_who_waits_stands_there_with_the_reason(sales):
    agreements.in_force()
    asked_for_a_quote("Ada <b>Lovelace</b>")
    said = page(sales)
    assert "Ada &lt;b&gt;Lovelace&lt;/b&gt;" in said
    assert "Has asked for a quote within the last 7 days" in said


def test_stale_leads_wait_apart(sales):
    agreements.in_force(agreements.SMALL.replace("within_days: 7", "within_days: 90"))
    asked_for_a_quote("Ada Lovelace")
    asked_for_a_quote("Grace Hopper", days_ago=30)
    assert "Ada Lovelace" in page(sales)
    assert "Grace Hopper" not in page(sales)
    assert "Grace Hopper" in page(sales, show="stale")


def test_where_nobody_is_fresh_the_way_leads_to_those_who_are_stale(sales):
    agreements.in_force(agreements.SMALL.replace("within_days: 7", "within_days: 90"))
    asked_for_a_quote("Grace Hopper", days_ago=30)
    said = page(sales)
    assert "Nobody fresh waits" in said
    assert "1 stale lead does." in said


def test_a_broken_link_to_a_page_is_refused_in_one_sentence(sales):
    agreements.in_force()
    answer = sales.get(reverse("basket:list"), {"cursor": "nonsense"})
    assert answer.status_code == 400
    assert "This link to a page of the list is broken." in answer.content.decode()
