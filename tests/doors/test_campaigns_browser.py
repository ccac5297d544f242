"""The tree of campaigns in a real browser: walked, folded and entered by keyboard, and fit for every screen."""

import pytest
from playwright.sync_api import expect

from orchard.campaigns import actions
from orchard.contacts import actions as contacts
from orchard.kit.clock import now
from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def tree(member, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    shows = actions.create_campaign(name="Shows", now=now(), planned_cost=90_00, currency="EUR", type="show")
    fair = actions.create_campaign(name="Fair", parent_id=shows, now=now(), actual_cost=95_00, currency="EUR")
    actions.create_campaign(name="Fair, hall 2", parent_id=fair, now=now())
    actions.create_campaign(name="Web", now=now())
    account = contacts.create_account(name="Acme", industry="food", now=now())
    person = contacts.create_contact(
        full_name="Ann Lee", account_id=account, emails=["a@b.example"], now=now()
    )
    actions.add_sources([(person, fair, now())])
    return {"shows": shows, "account": account}


def test_the_tree_is_walked_folded_and_entered_by_keyboard(opened, tree):
    page = opened("/campaigns/")
    expect(page.locator("td.counting")).to_have_count(0)
    focused = "document.activeElement.textContent"
    row = lambda name: page.get_by_role("row", name=name)  # noqa: E731 - two words, used all over

    page.keyboard.press("j")
    assert page.evaluate(focused) == "Shows"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "Fair, hall 2"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == "Fair"
    page.keyboard.press("ArrowLeft")
    expect(row("Fair, hall 2")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == "Shows"
    expect(page.get_by_role("link", name="Fair", exact=True)).to_be_hidden()
    page.keyboard.press("j")
    assert page.evaluate(focused) == "Web"
    page.keyboard.press("k")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Fair", exact=True)).to_be_visible()
    expect(row("Fair, hall 2")).to_be_hidden()
    page.get_by_role("button", name="What Fair holds").press("Enter")
    expect(row("Fair, hall 2")).to_be_visible()
    page.get_by_role("link", name="Fair", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fair")


def test_a_campaign_is_made_moved_and_given_a_cost(opened, tree):
    page = opened("/campaigns/")
    page.get_by_role("link", name="Add a campaign").click()
    page.get_by_label("Name").fill("Letters")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Record a cost").click()
    page.get_by_label("What was paid for").fill("Stamps")
    page.get_by_label("Amount").fill("12.50")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("12.50 EUR is booked.")).to_be_visible()
    page.get_by_role("link", name="Move in the tree").click()
    page.get_by_label("Part of").select_option(str(tree["shows"]))
    page.get_by_role("button", name="Move it there").click()
    expect(page.locator(".crumbs")).to_contain_text("Shows")


def test_a_long_name_and_code_stay_inside_the_card_on_a_phone(opened, tree):
    code = "a_long_code_without_any_gap_" * 2 + "whatever_it_is"
    actions.create_campaign(name="Long " * 20, code=code, parent_id=tree["shows"], now=now())
    page = opened("/campaigns/", "phone")
    row = page.get_by_role("row").filter(has_text=code)
    card = page.locator(".sheet").first.bounding_box()
    for cell in row.locator("td").all():
        box = cell.bounding_box()
        assert box is None or box["x"] + box["width"] <= card["x"] + card["width"]


def hold(opened, paths, size, theme):
    for path in paths:
        page = opened(path, size, theme)
        expect(page.locator(".counting")).to_have_count(0, timeout=30_000)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()


@in_every_look
def test_the_pages_are_accessible_and_fit_the_screen(opened, tree, size, theme):
    account, shows = tree["account"], tree["shows"]
    paths = (
        "/accounts/",
        f"/accounts/{account}",
        f"/accounts/{account}/edit",
        f"/accounts/{account}/people?words=zz",
        "/campaigns/",
        f"/campaigns/{shows}",
        f"/campaigns/{shows}/move",
        "/reports/funnel",
    )
    hold(opened, paths, size, theme)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["phone", "wide"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_reports_are_accessible_and_fit_the_screen(opened, tree, size, theme):
    paths = (
        "/reports/funnel/rows",
        "/reports/funnel?by=month&country=DE",
        "/reports/scorecard?since=",
        "/reports/came_back",
        "/reports/closing",
        "/reports/cost",
    )
    hold(opened, paths, size, theme)
