"""What was typed is not lost in a real browser: signed out meanwhile, an old page, no line, a fault, two clicks."""

import socket
import threading
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from orchard.campaigns import actions as campaigns
from orchard.campaigns.models import Cost
from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.tasks.models import Note
from orchard.team.models import Member
from tests.make.members import PASSWORD

pytestmark = pytest.mark.browser

AGAIN = "What you typed before was not sent."


@pytest.fixture
def fair(own_database):
    return campaigns.create_campaign(name="Fair", now=clock.now())


@pytest.fixture
def ada(own_database):
    return contacts.create_contact(full_name="Ada Lovelace", now=clock.now())


def sign_in(page, member):
    """Sign in on the page of login, with a password given now."""
    person = Member.objects.get(pk=member.pk)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    page.get_by_label("E-mail").fill(member.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def kept(page):
    return page.evaluate("sessionStorage.getItem('orchard-unsent')")


def type_cost(page):
    page.get_by_label("What was paid for").fill("Stand in hall 5")
    page.get_by_label("Amount").fill("1200")
    page.get_by_label("Currency").fill("EUR")


def test_a_page_sent_after_the_session_ended_stands_there_again_after_the_login(opened, fair, member, wrong):
    page = opened(reverse("campaigns:add_cost", args=[fair]))
    type_cost(page)
    Session.objects.all().delete()
    page.keyboard.press("Enter")
    page.get_by_text("What you typed is kept: sign in").wait_for()
    sign_in(page, member)
    page.get_by_text(AGAIN).wait_for()
    expect(page.get_by_label("What was paid for")).to_have_value("Stand in hall 5")
    assert not Cost.objects.exists(), "nothing is sent by itself"
    page.get_by_label("Amount").press("Enter")
    page.get_by_text("is booked").first.wait_for()
    assert Cost.objects.get().amount == 1200_00
    assert kept(page) is None


def test_a_part_of_a_page_sent_after_the_session_ended_stands_there_again_too(opened, ada, member, wrong):
    page = opened(reverse("contacts:show", args=[ada]))
    page.locator("details.note-block > summary").click()
    page.locator("details.note-block textarea").fill("Wants samples in March")
    Session.objects.all().delete()
    page.get_by_role("button", name="Keep the note").click()
    sign_in(page, member)
    page.get_by_text(AGAIN).wait_for()
    assert page.url.endswith(reverse("contacts:show", args=[ada]))
    expect(page.locator("details.note-block textarea")).to_have_value("Wants samples in March")
    page.get_by_role("button", name="Keep the note").click()
    page.get_by_text("The note is kept.").wait_for()
    assert Note.objects.count() == 1


def test_what_was_typed_is_left_out_by_a_press_and_forgotten_when_one_signs_out(opened, fair, member):
    page = opened(reverse("campaigns:add_cost", args=[fair]))
    for leave in ("press", "sign out"):
        type_cost(page)
        Session.objects.all().delete()
        page.keyboard.press("Enter")
        sign_in(page, member)
        page.get_by_text(AGAIN).wait_for()
        if leave == "press":
            page.get_by_role("button", name="Leave it out").click()
            expect(page.get_by_label("What was paid for")).to_have_value("")
        else:
            page.get_by_role("button", name="Nora Lind, your menu").click()
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("heading", name="Sign in").wait_for()
        assert kept(page) is None


def test_a_form_that_arrived_or_was_refused_leaves_no_word_of_what_was_not_sent(opened, wrong):
    page = opened("/me/")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved.").wait_for()
    expect(page.get_by_text(AGAIN)).to_have_count(0)
    page.goto(page.url.replace("/me/", "/contacts/new"))
    page.get_by_label("City").fill("Linz")
    page.locator("main form .btn-accent").click()
    page.locator("main [role=alert], main .errorlist, main .note-overdue").first.wait_for()
    expect(page.get_by_text(AGAIN)).to_have_count(0)
    page.goto(page.url)
    expect(page.get_by_text(AGAIN)).to_have_count(0)
    assert kept(page) is None
    wrong[:] = [each for each in wrong if "422" not in each]


@contextmanager
def hangs_up():
    """Give the port of a server that reads what it is sent and closes the line without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            line, _ = server.accept()
            with line:
                heard = b""
                while b"samples" not in heard:
                    heard += line.recv(65_536)

        listener = threading.Thread(target=answer, daemon=True)
        listener.start()
        yield server.getsockname()[1]
        listener.join(10)


def test_the_draft_of_an_agreement_is_drawn_again_with_every_row_that_was_added(opened, member, own_database):
    page = opened(reverse("agreement:edit"))
    page.get_by_label("Name", exact=True).first.fill("Leads of spring")
    goals = page.locator("[name^='goals.'][name$='.quarter']")
    there = goals.count()
    page.get_by_role("button", name="Add a goal").click()
    expect(goals).to_have_count(there + 1)
    page.wait_for_load_state("networkidle")  # what is counted beside the draft would lead to the login, too
    Session.objects.all().delete()
    page.get_by_role("button", name="Save the draft").click()
    sign_in(page, member)
    page.get_by_text(AGAIN).wait_for()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Leads of spring")
    expect(goals).to_have_count(there + 1)
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("The draft is saved.").wait_for()


def test_a_page_that_has_grown_too_old_says_so_and_its_form_comes_back_filled_in(opened, fair, wrong):
    page = opened(reverse("campaigns:add_cost", args=[fair]))
    type_cost(page)
    page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.keyboard.press("Enter")
    page.get_by_text("This form has grown too old").wait_for()
    page.get_by_role("link", name="back to the form").click()
    page.get_by_text(AGAIN).wait_for()
    page.get_by_label("Amount").press("Enter")
    page.get_by_text("is booked").first.wait_for()
    assert all("403" in each for each in wrong), wrong
    wrong.clear()


def test_without_a_connection_the_page_stays_and_one_press_tries_again(opened, ada, wrong):
    page = opened(reverse("contacts:show", args=[ada]))
    page.locator("details.note-block > summary").click()
    page.locator("details.note-block textarea").fill("Wants samples in March")
    keep = page.get_by_role("button", name="Keep the note")
    page.route("**/notes/**", lambda route: route.abort())
    keep.click()
    page.get_by_text("No connection. Nothing was sent").wait_for()
    expect(page.locator("details.note-block textarea")).to_have_value("Wants samples in March")
    assert keep.get_attribute("aria-busy") is None
    page.unroute("**/notes/**")
    page.route("**/notes/**", lambda route: route.fulfill(status=500, body="broken"), times=1)
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("That did not work. Nothing was changed").wait_for()
    assert Note.objects.count() == 0
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("The note is kept.").wait_for()
    assert Note.objects.get().id
    wrong[:] = [
        each for each in wrong if "ERR_FAILED" not in each and "500" not in each and "htmx:" not in each
    ]


def test_where_no_answer_comes_nobody_is_told_that_nothing_was_done(opened, ada, wrong):
    page = opened(reverse("contacts:show", args=[ada]))
    page.evaluate("""
        document.body.addEventListener("htmx:configRequest", (event) => { event.detail.timeout = 300; })
    """)
    page.locator("details.note-block > summary").click()
    page.locator("details.note-block textarea").fill("Wants samples in March")
    page.route("**/notes/**", lambda route: None)  # nobody answers
    page.get_by_role("button", name="Keep the note").click()
    page.get_by_text("No answer came. It may be done all the same").wait_for()
    assert page.get_by_role("button", name="Try again").count() == 0
    expect(page.locator("details.note-block textarea")).to_have_value("Wants samples in March")
    wrong[:] = [each for each in wrong if "htmx:" not in each]


def test_where_the_line_breaks_after_the_words_went_out_nobody_is_told_that_nothing_was_sent(
    opened, ada, wrong
):
    page = opened(reverse("contacts:show", args=[ada]))
    page.locator("details.note-block > summary").click()
    page.locator("details.note-block textarea").fill("Wants samples in March")
    with hangs_up() as port:
        page.route("**/notes/**", lambda route: route.continue_(url=f"http://127.0.0.1:{port}/notes/"))
        page.get_by_role("button", name="Keep the note").click()
        page.get_by_text("No answer came. It may be done all the same").wait_for()
    assert page.get_by_role("button", name="Try again").count() == 0
    expect(page.locator("details.note-block textarea")).to_have_value("Wants samples in March")
    wrong[:] = [each for each in wrong if "ERR_EMPTY_RESPONSE" not in each and "htmx:" not in each]


def test_a_page_that_is_offline_is_not_left_by_a_press(opened, fair):
    page = opened(reverse("campaigns:add_cost", args=[fair]))
    type_cost(page)
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    page.get_by_text("No connection. Nothing was sent").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("is booked").first.wait_for()
    assert Cost.objects.count() == 1


@pytest.mark.parametrize("press", ["two clicks", "Enter twice"])
def test_nothing_is_done_twice_by_a_hasty_hand(opened, fair, press):
    page = opened(reverse("campaigns:add_cost", args=[fair]))
    type_cost(page)
    if press == "two clicks":
        page.locator("main form .btn-accent").dblclick()
    else:
        page.keyboard.press("Enter")
        page.keyboard.press("Enter", delay=0)
    page.get_by_text("is booked").first.wait_for()
    assert Cost.objects.count() == 1
