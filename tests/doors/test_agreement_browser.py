"""The agreement in a real browser: the form grows and shrinks without losing a letter, and is read as one types."""

import re

import pytest
from playwright.sync_api import expect

from orchard.agreement import queries
from orchard.kit import clock
from tests.make.accessible import in_every_look, violations
from tests.make.agreements import in_force
from tests.make.leads import drain, ripe

pytestmark = pytest.mark.browser


@pytest.fixture
def signs_both(member):
    member.signs_for_sales = member.signs_for_marketing = True
    member.save()
    return member


def test_an_agreement_is_written_as_a_form_proposed_and_signed(opened, signs_both):
    page = opened("/agreement/")
    page.get_by_role("link", name="Begin from the example").click()
    page.locator("#f-name").fill("Ripe in 2027")
    page.locator("#f-fit-0-points").fill("22")
    page.locator("button[value='engagement!add']").click()
    page.locator("#f-engagement-6-name").fill("Met us")
    expect(page.locator("#f-name")).to_have_value("Ripe in 2027")
    expect(page.locator("#f-fit-0-points")).to_have_value("22")
    expect(page.locator("#reading")).to_contain_text("is empty; name at least one", ignore_case=True)
    page.locator("#engagement6-kinds summary").click()
    page.locator("#engagement6-kinds").get_by_label("Met", exact=True).check()
    expect(page.locator("#engagement6-kinds summary")).to_have_text("Met")
    expect(page.locator("#reading")).to_contain_text(
        "Met us 10 points, who has met, fading by half in 60 days, at most 20."
    )
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Draft, last saved by Nora Lind")).to_be_visible()
    page.get_by_role("button", name="Propose what is saved").click()
    page.get_by_role("button", name="Sign for Sales").click()
    page.get_by_role("button", name="Sign for Marketing").click()
    expect(page.get_by_text("Version 1 is in force since")).to_be_visible()
    document = queries.in_force().document
    assert document.name == "Ripe in 2027"
    assert document.score.engagement[-1].kinds == ("meeting.held",)


def test_a_row_of_the_builder_changes_shape_and_keeps_the_rest(opened, signs_both):
    page = opened("/agreement/draft")
    page.locator("#c-handoff-when-0-0-least").fill("45")
    page.locator("#c-handoff-never-sort").select_option("any")
    expect(page.locator("#c-handoff-never-0-field")).to_have_value("contact.is_competitor")
    expect(page.locator("#c-handoff-when-0-0-least")).to_have_value("45")
    page.locator("button[value='handoff.never!add']").click()
    page.locator("#c-handoff-never-1-sort").select_option("stage")
    expect(page.locator("#c-handoff-never-1-stage")).to_be_visible()
    page.locator("button[value='handoff.when.1!up']").click()
    expect(page.locator("#c-handoff-when-0-kinds")).to_be_visible()
    expect(page.locator("#c-handoff-when-1-0-least")).to_have_value("45")


def test_countries_are_found_by_name_and_ticked_by_keyboard(opened, signs_both):
    page = opened("/agreement/draft")
    page.locator("#c-fit-0-when-field").select_option("contact.country")
    expect(page.locator("#c-fit-0-when-operator")).to_have_value("is")
    page.locator("#c-fit-0-when-operator").select_option("in")
    summary = page.locator("#c-fit-0-when-value summary")
    expect(summary).to_have_text("choose …")
    for name in ("germ", "nor"):
        summary.press("Enter")
        search = page.get_by_label("Search in Values")
        expect(search).to_be_focused()
        search.fill(name)
        search.press("Enter")
        assert violations(page) == []
        search.press("Escape")
    expect(summary.locator(".picked")).to_have_text(["Germany", "Norfolk Island"])
    expect(page.locator("#reading")).to_contain_text("when country is Germany or Norfolk Island")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Draft, last saved by Nora Lind")).to_be_visible()
    assert queries.draft().document.score.fit[0].when.operand == ("DE", "NF")


def test_a_text_is_read_while_it_is_typed(opened, signs_both):
    page = opened("/agreement/draft/text")
    area = page.locator("#text")
    area.fill(area.input_value().replace("show.visited", "show.vsited"))
    area.press("End")
    expect(page.locator("#reading")).to_contain_text("Did you mean `show.visited`?")
    assert re.search(r"line \d+", page.locator("#reading").inner_text())


@in_every_look
def test_the_pages_are_accessible_and_fit_the_screen(opened, signs_both, size, theme):
    in_force()
    for path in ("/agreement/", "/agreement/draft", "/agreement/draft/text", "/agreement/history"):
        page = opened(path, size, theme)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()


def test_the_number_follows_what_one_types_and_goes_where_it_cannot_be_read(
    opened, signs_both, settings, tmp_path
):
    settings.ORCHARD_HOME = tmp_path
    in_force(now=clock.now())
    ripe("Ann", days_ago=10)
    drain()
    page = opened("/agreement/draft/text")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    count = page.get_by_role("status").filter(has_text="qualify now")
    expect(count).to_contain_text(
        "0 contacts would qualify now. That is as many as by version 1.", timeout=30_000
    )
    text = page.get_by_label("The agreement as YAML")
    text.fill(text.input_value().replace("within_days: 7", "within_days: 30"))
    expect(count).to_contain_text(
        "1 contact would qualify now. That is 1 more than by version 1.", timeout=30_000
    )
    text.fill(text.input_value().replace("within_days: 30", "within_days: soon"))
    expect(page.locator("#reading")).to_contain_text("One mistake")
    expect(count).to_have_count(0)
    text.fill(text.input_value().replace("within_days: soon", "within_days: 30"))
    expect(count).to_contain_text("1 contact would qualify now.")
    page.get_by_role("link", name="0 meet version 1").click()
    expect(page.locator("#ripe-now")).to_contain_text("On the first day", timeout=30_000)
    assert next(each for each in asked if "/ripe" in each).endswith("/ripe"), (
        "nothing of the draft goes along"
    )
    assert violations(page) == []


def test_a_mistake_stands_beside_its_field_while_one_types_and_its_link_leads_there(opened, signs_both):
    page = opened("/agreement/draft")
    least, beside = page.locator("#c-handoff-when-0-0-least"), page.locator("#c-handoff-when-0-0-least-error")
    least.fill("abc")
    expect(beside).to_have_text("Must be a whole number.")
    expect(page.locator("#agreement-form [aria-invalid=true]")).to_have_count(1)
    expect(least).to_have_attribute("aria-invalid", "true")
    under, over = beside.bounding_box(), least.bounding_box()
    assert 0 <= under["y"] - over["y"] - over["height"] < 12
    assert violations(page) == []
    page.locator("#f-name").focus()
    page.get_by_role("link", name="way 1, condition 1, at least").click()
    expect(least).to_be_focused()
    least.fill("45")
    expect(beside).to_be_hidden()
    expect(least).not_to_have_attribute("aria-invalid", "true")
    page.locator("#c-handoff-when-1-kinds summary").click()
    while (ticked := page.locator("#c-handoff-when-1-kinds input:checked")).count():
        ticked.first.click()
    expect(page.locator("#c-handoff-when-1-kinds-error")).to_contain_text("name at least one")
    page.get_by_role("link", name="way 2, Kinds of interactions").click()
    expect(page.locator("#c-handoff-when-1-kinds summary")).to_be_focused()
    assert violations(page) == []
