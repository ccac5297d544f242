"""The page of search: what a plain GET shows, what the dialog asks for, and what each role is led to."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.team.types import Role
from orchard.web.permissions import may_open
from orchard.web.together import acts
from tests.make.members import member
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SEARCH = reverse("search:find")


@pytest.fixture
def page(client):
    client.force_login(member(Role.SALES))
    return client


def add(name, **values):
    return contacts.create_contact(full_name=name, now=NOW, **values)


def asked(client, words, **more):
    return client.get(SEARCH, {"q": words}, **more)


def fragment(client, words):
    return asked(client, words, headers={"HX-Request": "true"})


def test_people_accounts_campaigns_and_pages_stand_under_their_headings(page):
    account = contacts.create_account(name="Fundy Foods", now=NOW)
    anna = add("Anna Funk", title="Buyer", account_id=account, emails=["funk@example.com"])
    fair = campaigns.create_campaign(name="Fun fair", now=NOW)
    ledger.drain([flow.consumer("search.keys")])
    answer = asked(page, "fun")
    words = text_of(answer)
    for heading in ("People", "Accounts", "Campaigns", "Pages"):
        assert heading in words
    for address in (
        reverse("contacts:show", args=[anna]),
        reverse("accounts:show", args=[account]),
        reverse("campaigns:show", args=[fair]),
        reverse("reports:show", args=["funnel"]),
    ):
        assert f'href="{address}"' in answer.content.decode()
    assert "Anna Funk Buyer · Fundy Foods · funk @example.com" in words
    assert "4 found." in words


def test_what_was_mistyped_is_said_to_be_similar_and_marked(page):
    add("Anna Gruber")
    ledger.drain([flow.consumer("search.keys")])
    answer = asked(page, "gurber")
    assert "similar" in text_of(answer)
    assert "Anna <mark>Gruber</mark>" in answer.content.decode()
    assert "similar" not in text_of(asked(page, "gruber"))


def test_htmx_gets_the_list_alone_as_options_and_a_word_for_who_cannot_see_it(page):
    add("Anna <Gruber>")
    ledger.drain([flow.consumer("search.keys")])
    content = fragment(page, "gru").content.decode()
    assert "<html" not in content
    assert content.count('role="option"') == 1
    assert "1 found." in content
    assert "&lt;" in content
    assert "<gruber>" not in content.lower()


def test_nothing_found_leads_to_adding_the_contact_with_what_was_typed(page):
    answer = fragment(page, "Xenia Quist")
    assert "Nothing found for “Xenia Quist”" in text_of(answer)
    form = page.get(reverse("contacts:new"), {"full_name": "Xenia Quist"})
    assert 'value="Xenia Quist"' in form.content.decode()
    assert "email=x%40example.com" in fragment(page, "x@example.com").content.decode()


@pytest.mark.parametrize("words", ["", "a", " ", "\0"])
def test_too_little_is_answered_with_what_to_type(page, words):
    assert "Two letters or more" in text_of(asked(page, words))
    assert "Type two letters or more" in text_of(fragment(page, words))


def test_a_member_is_led_to_no_page_that_the_member_may_not_open(client):
    for role, seen in ((Role.SALES, False), (Role.ADMIN, True)):
        client.force_login(member(role))
        assert (f'href="{reverse("tokens:list")}"' in fragment(client, "tokens").content.decode()) is seen


def test_a_stranger_is_sent_to_the_login(client):
    assert asked(client, "anna").status_code == 302


def test_an_answer_stays_in_no_cache(page):
    assert "no-store" in asked(page, "anna")["Cache-Control"]


def test_every_page_has_the_way_to_search_and_its_dialog(page):
    content = page.get(reverse("contacts:list")).content.decode()
    assert 'data-opens="search"' in content
    assert 'id="search"' in content
    assert "Nothing found" not in content


@pytest.mark.parametrize(
    ("words", "address", "name"),
    [
        ("plan a step", reverse("tasks:new"), "Plan a step"),
        ("task new", reverse("tasks:new"), "Plan a step"),
        ("log a call", reverse("contacts:list"), "Log a call or a meeting"),
        ("add contact", reverse("contacts:new"), "Add a contact"),
        ("password", reverse("profile:show"), "My profile"),
    ],
)
def test_an_act_is_found_by_its_name_or_another_word_for_it_and_opens(page, words, address, name):
    answer = fragment(page, words)
    assert "Acts" in text_of(answer)
    assert name in text_of(answer)
    assert f'href="{address}"' in answer.content.decode()
    assert page.get(address).status_code == 200


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("invite", reverse("members:invite")),
        ("import a file", reverse("imports:new")),
        ("write a segment", reverse("segments:new")),
        ("write a program", reverse("programs:new")),
        ("add a campaign", reverse("campaigns:new")),
    ],
)
def test_an_act_that_one_may_not_do_is_not_found(client, words, address):
    for role, seen in ((Role.SALES, False), (Role.ADMIN, True)):
        client.force_login(member(role))
        assert (f'href="{address}"' in fragment(client, words).content.decode()) is seen


@pytest.mark.parametrize("role", Role)
def test_every_act_that_is_offered_opens(client, role, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    somebody = member(role)
    client.force_login(somebody)
    for act in acts.ACTS:
        if may_open(somebody, act.url_name) and not act.by_post:
            assert client.get(act.href_for(somebody)).status_code == 200, act.url_name


@pytest.mark.parametrize("asking", [asked, fragment])
def test_signing_out_is_found_and_done_by_a_press(page, asking):
    content = asking(page, "sign out").content.decode()
    assert f'<form method="post" action="{reverse("account_logout")}"' in content
    assert "csrfmiddlewaretoken" in content


def test_an_act_is_found_in_the_language_of_its_reader(client):
    seller = member(Role.SALES)
    seller.language = "de"
    seller.save()
    client.force_login(seller)
    assert f'href="{reverse("tasks:new")}"' in fragment(client, "schritt planen").content.decode()
    assert reverse("account_logout") in fragment(client, "abmelden").content.decode()


def test_no_typo_is_forgiven_in_words_that_nobody_sees(page):
    assert "Acts" not in text_of(fragment(page, "passwort"))
    assert "Acts" in text_of(fragment(page, "profiel"))


def test_an_act_that_fits_stands_before_people_who_are_merely_similar(page):
    add("Ada Kumar")
    ledger.drain([flow.consumer("search.keys")])
    words = text_of(fragment(page, "add"))
    assert words.index("Add a contact") < words.index("Kumar")
    words = text_of(fragment(page, "ada"))
    assert words.index("Kumar") < words.index("Add a contact")
