"""Tokens in a real browser: made by keyboard, copied, and readable for everybody on every screen."""

import pytest
from django.urls import reverse

from tests.make.accessible import in_every_look, violations
from tests.make.rest import System, token

pytestmark = pytest.mark.browser


def made_by_keyboard(page):
    """Fill in the form and send it, without a pointer."""
    page.get_by_label("Name").press_sequentially("Web forms")
    page.get_by_role("checkbox", name="contacts:read").press("Space")
    page.get_by_role("button", name="Make the token").press("Enter")
    page.get_by_role("heading", name="Web forms").wait_for()
    return page.locator("#secret").inner_text()


def test_a_token_is_made_by_keyboard_and_works_until_it_is_withdrawn(opened):
    page = opened(reverse("tokens:add"))
    system = System(made_by_keyboard(page))
    assert system.get("/me").json()["scopes"] == ["contacts:read"]
    page.get_by_role("link", name="To the tokens").press("Enter")
    page.get_by_role("row", name="Web forms").get_by_role("link", name="Withdraw").press("Enter")
    page.get_by_role("button", name="Withdraw").press("Enter")
    page.get_by_role("row", name="Web forms").get_by_text("withdrawn").wait_for()
    assert system.get("/me").status_code == 401


@in_every_look
def test_the_pages_of_tokens_meet_wcag_aa_and_never_scroll_sideways(opened, served, member, size, theme):
    from orchard.api.models import ApiToken

    token(acts_for=member)
    withdraw = reverse("tokens:withdraw", args=[ApiToken.objects.get().id])
    page = opened(reverse("tokens:add"), size, theme)
    found = []
    for path in (None, reverse("tokens:add"), reverse("tokens:list"), withdraw):
        if path:
            page.goto(served + path)
        else:
            made_by_keyboard(page)
        found += [(path, *broken) for broken in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((path, "scrolls sideways"))
    assert found == []
