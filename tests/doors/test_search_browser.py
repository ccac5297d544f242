"""Search in a real browser, by the keyboard alone: opened from anywhere, answered letter by letter, walked, left."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@pytest.fixture
def anna(own_database):
    for name in ("Annabell Gruber", "Ben Novak"):
        contacts.create_contact(full_name=name, now=NOW)
    acme = contacts.create_account(name="Annaberg Foods", now=NOW)
    anna = contacts.create_contact(
        full_name="Anna Gruber", account_id=acme, emails=["a@example.com"], now=NOW
    )
    ledger.drain([flow.consumer("search.keys")])
    return anna


def field_of(page):
    return page.get_by_role("combobox", name="Search people, accounts, campaigns, pages and acts")


def found(page):
    return page.locator("#search").get_by_role("option")


def test_slash_opens_letters_answer_arrows_walk_and_enter_opens(opened, anna):
    page = opened("/contacts/")
    page.keyboard.press("/")
    field = field_of(page)
    expect(field).to_be_focused()
    page.keyboard.type("anna")
    options = found(page)
    expect(options).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text="3 found.")).to_have_count(1)
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "search-people-1")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Gruber")


def test_escape_closes_and_gives_the_focus_back(opened, anna):
    page = opened("/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("an")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("link", name="Search")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("novak")
    expect(field_of(page)).to_have_value("novak")


def test_a_slash_in_a_field_is_only_a_slash(opened, anna):
    page = opened("/contacts/")
    page.get_by_label("Name, company or e-mail").press("/")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(opened, anna):
    page = opened("/contacts/")
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile(r"/search/\?q=ben$"), hold)
    page.keyboard.press("/")
    page.keyboard.type("ben")
    page.wait_for_timeout(300)
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.type("anna")
    expect(found(page)).to_have_count(3)
    assert held, "the older question was asked"
    held[0].abort()
    page.wait_for_timeout(200)
    expect(found(page).first).to_contain_text("Anna Gruber")


def test_a_search_that_is_not_answered_says_so_and_the_next_letters_find_again(opened, anna, wrong):
    page = opened("/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("anna")
    expect(found(page)).to_have_count(3)
    page.route(re.compile(r"/search/\?q=anna%20g$"), lambda route: route.abort())
    page.keyboard.type(" g")
    expect(page.locator("#search").get_by_role("alert")).to_contain_text(
        "The search does not answer just now."
    )
    expect(found(page)).to_have_count(0)
    expect(field_of(page)).to_have_attribute("aria-expanded", "false")
    assert violations(page) == []
    page.keyboard.type("ru")
    expect(found(page).first).to_contain_text("Anna Gruber")
    wrong.clear()


def test_enter_before_the_answer_leads_to_the_page_of_search(opened, anna):
    page = opened("/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("annabell")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator("main").get_by_role("link", name="Annabell Gruber")).to_be_visible()
    assert violations(page) == []


def test_an_act_is_typed_and_done_by_enter_alone(opened, anna):
    page = opened("/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("sign out")
    act = found(page)
    expect(act).to_have_count(1)
    assert act.bounding_box()["width"] > 500
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/login**")


@in_every_look
def test_the_dialog_meets_wcag_aa_empty_full_and_with_nothing_found(opened, anna, size, theme):
    page = opened("/contacts/", size, theme)
    page.get_by_role("link", name="Search").click()
    assert violations(page) == []
    page.keyboard.type("anna gurber")
    expect(found(page).first).to_contain_text("similar")
    assert violations(page) == []
    field_of(page).fill("xylophone")
    expect(page.get_by_text("Nothing found for “xylophone”")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_link_leads_to_the_page(chromium, served, member, anna):
    from django.test import Client

    client = Client()
    client.force_login(member)
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": served}])
    page = context.new_page()
    page.goto(f"{served}/contacts/")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("A name, an address, a company, a campaign, a page or an act").fill("gruber")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main").get_by_role("link", name="Anna Gruber")).to_be_visible()
    context.close()
