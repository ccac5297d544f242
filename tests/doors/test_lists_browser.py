"""A list in a real browser, by the keyboard: sorted, its columns chosen, kept as a view, opened again, taken along."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from orchard.contacts import actions as contacts
from orchard.kit import clock
from tests.make.accessible import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def people(own_database):
    for number, name in enumerate(["Zoe", "Ann", "Ben"]):
        contacts.create_contact(full_name=name, emails=[f"p{number}@example.com"], now=clock.now())


def press(page, role, name):
    page.get_by_role(role, name=name, exact=True).focus()
    page.keyboard.press("Enter")


def open_tool(page, name):
    page.locator("summary", has_text=name).focus()
    page.keyboard.press("Enter")


def names(page):
    return page.locator("[data-rows] .row-link")


def test_a_list_is_sorted_shaped_kept_opened_and_taken_along_from_the_keyboard(opened, people):
    page = opened("/contacts/")
    press(page, "link", "Name")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    expect(names(page)).to_have_text(["Ann", "Ben", "Zoe"])
    open_tool(page, "Columns")
    page.get_by_role("checkbox", name="E-mail").focus()
    page.keyboard.press("Space")
    press(page, "button", "Show these")
    expect(page.get_by_role("columnheader", name="E-mail")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    open_tool(page, "View")
    page.get_by_label("Save what is shown as").focus()
    page.keyboard.type("By name")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The view By name is kept.")
    press(page, "link", "Everything")
    expect(page.get_by_role("columnheader", name="E-mail")).to_have_count(0)
    press(page, "link", "By name")
    expect(page.get_by_role("columnheader", name="E-mail")).to_be_visible()
    assert violations(page) == []
    open_tool(page, "Export")
    assert violations(page) == []
    with page.expect_download() as download:
        press(page, "button", "As CSV")
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines] == ["Name", "Ann", "Ben", "Zoe"]
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ann")


def test_on_a_phone_the_order_is_chosen_and_the_rows_are_cards(opened, people):
    page = opened("/contacts/?columns=score,name,email,owner", size="phone", theme="dark")
    page.get_by_label("Sort by").select_option("name")
    expect(names(page)).to_have_text(["Ann", "Ben", "Zoe"])
    expect(page.locator("td[data-label='E-mail']").first).to_be_visible()
    expect(page.locator("td[data-label='Looked after by']").first).to_be_hidden()
    open_tool(page, "View")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
