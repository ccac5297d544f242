"""The orchard in a real browser: drawn alike each time, walked by keyboard, replayed, and fit for every screen."""

from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import expect

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit.clock import now
from tests.make import agreements
from tests.make.accessible import in_every_look, violations
from tests.make.leads import AGREEMENT

pytestmark = pytest.mark.browser

SHOWN = "document.querySelector('.orchard-trees').innerHTML"
FOCUSED = "document.activeElement.getAttribute('aria-label')"


@pytest.fixture
def trees(member, settings, tmp_path):
    """Three campaigns: of Fair two came half a year ago and one is ripe, of Letters one came today, of Web nobody."""
    settings.ORCHARD_HOME = tmp_path
    long_ago = now() - timedelta(days=180)
    shows = campaigns.create_campaign(name="Shows", now=long_ago)
    fair = campaigns.create_campaign(
        name="Fair", parent_id=shows, now=long_ago, actual_cost=90_00, currency="EUR"
    )
    letters = campaigns.create_campaign(name="Letters", now=now())
    campaigns.create_campaign(name="Web", now=now())
    ann, bob, cleo = (
        contacts.create_contact(full_name=name, now=came)
        for name, came in (("Ann Lee", long_ago), ("Bob Day", long_ago), ("Cleo Fox", now()))
    )
    campaigns.add_sources([(ann, fair, long_ago), (bob, fair, long_ago), (cleo, letters, now())])
    turned = NewFact("verdict.changed", now() - timedelta(days=40), contact_id=ann, direction="in")
    with transaction.atomic():
        ledger.append([turned], now=now())
    ledger.drain(flow.CONSUMERS)
    agreements.in_force(AGREEMENT)
    return {"fair": fair, "letters": letters}


def drawn(opened, path="/orchard/", *look):
    page = opened(path, *look)
    expect(page.locator(".orchard-trees > li")).to_have_count(2, timeout=90_000)
    return page


def test_the_same_tree_looks_the_same_tomorrow(opened, trees):
    assert drawn(opened).evaluate(SHOWN) == drawn(opened).evaluate(SHOWN)


def test_a_tree_says_its_numbers_and_leads_to_the_people_behind_them(opened, trees):
    page = drawn(opened)
    fair = page.locator(".orchard-trees > li").first
    assert fair.get_by_role("link").first.get_attribute("aria-label") == "Fair: 2 contacts, Growing 1, Ripe 1"
    fair.locator(".fruit.band-ripe").hover()
    tip = page.locator(".orchard-tip")
    expect(tip).to_contain_text("Shows")
    expect(tip.locator(".is-here")).to_have_text("Ripe1")
    fair.locator(".fruit.band-ripe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ripe")
    expect(page.locator("main")).to_contain_text("Ann Lee")
    expect(page.locator("main")).not_to_contain_text("Bob Day")


def test_the_trees_are_walked_by_keyboard_and_enter_opens_everybody(opened, trees):
    page = drawn(opened)
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED).startswith("Fair: 2 contacts")
    expect(page.locator(".orchard-tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".orchard-tip")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(FOCUSED).startswith("Letters: 1 contact,")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Fair"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "1 ripe"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.total") == "growing", "one tree is one stop"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")
    expect(page.locator("main")).to_contain_text("Bob Day")


def test_the_slider_replays_the_months_and_everything_follows_it(opened, trees):
    page = drawn(opened)
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    said = slider.get_attribute("aria-valuetext")
    fair, letters = page.locator(".orchard-trees > li").all()
    expect(page.locator("[data-said]")).to_have_text(said)
    expect(fair).to_contain_text("2 contacts · 0 ripe")
    expect(letters).to_contain_text("0 contacts")
    expect(page.locator("[data-total=growing]")).to_contain_text("2")
    month = page.url.partition("month=")[2]
    page.get_by_role("link", name="As a table").click()
    expect(page.locator("select[name=month]")).to_have_value(month)
    expect(page.get_by_role("row", name="Fair")).to_contain_text("2")
    expect(page.get_by_role("row", name="Letters")).to_have_count(0)
    page.get_by_role("link", name="As trees").click()
    expect(page.locator("[data-said]")).to_have_text(said)
    page.get_by_role("slider").press("Home")
    page.locator("[data-total=growing]").evaluate("each => each.classList.contains('is-none')")


def test_it_plays_by_itself_to_today_and_stops(opened, trees):
    page = drawn(opened, "/orchard/", "wide")
    page.emulate_media(reduced_motion="reduce")
    assert (
        page.locator(".fruit")
        .first.evaluate("each => getComputedStyle(each).transitionDuration")
        .startswith("1e-05s")
    )
    page.get_by_role("slider").press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text("today", timeout=5_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@in_every_look
def test_it_is_accessible_and_fits_the_screen(opened, trees, size, theme):
    for path in ("/orchard/", "/orchard/?as=table"):
        page = opened(path, size, theme)
        expect(page.locator(".counting")).to_have_count(0, timeout=90_000)
        expect(page.get_by_role("heading", name="Nearest to ripe")).to_be_visible(timeout=90_000)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()


def test_on_a_phone_what_is_to_be_done_stands_above_the_trees(opened, trees):
    page = opened("/orchard/", "phone")
    expect(page.locator(".orchard-trees > li")).to_have_count(2, timeout=90_000)
    nearest = page.get_by_role("heading", name="Nearest to ripe")
    expect(nearest).to_be_visible()
    first = page.locator(".orchard-trees > li").first
    expect(first).to_be_visible()
    assert nearest.bounding_box()["y"] < first.bounding_box()["y"]
