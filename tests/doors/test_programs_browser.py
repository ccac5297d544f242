"""Programs in a real browser: the form grows without losing a letter, and all pages fit the screen and everybody."""

import pytest
from playwright.sync_api import expect

from orchard.kit import clock
from orchard.nurture import actions
from orchard.nurture.models import ProgramVersion
from tests.make.accessible import in_every_look, violations
from tests.make.agreements import in_force
from tests.make.leads import AGREEMENT, contact
from tests.make.programs import CALL, WAIT, live, said

pytestmark = pytest.mark.browser

BRANCH = {
    "type": "branch",
    "when": {"field": "contact.country", "is": "AT"},
    "then": [CALL],
    "else": [{"type": "end", "outcome": "far away"}],
}


def test_a_program_is_written_and_goes_live(opened):
    in_force(AGREEMENT)
    page = opened("/programs/")
    page.get_by_role("link", name="Write a program").first.click()
    page.locator("#f-name").fill("Not now, later")
    page.get_by_label("Too early").check()
    page.locator("#f-steps-0-days").fill("14")
    page.locator("button[value='steps!add:branch']").click()
    expect(page.locator("#f-name")).to_have_value("Not now, later")
    expect(page.locator("#f-steps-0-days")).to_have_value("14")
    page.locator("#c-steps-2-when-sort").select_option("stage")
    page.locator("#c-steps-2-when-stage summary").click()
    page.locator("#c-steps-2-when-stage").get_by_label("nurturing").check()
    page.keyboard.press("Escape")
    page.locator("button[value='steps.2.then!add:end']").click()
    page.locator("#f-steps-2-then-0-outcome").fill("still ours")
    page.locator("#f-steps-1-to").select_option("member")
    page.locator("#f-steps-1-member").select_option("nora@orchard.example")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Task for Nora Lind: Call, the same day")).to_be_visible()
    page.get_by_role("button", name="Let it go live").click()
    expect(page.get_by_text("Steps of version 1")).to_be_visible()
    expect(page.locator("dl", has_text="Entered").locator("dd").first).to_have_text("0")
    document = ProgramVersion.objects.get().document
    assert document["name"] == "Not now, later"
    assert document["steps"][0] == {"type": "wait", "days": 14, "hours": 0}


@in_every_look
def test_the_pages_are_accessible_and_fit_the_screen(opened, member, size, theme):
    in_force(AGREEMENT)
    program = live(said(WAIT, BRANCH, CALL), by=member, sweeps=False)
    ada = contact("Ada Lovelace")
    actions.let_in(program_id=program.pk, contact_id=ada, actor_id=member.pk, now=clock.now())
    draft = actions.begin(values=said({"type": "wait"}, BRANCH), actor_id=member.pk, now=clock.now())
    actions.save_draft(
        program_id=program.pk, values=said(WAIT), revision=None, actor_id=member.pk, now=clock.now()
    )
    for path in (
        "/programs/",
        f"/programs/{program.pk}",
        f"/programs/{program.pk}?show=ended",
        f"/programs/{draft}/edit",
        f"/programs/{program.pk}/live",
        f"/programs/{program.pk}/let-in",
        f"/programs/enter/{ada}",
        f"/contacts/{ada}",
    ):
        page = opened(path, size, theme)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()
