"""Coming in, in a real browser: by keyboard, by invitation, and readable for everybody."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser

PUBLIC = ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive")
INSIDE = (
    "profile:show",
    "profile:password",
    "members:list",
    "members:invite",
    "teams:list",
    "teams:add",
    "health:show",
)


def stranger(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    return page


def test_a_member_signs_in_and_out_by_keyboard_alone(chromium, served, own_database):
    from orchard.team.types import Role
    from tests.make.members import PASSWORD, member

    person = member(Role.ADMIN, password=PASSWORD, name="Ada Root")
    page = stranger(chromium, served + reverse("members:list"))
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type("not this one")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("not correct").wait_for()
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Members", exact=True).wait_for()
    assert page.url == served + reverse("members:list")
    page.get_by_role("button", name="Ada Root, your menu").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()
    page.context.close()


def test_an_invited_person_comes_in_with_the_link_that_the_admin_copied(chromium, served, opened):
    from tests.make.members import PASSWORD

    admin = opened(reverse("members:invite"))
    admin.get_by_label("E-mail").fill("ann@company.example")
    admin.get_by_label("Marketing").first.check()
    admin.get_by_role("button", name="Invite").click()
    link = admin.locator("pre").inner_text()
    guest = stranger(chromium, link)
    guest.get_by_label("Your name").fill("Ann Berg")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Come in").click()
    guest.get_by_role("button", name="Ann Berg, your menu").wait_for()
    admin.goto(served + reverse("members:list"))
    assert admin.get_by_role("row", name="Ann Berg").get_by_text("Marketing").is_visible()
    guest.context.close()


@in_every_look
def test_every_page_around_the_team_meets_wcag_aa_and_never_scrolls_sideways(opened, served, size, theme):
    page = opened(reverse(INSIDE[0]), size, theme)
    found = []
    for name in (*INSIDE, *PUBLIC):
        if name in PUBLIC:
            page.context.clear_cookies()
        page.goto(served + reverse(name))
        found += [(name, *broken) for broken in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((name, "scrolls sideways"))
    assert found == []
