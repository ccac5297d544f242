"""Leads in a real browser: accepted and returned by keys alone, and readable for everybody."""

import pytest
from playwright.sync_api import expect

from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.team.models import Member
from tests.make import agreements
from tests.make.accessible import in_every_look, violations
from tests.make.leads import AGREEMENT, contact, drain, lead_of, ripe

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(own_database, member):
    agreements.in_force(AGREEMENT, now=clock.now())
    Member.objects.filter(id=member.id).update(capacity=9)
    made = ripe("Ada Lovelace")
    ripe("Grace Hopper of a company with a name that is longer than most")
    opportunities.open_by_hand(
        contact_id=contact("Mary Somerville"),
        member_id=member.id,
        fields=Fields("Two lines"),
        now=clock.now(),
    )
    drain()
    return made


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_a_lead_is_accepted_and_returned_by_keys_alone(opened, ada):
    page = opened("/leads/")
    page.keyboard.press("j")
    while focused(page) != "Ada Lovelace":
        page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("The lead is yours.")
    assert lead_of(ada).state == "accepted"
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Return Ada Lovelace")
    expect(page.get_by_label("No answer")).to_be_disabled()
    page.get_by_label("Too early").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The lead is returned.")
    assert lead_of(ada).state == "returned"


def test_the_list_shows_what_came_meanwhile_and_keeps_what_somebody_chooses(opened, ada, member):
    page = opened("/leads/")
    page.clock.install()
    page.reload()
    ripe("Vera Rubin")
    drain()
    page.clock.run_for(31_000)
    expect(page.get_by_role("link", name="Vera Rubin")).to_be_visible()
    expect(page.locator("#renewed")).to_have_count(1)
    page.get_by_role("link", name="Vera Rubin").focus()
    leads.accept(lead_id=lead_of(ada).id, member_id=member.id, now=clock.now())
    page.clock.run_for(31_000)
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(31_000)
    expect(page.get_by_role("link", name="Ada Lovelace")).to_have_count(0)


def test_a_letter_typed_into_a_field_accepts_nothing(opened, ada):
    page = opened(f"/leads/{lead_of(ada).id}/return/")
    page.get_by_label("In your words").fill("")
    page.get_by_label("In your words").press("a")
    page.get_by_label("In your words").press("r")
    expect(page.get_by_label("In your words")).to_have_value("ar")
    assert lead_of(ada).state == "offered"


def test_today_accepts_the_line_that_has_the_focus(opened, ada):
    page = opened("/today/")
    page.keyboard.press("j")
    name = focused(page)
    page.keyboard.press("a")
    expect(page.locator("#beside-title")).to_contain_text(name)


@in_every_look
def test_the_pages_of_leads_break_no_rule_of_accessibility(opened, ada, member, size, theme):
    lead = lead_of(ada).id
    leads.accept(lead_id=lead, member_id=member.id, now=clock.now())
    page = opened("/leads/", size=size, theme=theme)
    for where in (
        "/leads/",
        f"/leads/{lead}/",
        f"/leads/{lead}/return/",
        f"/leads/{lead}/reassign/",
        f"/opportunities/of-lead/{lead}/",
        "/leads/returned/",
        "/leads/desks/",
        "/today/",
        "/basket/",
        "/opportunities/",
        "/opportunities/?show=open",
    ):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + where)
        assert violations(page) == [], where
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{where} scrolls sideways"
        )
