"""Tasks in a real browser: logged in two keystrokes, planned by a tap, on a phone too."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orchard.contacts import actions as contacts
from orchard.interactions import queries as ledger
from orchard.interactions.actions import place
from orchard.kit import clock
from orchard.tasks import actions, queries
from orchard.tasks.types import What
from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(own_database, member):
    acme = contacts.create_account(name="Acme Packaging with a rather long name", now=clock.now())
    person = contacts.create_contact(
        full_name="Ada Lovelace", title="Buyer", account_id=acme, phones=["+43 1 588580"], now=clock.now()
    )
    today, now = timezone.now().date(), clock.now()
    for what in (What.CALL, What.MAIL):
        actions.plan_step(
            what=what, member_id=member.id, made_by=member.id, due_on=today, contact_id=person, now=now
        )
    begins = now + timedelta(days=3)
    actions.plan_step(
        what=What.MEETING,
        title="A lunch whose title is longer than a phone is wide, to see where it breaks",
        member_id=member.id,
        made_by=member.id,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        contact_id=person,
        place="https://meet.example/a-rather-long-address-of-a-room",
        now=now,
    )
    actions.notify(
        member_ids=[member.id], kind="tasks.given", subject=("member", member.id), key="1", now=now
    )
    return person


def told(contact):
    place()
    return [fact.kind for fact in ledger.facts_of([contact])]


def test_two_keys_and_enter_log_a_call_and_a_tap_takes_it_back(opened, ada):
    page = opened(f"/contacts/{ada}")
    page.keyboard.press("l")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Call, no answer")).to_be_checked()
    expect(dialog.get_by_label("What was said")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("l")
    page.keyboard.press("c")
    expect(dialog.get_by_label("Call, reached")).to_be_checked()
    page.keyboard.type("Likes the blue one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and asks for lc")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The call is logged. “Call” is done.")
    assert "call.connected" in told(ada)
    page.reload()
    expect(page.locator("#timeline")).to_contain_text("Likes the blue one")


def test_the_next_step_is_a_tap_away_and_the_entry_can_be_taken_back(opened, ada):
    page = opened(f"/contacts/{ada}")
    page.keyboard.press("l")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("In words")).to_be_hidden()
    dialog.get_by_text("in 3 days").click()
    dialog.get_by_label("In words").fill("Send samples")
    dialog.get_by_role("button", name="Log it").click()
    expect(page.locator("#toasts")).to_contain_text("The next step is planned.")
    expect(page.get_by_role("link", name="Send samples")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("It is taken back.")
    expect(page.get_by_role("link", name="Send samples")).to_have_count(0)
    assert "mail.logged" not in told(ada)


def test_what_was_wrong_comes_back_into_the_dialog_with_the_words(opened, ada, wrong):
    page = opened(f"/contacts/{ada}")
    page.keyboard.press("l")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    page.keyboard.type("Long talk")
    dialog.get_by_text("another day").click()
    dialog.get_by_role("button", name="Log it").click()
    expect(dialog).to_contain_text("Choose the day of the next step.")
    expect(dialog.get_by_label("What was said")).to_have_value("Long talk")
    assert ["422" in fault for fault in wrong] == [True]
    wrong.clear()


def test_a_step_is_done_from_the_list_with_the_keyboard_and_taken_back(opened, ada):
    page = opened("/tasks/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Call", exact=True)).to_be_focused()
    page.get_by_role("button", name="Done").first.click()
    expect(page.locator("#toasts")).to_contain_text("“Call” is done.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("It is as it was before.")
    expect(page.get_by_role("link", name="Call", exact=True)).to_be_visible()


def test_a_second_press_does_not_fall_through_to_the_row_behind(opened, ada):
    page = opened("/tasks/")
    box = page.get_by_role("button", name="Done").first.bounding_box()
    there = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    behind = page.evaluate(
        """([x, y]) => {
          const pressed = () => document.elementFromPoint(x, y).closest("a, button");
          pressed().click();
          return pressed()?.textContent;
        }""",
        there,
    )
    assert "Done" in behind


def test_times_show_once_a_step_is_a_meeting(opened, ada):
    page = opened(f"/tasks/with/{ada}")
    expect(page.get_by_label("From")).to_be_hidden()
    page.get_by_text("Meeting", exact=True).click()
    page.get_by_label("From").fill("10:00")
    page.locator("[name=ends]").fill("11:00")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("#toasts")).to_contain_text("The step is planned.")


def test_who_wishes_so_is_told_by_the_browser_how_many_are_new_and_of_nobody(opened, ada, member):
    page = opened("/notices/")
    page.context.grant_permissions(["notifications"])
    page.add_init_script("""
        window.told = [];
        const Real = window.Notification;
        window.Notification = class extends Real {
          constructor(title, options) { super(title, options); window.told.push(`${title}: ${options.body}`); }
        };
        document.hasFocus = () => false;
    """)
    page.reload()
    look = "document.getElementById('bell').dispatchEvent(new Event('look'))"
    before = int(page.locator("#bell").get_attribute("data-unseen"))

    def tell(number):
        actions.notify(
            member_ids=[member.id],
            kind="task.due",
            subject=("task", queries.open_of_contacts([ada])[0].id),
            contact_id=ada,
            key=f"told:{number}",
            now=clock.now(),
        )
        page.evaluate(look)
        expect(page.locator("#bell")).to_have_attribute("data-unseen", str(before + number))

    tell(1)
    assert page.evaluate("told") == []
    page.get_by_role("button", name="Tell me in this browser").click()
    expect(page.get_by_role("button", name="Do not tell me in this browser")).to_be_focused()
    tell(2)
    assert page.evaluate("told") == [f"Orchard: {before + 2} new notices"]
    page.get_by_role("button", name="Do not tell me in this browser").click()
    tell(3)
    assert page.evaluate("told.length") == 1


def test_the_bell_learns_of_something_new_without_a_reload(opened, ada, member):
    page = opened("/contacts/")
    expect(page.get_by_role("link", name="1 new notice", exact=True)).to_be_visible()
    actions.notify(
        member_ids=[member.id], kind="tasks.given", subject=("member", member.id), key="2", now=clock.now()
    )
    page.evaluate("document.getElementById('bell').dispatchEvent(new Event('look'))")
    expect(page.get_by_role("link", name="2 new notices")).to_be_visible()


@in_every_look
def test_the_pages_hold_aa_and_do_not_scroll_sideways(opened, ada, member, size, theme):
    meeting = queries.open_of_contacts([ada])[-1].id
    for path in (
        "/tasks/",
        "/tasks/new",
        f"/tasks/of/{member.id}",
        f"/tasks/with/{ada}",
        f"/tasks/with/{ada}/log",
        f"/tasks/{meeting}",
        f"/contacts/{ada}",
        "/notices/",
        "/me/",
    ):
        page = opened(path, size, theme)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()
