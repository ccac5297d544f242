"""The face in a real browser, under the real content policy."""

import re

import pytest

from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser


@in_every_look
def test_every_component_meets_wcag_aa_and_nothing_scrolls_sideways(opened, size, theme):
    page = opened("/ui/", size, theme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_has_the_bar_and_its_sheet_and_a_desk_has_the_sidebar(opened):
    phone = opened("/ui/", "phone")
    assert phone.locator(".bar").is_visible()
    assert phone.locator(".side").is_hidden()
    phone.get_by_role("button", name="More").click()
    assert phone.locator("#more").is_visible()
    phone.keyboard.press("Escape")
    assert phone.locator("#more").is_hidden()

    desk = opened("/ui/")
    assert desk.locator(".side").is_visible()
    assert desk.locator(".bar").is_hidden()


def is_seen(page):
    """Tell whether the entry of this page stands in the sidebar where nothing of it is cut or fades."""
    return page.evaluate(
        """() => {
          const side = document.querySelector(".side-inner").getBoundingClientRect();
          const entry = document.querySelector(".side [aria-current]").getBoundingClientRect();
          return side.top <= entry.top && entry.bottom + 48 <= side.bottom;
        }"""
    )


def test_the_entry_of_a_page_is_in_sight_in_a_sidebar_longer_than_the_window(opened):
    page = opened("/manage/audit/")
    assert page.evaluate("scrollY") == 0
    assert is_seen(page)

    at = page.evaluate("document.querySelector('.side-inner').scrollTop")
    page.get_by_role("link", name="Fields", exact=True).click()
    page.wait_for_url("**/fields/")
    assert page.evaluate("document.querySelector('.side-inner').scrollTop") == at > 0


def test_a_sidebar_that_is_cut_fades_at_its_edge(opened):
    page = opened("/ui/")
    fade = page.evaluate(
        """() => {
          const fade = getComputedStyle(document.querySelector(".side-inner"), "::after");
          return [fade.position, fade.backgroundImage.startsWith("linear-gradient"), parseInt(fade.height) > 30];
        }"""
    )
    assert fade == ["sticky", True, True]


def test_dark_is_chosen_once_and_stays_after_a_reload(opened):
    page = opened("/ui/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    page.get_by_role("button", name="Nora Lind, your menu").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Dark").click()
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light


def test_a_dialog_opens_closes_by_escape_and_gives_the_focus_back(opened):
    page = opened("/ui/")
    opener = page.get_by_role("button", name="Return this lead")

    opener.click()
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")

    assert page.locator("dialog[open]").count() == 0
    assert opener.evaluate("it => it === document.activeElement")


def test_j_and_k_walk_the_rows(opened):
    page = opened("/ui/")
    focused = "document.activeElement.textContent"

    page.keyboard.press("j")
    assert page.evaluate(focused) == "Ingrid Halvorsen"
    page.keyboard.press("j")
    assert page.evaluate(focused) == "Tomasz Wrona"
    page.keyboard.press("k")
    assert page.evaluate(focused) == "Ingrid Halvorsen"


def test_letters_typed_into_a_field_walk_no_rows(opened):
    page = opened("/ui/")
    field = page.get_by_label("Name", exact=True)
    field.fill("")
    field.press("j")
    assert field.input_value() == "j"


def test_long_work_is_polled_to_its_end_and_then_left_alone(opened):
    page = opened("/ui/")
    asked = []
    page.on("request", lambda request: "/ui/work" in request.url and asked.append(request.url))

    page.get_by_text("Done: 2 rejected.").wait_for(timeout=10_000)
    before = len(asked)
    page.wait_for_timeout(1500)

    assert [re.search(r"done=(\d)", url).group(1) for url in asked] == ["0", "1", "2", "3"]
    assert len(asked) == before


def test_a_refusal_of_a_fragment_becomes_a_toast_with_its_sentence(opened, wrong):
    page = opened("/ui/")

    page.get_by_role("button", name="Try what is refused").click()
    page.get_by_text("Choose light, dark or system.").wait_for()

    assert [fault for fault in wrong if "400" not in fault] == []
    assert wrong != []
    wrong.clear()
    page.locator("#toasts").get_by_role("button", name="Close").click()
    assert page.locator("#toasts .toast-note").count() == 0
