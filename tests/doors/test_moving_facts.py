"""What stands with the wrong person: given to whose it is, with its points and words, and back."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.models import Words
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.leads.models import Lead
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.team.types import Role, Scope
from tests.make import agreements
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        agreements.in_force(
            agreements.SMALL.replace("kinds: [show.visited],", "kinds: [show.visited, call.connected],"),
            now=NOW,
        )
        yield


@pytest.fixture
def rep(client):
    person = member(Role.SALES, name="Omar Rep")
    client.force_login(person)
    return person


@pytest.fixture
def works(rep):
    return contacts.create_account(name="Analytical Works", now=NOW)


@pytest.fixture
def ada(works):
    return contacts.create_contact(full_name="Ada Lovelace", account_id=works, now=NOW)


@pytest.fixture
def bea(works):
    return contacts.create_contact(full_name="Bea Miller", account_id=works, now=NOW)


def happened(kind, contact_id, words=""):
    (identity,) = ledger.append([NewFact(kind, NOW, contact_id=contact_id)], now=NOW)
    ledger.keep_words([(identity, contact_id, words)])
    ledger.drain(flow.CONSUMERS)
    return identity


def points(client, contact_id):
    verdict = client.get(reverse("contacts:show", args=[contact_id])).context["shown"].verdict
    return verdict.tenths if verdict else 0


def moved(client, of, fact, to):
    return client.post(reverse("contacts:move", args=[of, fact]), {"to": str(to)}, follow=True)


def undo_of(answer):
    return re.search(r'action="(/contacts/\d+/facts/\d+/move/undo)"', answer.content.decode())[1]


def test_a_visit_goes_to_a_colleague_with_its_points_and_its_words_and_comes_back(client, ada, bea):
    fact = happened("show.visited", ada, "Wants trays")
    before = points(client, ada)
    page = client.get(reverse("contacts:show", args=[ada])).content.decode()
    where = reverse("contacts:move", args=[ada, fact])
    assert f'href="{where}"' in page
    offered = text_of(client.get(where))
    assert "Visited our booth" in offered
    assert "Wants trays" in offered
    assert "Bea Miller" in offered, "colleagues are offered before one looks for anybody"
    answer = moved(client, ada, fact, bea)
    assert "It stands with Bea Miller now." in answer.content.decode()
    assert (points(client, ada), points(client, bea)) == (0, before)
    ledger.drain(flow.CONSUMERS)
    assert "Wants trays" in text_of(client.get(reverse("contacts:show", args=[bea])))
    assert "Wants trays" not in text_of(client.get(reverse("contacts:show", args=[ada])))
    answer = client.post(undo_of(answer), follow=True)
    assert "It stands where it stood before." in answer.content.decode()
    assert (points(client, ada), points(client, bea)) == (before, 0)
    assert Words.objects.get(interaction_id=fact).contact_id == ada


def test_the_leads_follow_to_the_person_whose_it_was(client, ada, bea):
    fact = happened("quote.requested", ada)
    moved(client, ada, fact, bea)
    ledger.drain(flow.CONSUMERS)
    assert Lead.objects.get(contact_id=ada).state == "withdrawn"
    assert Lead.objects.get(contact_id=bea).closed_at is None


def test_an_erasure_takes_the_words_of_whose_they_are_now(client, ada, bea):
    kept, gone = happened("show.visited", ada, "Wants trays"), happened("show.visited", bea, "Wants cups")
    moved(client, ada, kept, bea)
    moved(client, bea, gone, ada)
    contacts.erase_contact(contact_id=ada, now=NOW, actor_id=None)
    assert list(Words.objects.values_list("interaction_id", flat=True)) == [kept]


def test_it_is_taken_back_step_by_step_over_several_people(client, ada, bea):
    cy = contacts.create_contact(full_name="Cy", now=NOW)
    fact = happened("show.visited", ada)
    moved(client, ada, fact, bea)
    moved(client, bea, fact, cy)
    for of, to in ((cy, bea), (bea, cy)):  # what is taken back is a move as well, and can be taken back
        client.post(reverse("contacts:move_back", args=[of, fact]))
        assert points(client, to) > 0 == points(client, of)


def test_one_who_is_looked_for_is_found_and_nobody_else_is_offered(client, ada, bea):
    contacts.create_contact(full_name="Zoe Quill", now=NOW)
    where = reverse("contacts:move", args=[ada, happened("show.visited", ada)])
    found = text_of(client.get(where, {"words": "zoe"}))
    assert "Zoe Quill" in found
    assert "Bea Miller" not in found
    assert "Nobody like this" in text_of(client.get(where, {"words": "xyz"}))


@pytest.mark.parametrize(
    ("to", "status", "sentence"),
    [
        ("", 400, "Choose the person whose it was."),
        ("ada", 400, "It stands with this person already."),
        ("999999", 404, "There is no such contact"),
        ("hidden", 403, "A colleague is at work with this person."),
    ],
)
def test_nobody_is_given_it_who_cannot_have_it(client, ada, to, status, sentence):
    hidden = contacts.create_contact(full_name="Hidden", now=NOW)
    opportunities.open_by_hand(
        contact_id=hidden, member_id=member(Role.SALES).id, fields=Fields("Trays"), now=NOW
    )
    fact = happened("show.visited", ada)
    if to == "hidden":
        client.force_login(member(Role.SALES, scope=Scope.OWN))
    answer = moved(client, ada, fact, {"ada": ada, "hidden": hidden}.get(to, to))
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert points(client, ada) > 0


def test_what_moved_meanwhile_and_what_nobody_did_for_another_is_not_moved(client, ada, bea):
    fact = happened("show.visited", ada)
    moved(client, ada, fact, bea)
    assert moved(client, ada, fact, bea).status_code == 404
    assert client.get(reverse("contacts:move", args=[ada, fact])).status_code == 404
    attempt = happened("call.attempted", ada)
    assert client.get(reverse("contacts:move", args=[ada, attempt])).status_code == 404
    refused = moved(client, ada, attempt, bea)
    assert refused.status_code == 400
    assert "Only what a contact did can be moved" in text_of(refused)
    stays = reverse("contacts:move_back", args=[ada, attempt])
    assert client.post(stays).status_code == 404


def test_a_talk_that_counts_can_be_said_to_be_not_useful_though_nobody_else_can_have_had_it(client, ada):
    fact = happened("call.connected", ada)
    page = client.get(reverse("contacts:show", args=[ada])).content.decode()
    assert reverse("contacts:not_useful", args=[ada, fact]) in page
    assert reverse("contacts:move", args=[ada, fact]) not in page


def test_what_is_said_to_be_not_useful_stays_and_a_second_undo_finds_nothing(client, ada, bea):
    fact = happened("show.visited", ada)
    moved(client, ada, fact, bea)
    back = reverse("contacts:move_back", args=[bea, fact])
    assert client.post(back).status_code == 302
    assert "There is nothing to take back here." in text_of(client.post(back))
    client.post(reverse("contacts:not_useful", args=[ada, fact]), {"why": "old"})
    assert "Let it count again first." in text_of(moved(client, ada, fact, bea))
