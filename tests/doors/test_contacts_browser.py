"""Contacts in a real browser: narrowed by a condition from the keyboard, joined and parted, reached, on a phone too."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts import queries
from orchard.contacts.models import Contact
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from tests.make import agreements
from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser


def add(name, **values):
    return contacts.create_contact(full_name=name, now=clock.now(), **values)


@pytest.fixture
def people(own_database):
    agreements.in_force()
    acme = contacts.create_account(name="Acme Packaging with a rather long name", now=clock.now())
    ada = add(
        "Ada Lovelace", title="Buyer", country="CA", account_id=acme,
        emails=["ada.lovelace.with.a.long.address@example.com", "ada@example.com"], phones=["+43 1 588580"],
    )  # fmt: skip
    double = add("A. Lovelace", country="CA", city="Toronto", phones=["+43 1 588580"])
    add("Ben", country="US")
    facts = [NewFact("quote.requested", clock.now(), contact_id=ada)]
    facts += [NewFact("page.viewed", clock.now(), contact_id=ada)] * 40
    with transaction.atomic():
        ledger.append(facts, now=clock.now())
    ledger.drain(flow.CONSUMERS)
    return ada, double


def test_the_list_is_narrowed_by_a_condition_with_the_keyboard_alone(opened, people):
    page = opened("/contacts/")
    page.get_by_role("button", name="Show", exact=True).focus()
    for key in ("Tab", "Enter", "Tab", "Enter"):  # open the builder, add a condition
        page.keyboard.press(key)
    expect(page.get_by_label("Sort of condition")).to_be_focused()
    page.keyboard.press("Tab")
    with page.expect_response("**/contacts/narrow"):
        page.get_by_label("Field", exact=True).select_option("contact.country")
    expect(page.locator("#narrow")).not_to_have_class(re.compile("htmx-request"))
    expect(page.get_by_label("Field", exact=True)).to_be_focused()
    for key in ("Tab", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("Canada")
    show = page.get_by_role("button", name="Show who fits")
    for _ in range(12):
        page.keyboard.press("Tab")
        if show.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only who: country is Canada")).to_be_visible()
    expect(page.get_by_text("2 of 3 fit.")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A. Lovelace")


def test_two_are_joined_and_parted_again_from_the_corner(opened, people):
    ada, double = people
    page = opened(f"/contacts/{ada}")
    expect(page.get_by_text("may be the same person: the same phone.")).to_be_visible()
    page.get_by_role("link", name="Look at both").click()
    expect(page.get_by_text("Filled in, because it was empty")).to_be_visible()
    page.get_by_role("button", name="Join them").click()
    expect(page.locator("#toasts")).to_contain_text("The two are one contact now.")
    expect(page.get_by_text("Toronto").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("They are two contacts again, as before.")
    assert queries.living_id(double) == double


def test_an_address_is_added_in_a_dialog_that_keeps_what_was_wrong(opened, people, wrong):
    ada, _double = people
    page = opened(f"/contacts/{ada}")
    page.get_by_role("link", name="Add an e-mail").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("nonsense")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("is no e-mail address")
    expect(dialog.get_by_label("E-mail")).to_have_value("nonsense")
    assert ["422" in fault for fault in wrong] == [True]
    wrong.clear()
    dialog.get_by_label("E-mail").fill("third@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The address is added.")
    expect(page.get_by_role("link", name="third@example.com", exact=True)).to_be_visible()


def test_a_double_click_adds_one_contact_and_the_page_may_be_used_again_after_coming_back(
    opened, own_database
):
    page = opened("/contacts/new")
    page.get_by_label(re.compile("^Name")).fill("Dora Twice")
    button = page.get_by_role("button", name="Add", exact=True)
    button.evaluate("button => { button.click(); setTimeout(() => button.click(), 30); }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dora Twice")
    page.goto(page.url)
    assert Contact.objects.filter(full_name="Dora Twice").count() == 1
    page.goto(page.url.rsplit("/", 1)[0] + "/new")
    page.get_by_label(re.compile("^Name")).fill("Eve Once")
    page.evaluate("document.addEventListener('submit', event => event.preventDefault(), { once: true })")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(button).not_to_have_attribute("aria-busy", "true")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eve Once")


def test_the_timeline_is_walked_in_its_place_and_back_shows_the_whole_page(opened, people):
    ada, _double = people
    page = opened(f"/contacts/{ada}")
    page.locator("#timeline").get_by_role("link", name="Next").click()
    expect(page.get_by_text("Became known")).to_be_visible()
    expect(page.locator("#timeline")).to_be_focused()
    page.go_back()
    expect(page.locator("#timeline").get_by_role("link", name="Next")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace")


@in_every_look
def test_the_pages_hold_aa_and_do_not_scroll_sideways(opened, people, size, theme):
    ada, double = people
    for path in (
        "/contacts/",
        f"/contacts/{ada}",
        f"/contacts/{ada}/edit",
        f"/contacts/{ada}/merge?with={double}",
        "/contacts/doubts",
        f"/contacts/{ada}/erase",
        f"/contacts/{ada}/consents",
        "/fields/",
        "/fields/new",
    ):
        page = opened(path, size, theme)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()
