"""The list of contacts as Marketing and Sales read it: searched, narrowed, sorted, walked, and when it is empty."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import lead_of, rep
from tests.make.members import member
from tests.make.posting import fields
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

LIST, NARROW = reverse("contacts:list"), reverse("contacts:narrow")
MORNING = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
IN_CANADA = {"field": "contact.country", "is": "CA"}


@pytest.fixture
def sam():
    return member(Role.MARKETING, name="Sam Okafor")


@pytest.fixture
def page(client, sam):
    client.force_login(sam)
    return client


def add(name, **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


def happened(kind, contact_id, *, days_ago=0):
    at = clock.now() - timedelta(days=days_ago)
    ledger.append([NewFact(kind, at, contact_id=contact_id)], now=clock.now())
    ledger.drain(flow.CONSUMERS)


def shown(page, **wish):
    return page.get(LIST, wish)


def names(answer):
    return [row.name for row in answer.context["listed"].page.rows]


def test_a_company_without_contacts_is_led_to_import_or_add(page):
    said = shown(page)
    assert "No contacts yet" in text_of(said)
    assert reverse("imports:new") in said.content.decode()
    assert reverse("contacts:new") in said.content.decode()
    assert 'id="narrow"' not in said.content.decode()


def test_a_salesperson_is_not_offered_the_import_that_would_be_refused(client):
    client.force_login(member(Role.SALES))
    said = client.get(LIST).content.decode()
    assert reverse("imports:new") not in said
    assert reverse("contacts:new") in said


def test_a_row_says_who_why_when_and_what_to_do(page, sam):
    with clock.at(MORNING):
        agreements.in_force()
        acme = contacts.create_account(name="Acme", now=clock.now())
        ada = add("Ada Lovelace", title="Buyer", account_id=acme, owner_id=sam.id, phones=["+43 1 588580"])
        happened("quote.requested", ada)
        answer = shown(page)
    said = text_of(answer)
    assert "Ada Lovelace Buyer · Acme" in said
    assert "Has asked for a quote within the last 7 days" in said
    assert "0.0 points · 27 Nov, 09:00" in said
    assert "in the basket since" in said
    assert "Asked for a quote 27 Nov" in said
    assert 'title="Looked after by Sam Okafor"' in answer.content.decode()
    assert 'href="tel:+43 1 588580"' in answer.content.decode()
    assert "1 person. 1 meets the agreement; a contact is not a lead." in said


def test_whom_sales_took_is_a_lead_and_no_more_in_the_basket(page):
    with clock.at(MORNING):
        agreements.in_force()
        ada = add("Ada Lovelace")
        happened("quote.requested", ada)
        leads.pick(lead_id=lead_of(ada).id, member_id=rep("Lars Berg").id, now=clock.now())
        said = text_of(shown(page))
    assert "a lead since 27 Nov" in said
    assert "in the basket since" not in said


def test_the_file_says_of_who_is_ripe_what_the_page_says(page):
    agreements.in_force()
    ada = add("Ada")
    for days_ago in (0, 1):
        happened("show.visited", ada, days_ago=days_ago)
    assert "Visited our booth" in text_of(shown(page))
    answer = page.post(LIST, {"export": "csv"})
    assert ",Visited our booth," in b"".join(answer.streaming_content).decode()


def test_who_is_not_ripe_sees_what_is_missing_and_an_act_by_what_is_known(page):
    agreements.in_force()
    happened("show.visited", add("Ben", emails=["ben@example.com"]))
    add("Cy")
    ledger.drain(flow.CONSUMERS)
    answer = shown(page)
    assert "15.0 points until the score is at least 40" in text_of(answer)
    assert 'href="mailto:ben@example.com"' in answer.content.decode()
    assert "no talk yet" in text_of(answer)
    assert "E-mail Cy" in text_of(answer)


def test_without_an_agreement_nobody_is_scored_and_it_is_said(page):
    add("Ben")
    assert "No agreement is in force yet, so nobody is a lead." in text_of(shown(page))
    assert "points" not in text_of(shown(page))


def test_people_are_found_by_the_beginning_of_name_or_address(page):
    add("Ada Lovelace", emails=["countess@example.com"])
    add("Ben")
    assert names(shown(page, words="ada")) == ["Ada Lovelace"]
    assert names(shown(page, words="COUNTESS@")) == ["Ada Lovelace"]
    assert "1 of 2 fits." in text_of(shown(page, words="ada"))
    assert "Nobody like this" in text_of(shown(page, words="zz"))


def test_the_list_shows_ones_own_the_ripe_and_those_in_the_basket(page, sam):
    agreements.in_force()
    add("Mine", owner_id=sam.id)
    happened("quote.requested", add("Ripe"))
    assert names(shown(page, show="mine")) == ["Mine"]
    assert names(shown(page, show="ripe")) == ["Ripe"]
    assert names(shown(page, show="basket")) == ["Ripe"]
    assert len(names(shown(page, show="nonsense", sort="nonsense"))) == 2


def test_the_list_is_sorted_by_score_by_age_and_by_name_with_the_nameless_last(page):
    agreements.in_force()
    for name in ("Cy", "Ann", "Ben"):
        add(name)
    contacts.create_contact(emails=["nobody@example.com"], now=clock.now())
    happened("show.visited", contacts.create_contact(full_name="Zoe", now=clock.now()))
    assert names(shown(page))[0] == "Zoe"
    assert names(shown(page, sort="-added")) == ["Zoe", "", "Ben", "Ann", "Cy"]
    assert names(shown(page, sort="name")) == ["Ann", "Ben", "Cy", "Zoe", ""]
    assert names(shown(page, sort="-name")) == ["Zoe", "Cy", "Ben", "Ann", ""]
    assert names(shown(page, sort="added")) == ["Cy", "Ann", "Ben", "", "Zoe"]
    assert names(shown(page, sort="score"))[-1] == "Zoe"


@pytest.mark.parametrize("sort", ["-score", "score", "-added", "added", "name", "-name"])
def test_a_long_list_is_walked_on_and_back_without_missing_anybody(page, monkeypatch, sort):
    monkeypatch.setattr("orchard.web.lists.page.PAGE", 3)
    if "score" in sort:
        agreements.in_force()
    for n in range(4):
        add(f"Person {n}")
    for n in range(4):
        contacts.create_contact(emails=[f"p{n}@example.com"], now=clock.now())
    ledger.drain(flow.CONSUMERS)
    walked, cursor = [], ""
    while True:
        answer = shown(page, sort=sort, cursor=cursor)
        walked.append([row.id for row in answer.context["listed"].page.rows])
        cursor = answer.context["listed"].page.next
        if not cursor:
            break
    assert [len(each) for each in walked] == [3, 3, 2]
    assert len({each for ids in walked for each in ids}) == 8
    for ids in reversed(walked[:-1]):
        answer = shown(page, sort=sort, cursor=answer.context["listed"].page.previous)
        assert [row.id for row in answer.context["listed"].page.rows] == ids


def test_a_broken_link_to_a_page_is_refused_in_one_sentence(page):
    add("Ben")
    for sort in ("-score", "added", "name"):
        answer = shown(page, sort=sort, cursor="nonsense")
        assert answer.status_code == 400
        assert "This link to a page of the list is broken." in text_of(answer)


def test_a_condition_narrows_the_list_and_is_said_in_words(page):
    add("Ada", country="CA")
    add("Ben", country="US")
    answer = shown(page, where=json.dumps(IN_CANADA))
    assert names(answer) == ["Ada"]
    assert "Only who: country is Canada" in text_of(answer)
    assert "1 of 2 fits." in text_of(answer)
    assert names(shown(page, where=json.dumps(IN_CANADA), words="b")) == []


def test_a_condition_on_what_was_done_and_on_the_score_asks_the_ledger(page):
    agreements.in_force()
    happened("show.visited", add("Ada"))
    happened("show.visited", add("Ben"), days_ago=300)
    assert names(shown(page, where=json.dumps({"did": ["show.visited"], "within_days": 30}))) == ["Ada"]
    assert names(shown(page, where=json.dumps({"score": "total", "at_least": 20}))) == ["Ada"]


def test_the_builder_is_drawn_grown_and_sent(page):
    first = page.post(NARROW, {"act": "where!add", "show": "mine"}, headers={"HX-Request": "true"})
    drawn = fields(first.content.decode(), "narrow")
    assert ("show", "mine") in drawn
    assert "autofocus" in first.content.decode()
    filled = dict(drawn) | {"where.field": "contact.country", "where.value": "CA", "go": "1"}
    filled.pop("csrfmiddlewaretoken", None)
    sent = page.post(NARROW, filled, headers={"HX-Request": "true"})
    assert sent["HX-Redirect"].startswith(f"{LIST}?show=mine&where=")
    assert page.post(NARROW, filled).status_code == 302


def test_an_empty_builder_leads_back_to_everybody(page):
    assert page.post(NARROW, {"go": "1"}).url == f"{LIST}?"


def test_a_mistake_in_a_condition_stands_at_its_row_and_nothing_typed_is_lost(page):
    row = {
        "where.sort": "field",
        "where.was": "field",
        "where.field": "account.employees",
        "where.field_was": "account.employees",
        "where.operator": "gt",
        "where.operator_was": "gt",
        "where.value": "many",
        "go": "1",
    }
    answer = page.post(NARROW, row)
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    assert 'class="field-errors"' in answer.content.decode()


@pytest.mark.parametrize("where", ["{", "[1]", '{"field": "contact.shoe", "is": "42"}', "[" * 5_000])
def test_a_condition_in_a_link_that_makes_no_sense_is_refused_in_a_sentence(page, where):
    answer = shown(page, where=where)
    assert answer.status_code == 400
    assert "data-sentence=" in answer.content.decode()


def test_a_name_is_text_and_never_markup(page):
    add("<b>Bobby</b>", title='"><script>')
    said = shown(page).content.decode()
    assert "&lt;b&gt;Bobby&lt;/b&gt;" in said
    assert "<script>" not in said


def test_the_number_of_queries_does_not_grow_with_the_rows(page, django_assert_max_num_queries):
    agreements.in_force()
    for n in range(25):
        add(f"Person {n}", emails=[f"p{n}@example.com"])
    ledger.drain(flow.CONSUMERS)
    shown(page)
    with django_assert_max_num_queries(22):
        assert len(names(shown(page))) == 25


def test_a_line_says_the_stage_and_a_condition_finds_it_by_the_agreement_s_word(page):
    agreements.in_force(agreements.SMALL + "stages: {engaged: Talks with us}\n", now=clock.now())
    ada = add("Ada")
    add("Ben")
    happened("form.submitted", ada)
    assert "Talks with us" in text_of(shown(page))
    answer = shown(page, where=json.dumps({"stage": ["engaged"]}))
    assert names(answer) == ["Ada"]
    assert "stage is Talks with us" in text_of(answer)
    assert names(shown(page, where=json.dumps({"stage": ["contact"]}))) == ["Ben"]
