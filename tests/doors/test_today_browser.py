"""The day in a real browser: a lead from offer to return without leaving the list, by keys alone, and on a phone."""

import pytest
from playwright.sync_api import expect

from orchard.kit import clock
from orchard.leads.models import Lead
from orchard.tasks import actions as tasks
from orchard.team.models import Member
from tests.make import agreements
from tests.make.accessible import in_every_look, violations
from tests.make.leads import AGREEMENT, drain, lead_of, ripe

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(own_database, member):
    agreements.in_force(AGREEMENT, now=clock.now())
    Member.objects.filter(id=member.id).update(capacity=9)
    made = ripe("Ada Lovelace")
    ripe("Grace Hopper of a company with a name that is longer than most")
    drain()
    return made


def test_a_lead_is_accepted_logged_and_returned_beside_the_list_by_keys_alone(opened, ada):
    page = opened("/today/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    beside = page.locator("#beside")
    expect(page.locator("#beside-title")).to_have_text("Ada Lovelace")
    assert page.locator(".row-link[aria-expanded=true]").evaluate("it => it === document.activeElement")
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("The lead is yours.")
    assert lead_of(ada).state == "accepted"
    page.keyboard.press("l")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("What was said").press("Enter")
    expect(beside).to_contain_text("Take back")
    page.keyboard.press("r")
    expect(page.locator("#beside-title")).to_have_text("Return Ada Lovelace")
    page.get_by_label("Too early").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The lead is returned.")
    assert lead_of(ada).state == "returned"
    expect(beside).to_contain_text("Grace Hopper")
    assert "/today/" in page.url
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    expect(beside).to_have_count(0)


def test_the_keys_of_what_stands_beside_a_line_open_the_line_that_has_the_focus(opened, ada):
    page = opened("/today/")
    title = page.locator("#beside-title")
    for keys, there in (
        ("r", title.filter(has_text="Return Ada Lovelace")),
        ("lc", page.get_by_role("dialog")),
    ):
        page.goto(page.url.partition("?")[0])
        page.keyboard.press("j")
        for key in keys:
            page.keyboard.press(key)
        expect(there).to_be_visible()
        assert "/today/" in page.url
    page.goto(page.url.partition("?")[0])
    page.get_by_role("link", name="Return").first.click()
    expect(title).to_have_text("Return Ada Lovelace")


def test_what_the_return_form_refuses_is_said_beside_the_list(opened, ada, wrong):
    page = opened(f"/today/?open=lead-{lead_of(ada).id}")
    page.get_by_role("link", name="Return").last.click()
    beside = page.locator("#beside")
    beside.get_by_role("button", name="Return the lead").click()
    expect(beside.locator(".field-errors").first).to_be_visible()
    assert Lead.objects.filter(state="returned").count() == 0
    wrong.clear()  # the browser complains of the answer 422


def test_on_a_phone_the_open_line_takes_the_place_of_the_list(opened, ada):
    page = opened("/today/", "phone")
    page.get_by_role("link", name="Ada Lovelace").click()
    expect(page.locator("#beside")).to_be_visible()
    expect(page.locator(".beside-list")).to_be_hidden()
    expect(page.locator("#beside-title")).to_be_focused()
    page.locator("#beside").get_by_role("link", name="Close").click()
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_focused()


def test_keys_act_on_the_line_that_has_the_focus_and_not_on_another_that_is_open(opened, ada):
    page = opened(f"/today/?open=lead-{lead_of(ada).id}&at=0")
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("#beside-title")).to_contain_text("Return Grace Hopper")


def test_escape_closes_what_is_open_after_one_comes_back_from_another_page(opened, ada):
    page = opened(f"/today/?open=lead-{lead_of(ada).id}&at=0")
    page.get_by_role("link", name="All that is known").click()
    page.go_back()
    expect(page.locator("nav").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#beside")).to_have_count(0)


def test_escape_leaves_a_form_beside_the_list_though_a_reason_is_chosen(opened, ada):
    page = opened("/today/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("#beside-title")).to_have_text("Return Ada Lovelace")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Return Ada Lovelace")).to_have_count(0)
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_visible()


def test_the_list_renews_itself_and_takes_nothing_out_of_a_hand(opened, ada, member):
    page = opened("/today/")
    page.clock.install()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#beside")).to_be_visible()
    tasks.plan_step(
        what="call",
        title="Ask for Friday",
        member_id=member.id,
        made_by=member.id,
        due_on=clock.now().date(),
        now=clock.now(),
    )
    page.keyboard.press("r")
    expect(page.locator("#beside-title")).to_have_text("Return Ada Lovelace")
    page.get_by_label("In your words").fill("Half a word")
    page.clock.run_for(31_000)
    expect(page.locator(".beside-list")).to_contain_text("Ask for Friday")
    expect(page.get_by_label("In your words")).to_have_value("Half a word")
    expect(page.get_by_label("In your words")).to_be_focused()


def test_a_question_mark_lists_the_keys_of_the_page(opened, ada):
    page = opened("/today/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    for words in ("Plan a step", "Accept", "Return", "Down and up a list"):
        expect(keys).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@in_every_look
def test_what_stands_beside_the_list_is_readable_in_every_look(opened, ada, size, theme):
    page = opened(f"/today/?open=lead-{lead_of(ada).id}", size, theme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
