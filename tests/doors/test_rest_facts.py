"""Facts over REST: stated by other systems about known contacts, all of a call or none, and read in order."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.api import rules
from orchard.api.types import LIVE_FACTS, MOST_FACTS
from orchard.campaigns import queries as campaigns
from orchard.campaigns.models import Campaign
from orchard.contacts import actions
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.kinds import KINDS
from orchard.interactions.models import Interaction, Words
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.leads import queries as leads
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member
from tests.make.rest import System, token

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ANNA = {"email": "anna@example.com"}


@pytest.fixture(autouse=True)
def at_noon():
    with clock.at(NOW):
        yield


@pytest.fixture
def anna():
    return actions.create_contact(
        full_name="Anna Berg", emails=["anna@example.com"], ids=[("shop", "K-1")], now=NOW
    )


@pytest.fixture
def nora():
    return member(Role.MARKETING, name="Nora Lind")


@pytest.fixture
def system(nora):
    return System(token(acts_for=nora))


def stated(kind="form.submitted", contact=ANNA, **more):
    return {"contact": contact, "kind": kind, **more}


def told():
    return Interaction.objects.exclude(kind="contact.created").order_by("id")


def errors(answer):
    assert answer.status_code == 422, answer.content
    return {each["pointer"]: each["detail"] for each in answer.json()["errors"]}


def test_a_contact_is_named_by_id_by_any_spelling_of_an_address_or_by_an_id_elsewhere(system, anna):
    given = [
        {"id": anna},
        {"email": " ANNA@Example.com"},
        {"external_id": {"source": "shop", "value": "K-1"}},
    ]
    answer = system.post("/facts", {"facts": [stated(contact=each) for each in given]})
    assert answer.status_code == 201
    assert [each["contact_id"] for each in answer.json()["facts"]] == [anna] * 3
    assert [each["id"] for each in answer.json()["facts"]] == [each.id for each in told()]


def test_who_was_joined_with_another_is_named_by_what_they_had_before(system, anna):
    other = actions.create_contact(full_name="A. Berg", emails=["berg@example.com"], now=NOW)
    actions.merge(survivor_id=anna, loser_id=other, now=NOW, actor_id=None)
    for contact in ({"id": other}, {"email": "berg@example.com"}):
        answer = system.post("/facts", {"facts": [stated(contact=contact)]})
        assert answer.json()["facts"][0]["contact_id"] == anna


def test_a_fact_carries_account_campaign_content_words_and_for_what_we_did_the_member(system, anna, nora):
    acme = actions.create_account(name="Acme", now=NOW)
    actions.move_to_account(contact_id=anna, account_id=acme, now=NOW, actor_id=None)
    at = NOW - timedelta(days=2)
    more = {
        "occurred_at": at.isoformat(),
        "campaign": "Autumn fair",
        "content": "ebook-7",
        "words": "500 boxes?",
    }
    asked, called = [stated("quote.requested", **more), stated("call.connected")]
    system.post("/facts", {"facts": [asked, called]})
    first, second = told().filter(kind__in=["quote.requested", "call.connected"])
    assert (first.occurred_at, first.recorded_at, first.account_id) == (at, NOW, acme)
    assert (first.direction, first.member_id) == ("in", None)
    assert (second.direction, second.member_id, second.occurred_at) == ("out", nora.id, NOW)
    assert campaigns.names([first.campaign_id]) == {first.campaign_id: "Autumn fair"}
    assert [source.name for source in campaigns.sources_of([anna])] == ["Autumn fair"]
    assert facts.words_of([first.id]) == {first.id: "500 boxes?"}
    assert Entry.objects.get(action="facts.stated").details == {
        "new": 2,
        "kinds": {"quote.requested": 1, "call.connected": 1},
    }


def test_a_campaign_is_known_by_its_code_or_its_name(system, anna):
    for name in ("Autumn fair", "autumn_fair", " Autumn Fair "):
        system.post("/facts", {"facts": [stated(campaign=name)]})
    assert Campaign.objects.count() == 1


def test_a_key_lets_a_fact_be_stated_once_whichever_call_or_token_says_it_again(system, anna):
    body = {"facts": [stated(key="order 1", campaign="fair", words="first"), stated(key="order 2")]}
    first = system.post("/facts", body).json()["facts"]
    again = System(token()).post("/facts", body).json()["facts"]
    assert all(each["id"] for each in first)
    assert again == [{"id": None, "contact_id": anna}] * 2
    assert told().count() == 2
    assert len(campaigns.sources_of([anna])) == 1
    other = system.post("/facts", {"facts": [stated("quote.requested", key="order 1")]}).json()["facts"]
    assert other[0]["id"], "another kind is another fact"


def test_a_key_given_twice_in_one_call_is_one_fact(system, anna):
    answer = system.post("/facts", {"facts": [stated(key="k"), stated(key="k")]}).json()["facts"]
    assert [each["id"] is None for each in answer] == [False, True]


def test_all_facts_of_a_call_are_kept_or_none_and_each_that_does_not_fit_is_named(system, anna):
    ahead = (NOW + timedelta(minutes=6)).isoformat()
    given = [
        stated(campaign="Never"),
        stated(contact={"email": "nobody@example.com"}),
        stated(contact={"id": 2**62}),
        stated(contact={"external_id": {"source": "shop", "value": "K-2"}}),
        stated(occurred_at=ahead),
        stated(occurred_at="1899-12-31T00:00:00Z"),
    ]
    found = errors(system.post("/facts", {"facts": given}))
    assert set(found) == {
        "/facts/1/contact",
        "/facts/2/contact",
        "/facts/3/contact",
        "/facts/4/occurred_at",
        "/facts/5/occurred_at",
    }
    assert found["/facts/4/occurred_at"].startswith("This lies ahead")
    assert not told().exists()
    assert not Campaign.objects.exists()


def test_a_clock_that_is_a_little_ahead_is_forgiven(system, anna):
    soon = (NOW + timedelta(minutes=5)).isoformat()
    assert system.post("/facts", {"facts": [stated(occurred_at=soon)]}).status_code == 201


@pytest.mark.parametrize(
    ("fact", "pointer"),
    [
        (stated("verdict.changed"), "/facts/0/kind"),
        (stated("consent.granted"), "/facts/0/kind"),
        (stated("lead.waiting"), "/facts/0/kind"),
        (stated("nonsense"), "/facts/0/kind"),
        (stated(contact={}), "/facts/0/contact"),
        (stated(contact={"id": 1, "email": "a@b.example"}), "/facts/0/contact"),
        (stated(contact={"id": 0}), "/facts/0/contact/id"),
        (stated(occurred_at="2026-11-02T09:30:00"), "/facts/0/occurred_at"),
        (stated(occurred_at="yesterday"), "/facts/0/occurred_at"),
        (stated(words="w" * 20_001), "/facts/0/words"),
        (stated(key="k" * 201), "/facts/0/key"),
        (stated(score=9), "/facts/0/score"),
    ],
)
def test_a_fact_that_makes_no_sense_is_named(system, anna, fact, pointer):
    assert list(errors(system.post("/facts", {"facts": [fact]}))) == [pointer]
    assert not told().exists()


def test_only_what_contacts_do_or_we_do_with_them_may_be_stated():
    for name in rules.STATEABLE:
        assert KINDS[name].direction in {"in", "out"}
    own = {"account", "agreement", "consent", "contact", "fact", "import", "lead", "stage", "verdict"}
    assert not {name.partition(".")[0] for name in rules.STATEABLE} & own
    assert {"form.submitted", "quote.requested", "show.visited", "call.connected", "email.sent"} <= set(
        rules.STATEABLE
    )


@pytest.mark.parametrize(
    ("number", "bulk"), [(1, False), (LIVE_FACTS, False), (LIVE_FACTS + 1, True), (MOST_FACTS, True)]
)
def test_few_facts_are_seen_at_once_and_many_stand_behind_what_people_do(system, anna, number, bulk):
    answer = system.post("/facts", {"facts": [stated(key=f"k {each}") for each in range(number)]})
    assert len(answer.json()["facts"]) == number
    assert set(told().values_list("bulk", flat=True)) == {bulk}
    assert told().count() == number


def test_more_than_a_thousand_facts_or_none_are_refused(system, anna):
    assert list(errors(system.post("/facts", {"facts": [stated()] * (MOST_FACTS + 1)}))) == ["/facts"]
    assert list(errors(system.post("/facts", {"facts": []}))) == ["/facts"]


def test_of_who_was_erased_nothing_is_told_and_the_words_of_before_are_gone(system, anna):
    system.post("/facts", {"facts": [stated(words="call me Birdie")]})
    actions.erase_contact(contact_id=anna, now=NOW, actor_id=None)
    assert list(errors(system.post("/facts", {"facts": [stated(contact={"id": anna})]}))) == [
        "/facts/0/contact"
    ]
    assert not Words.objects.exists()


def test_who_asks_for_a_quote_over_rest_becomes_a_lead(system, anna):
    agreements.in_force()
    system.post("/facts", {"facts": [stated("quote.requested"), stated("show.visited")]})
    ledger.drain(flow.CONSUMERS)
    assert [each.waits for each in leads.handoffs_of([anna], now=NOW)] == [True]


def test_the_facts_of_a_contact_are_read_in_the_order_of_the_ledger(system, anna, nora):
    late, early = NOW - timedelta(days=1), NOW - timedelta(days=9)
    body = [
        stated(
            "quote.requested", occurred_at=late.isoformat(), campaign="Fair", content="ebook", words="Hello"
        ),
        stated("call.connected", occurred_at=early.isoformat()),
    ]
    system.post("/facts", {"facts": body})
    ledger.place()
    pages, cursor = [], ""
    while True:
        page = system.get(f"/contacts/{anna}/facts?limit=1&cursor={cursor}").json()
        pages += page["facts"]
        cursor = page["next"]
        if not cursor:
            break
        if len(pages) == 1:
            system.post("/facts", {"facts": [stated("form.submitted")]})
            ledger.place()
    assert [each["kind"] for each in pages] == [
        "contact.created",
        "quote.requested",
        "call.connected",
        "form.submitted",
    ]
    assert [each["place"] for each in pages] == sorted(each["place"] for each in pages)
    asked, called = pages[1], pages[2]
    assert (asked["campaign"]["name"], asked["content"]["name"], asked["words"]) == ("Fair", "ebook", "Hello")
    assert (asked["direction"], called["direction"], called["member"]["name"]) == ("in", "out", "Nora Lind")
    assert system.get(f"/contacts/{anna + 99}/facts").status_code == 404
