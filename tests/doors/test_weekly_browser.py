"""The weekly meeting in a real browser: written down by keys alone, seen by both, on a phone, and on paper."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from orchard.kit import clock
from orchard.team.models import Member
from orchard.weekly import actions, queries
from orchard.weekly.types import Week
from tests.make import company
from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def week(own_database, member, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    company.founded(people=60)
    return Week(date(2026, 6, 15))


def noted(by, week, words="They want samples first"):
    actions.write_note(week=week, words=words, member_id=by.id, key=uuid4(), now=clock.now())


def decided(by, week, words="Send samples before the offer"):
    due_on = clock.now().date() + timedelta(days=3)
    actions.decide(
        week=week,
        words=words,
        member_id=by.id,
        owner_id=by.id,
        due_on=due_on,
        key=uuid4(),
        now=clock.now(),
    )


def test_notes_are_written_one_after_the_other_without_a_hand_on_the_mouse(opened, week):
    page = opened(f"/weekly/{week}")
    expect(page.get_by_role("heading", name="What happened to leads")).to_be_visible(timeout=30_000)
    field = page.get_by_label("What was said")
    field.focus()
    page.keyboard.type("They want samples first")
    page.keyboard.press("Enter")
    expect(page.locator("#notes .weekly-words")).to_have_text(["They want samples first"])
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("Two lines")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("of it")
    page.keyboard.press("Enter")
    expect(page.locator("#notes .weekly-words")).to_have_count(2)
    assert [note.words for note in queries.notes(week)] == ["They want samples first", "Two lines\nof it"]


def test_what_is_refused_stands_beside_its_field(opened, week, wrong):
    page = opened(f"/weekly/{week}")
    page.get_by_label("What is decided").fill("Send samples")
    page.get_by_label("Who does it").select_option("Nora Lind")
    page.get_by_role("button", name="Decide it").click()
    expect(page.locator("#decisions .field-errors")).to_contain_text("Say until when")
    expect(page.get_by_label("What is decided")).to_have_value("Send samples")
    page.get_by_label("Until").fill((clock.now().date() + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Decide it").click()
    expect(page.locator("#decisions .weekly-lines p")).to_have_text(["Send samples"])
    assert [each.owner for each in queries.decisions(week)] == ["Nora Lind"]
    wrong.clear()  # the browser complains of the answer 422


def test_a_colleague_s_note_appears_and_takes_no_word_from_what_one_writes(opened, week):
    mei = Member.objects.create(
        email="mei@orchard.example", name="Mei Tanabe", role="sales", scope="own", created_at=clock.now()
    )
    page = opened(f"/weekly/{week}")
    page.clock.install()
    page.reload()
    page.get_by_label("What was said").fill("Half a word")
    page.get_by_role("heading", name="Notes").click()
    noted(mei, week, "From across the table")
    page.clock.run_for(31_000)
    expect(page.locator("#notes .weekly-words")).to_have_text(["From across the table"])
    expect(page.get_by_label("What was said")).to_have_value("Half a word")


@in_every_look
def test_everybody_can_read_and_press_it(opened, week, member, size, theme):
    noted(member, week)
    decided(member, week)
    decided(member, week.before, "Look at the form of the fair")
    page = opened(f"/weekly/{week}", size, theme)
    expect(page.get_by_role("heading", name="Who had what")).to_be_visible(timeout=30_000)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_no_figure_is_cut_and_each_stands_below_its_word(opened, week):
    page = opened(f"/weekly/{week}", "phone")
    members = page.locator(".table-wrap[aria-label='Who had what']")
    expect(members).to_contain_text("All together", timeout=30_000)
    wraps = page.locator(".table-wrap").evaluate_all(
        "all => all.map(each => each.scrollWidth - each.clientWidth)"
    )
    assert set(wraps) == {0}
    words = "each => [...each.querySelectorAll('td')].every(cell => cell.dataset.label)"
    assert members.evaluate(words)


def test_on_paper_it_is_black_on_white_without_what_one_presses(opened, week, member):
    noted(member, week)
    decided(member, week)
    page = opened(f"/weekly/{week}", theme="dark")
    expect(page.get_by_role("heading", name="Who had what")).to_be_visible(timeout=30_000)
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".side", ".top", ".acts", ".weekly-form", ".weekly-acts"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#notes")).to_contain_text("They want samples first")
    ink, paper = page.evaluate(
        "['.weekly-words', '.sheet'].map((each, at) =>"
        " getComputedStyle(document.querySelector(each))[at ? 'backgroundColor' : 'color'])"
    )
    assert ink == "rgb(0, 0, 0)"
    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
