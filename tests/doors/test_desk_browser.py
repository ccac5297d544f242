"""One person's desk in a browser: the timeline narrowed, something said to be not useful, a colleague named."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit import clock
from orchard.tasks.models import Note
from orchard.team.types import Role
from tests.make import agreements
from tests.make.accessible import in_every_look, violations
from tests.make.members import member as colleague

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(own_database):
    agreements.in_force()
    acme = contacts.create_account(name="Acme Packaging", now=clock.now())
    ada = contacts.create_contact(
        full_name="Ada Lovelace", title="Buyer", account_id=acme, now=clock.now(), phones=["+43 1 588580"]
    )
    facts = [NewFact("show.visited", clock.now(), contact_id=ada, account_id=acme)]
    facts += [NewFact("page.viewed", clock.now(), contact_id=ada)] * 40
    facts += [NewFact("call.connected", clock.now(), contact_id=ada)]
    with transaction.atomic():
        ledger.append(facts, now=clock.now())
    ledger.drain(flow.CONSUMERS)
    for name in ("Ulf Berg", "Ulrike Blum"):
        colleague(Role.SALES, name=name)
    return ada


def test_the_timeline_is_narrowed_and_walked_in_its_place_and_keeps_it_in_the_address(opened, ada):
    page = opened(f"/contacts/{ada}")
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="Talks 2").click()
    expect(page.locator("#timeline .moment")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?channel=talks"))
    expect(page.get_by_role("link", name="Talks 2")).to_be_focused()
    page.get_by_role("link", name="Web 40").click()
    expect(page.locator("#timeline .moment")).to_have_count(30)
    page.locator("#timeline").get_by_role("link", name="Next").click()
    expect(page.locator("#timeline .moment")).to_have_count(10)
    expect(page).to_have_url(re.compile(r"channel=web.*cursor="))
    assert page.evaluate("window.stays")
    page.go_back()
    expect(page.locator("#timeline .moment")).to_have_count(30)


def test_something_is_said_to_be_not_useful_by_the_keyboard_and_counts_again_from_the_corner(opened, ada):
    page = opened(f"/contacts/{ada}?channel=show")
    line = page.locator(".lines details.judge").first
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(line.get_by_role("button", name="A machine did it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(line).not_to_have_attribute("open", "")
    expect(line.locator("summary")).to_be_focused()
    for key in ("Enter", "Tab", "Tab", "Enter"):  # the second reason
        page.keyboard.press(key)
    expect(page.locator("#toasts")).to_contain_text("It counts for nothing any more: a machine did it.")
    expect(page.locator(".lines .line-sum")).to_contain_text("0.0")
    expect(page.get_by_text("Not useful: A machine did it")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("It counts again.")
    expect(page.locator(".lines .line-sum")).to_contain_text("25.0")


def test_a_colleague_is_named_by_the_keyboard_and_the_note_stands_in_the_timeline(opened, ada):
    page = opened(f"/contacts/{ada}")
    page.locator("h1").click()
    page.keyboard.press("n")
    page.keyboard.press("n")
    field = page.get_by_label("Note", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("Knows the plant, says @ul")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Ulrike Blum")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Knows the plant, says @Ulrike Blum ")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.type("and @zz")
    expect(page.locator("[data-mentions] [role=status]")).to_have_text("Nobody is called so.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#toasts")).to_contain_text("The note is kept.")
    assert list(Note.objects.get().mentions.values_list("member__name", flat=True)) == ["Ulrike Blum"]


@in_every_look
def test_the_desk_is_for_everybody(opened, ada, size, theme):
    page = opened(f"/contacts/{ada}?channel=show", size, theme)
    page.locator(".moment details.judge summary").first.click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#note summary").click()
    field = page.get_by_label("Note", exact=True)
    field.press_sequentially("@ul")
    expect(page.get_by_role("option")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@in_every_look
def test_a_visit_is_given_to_a_colleague_by_the_keyboard(opened, ada, size, theme):
    account = Contact.objects.get(id=ada).account_id
    contacts.create_contact(full_name="Bea Miller", account_id=account, now=clock.now())
    page = opened(f"/contacts/{ada}?channel=show", size, theme)
    page.locator(".moment details.judge summary").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Somebody else: choose whom…").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("It was somebody else")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="This person Bea Miller").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("It stands with Bea Miller now.")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("It stands where it stood before.")
