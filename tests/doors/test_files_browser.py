"""Files in a real browser: chosen, dropped, left out when too large, opened beside, removed and brought back."""

import pytest
from playwright.sync_api import expect

from orchard.contacts import actions as contacts
from orchard.contacts.models import KeptFile
from orchard.kit import clock
from tests.make.accessible import in_every_look, violations

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636460f8cf"
    "000002020101e221bc330000000049454e44ae426082"
)
DROP = """(node, files) => {
  const dropped = new DataTransfer();
  for (const [name, size] of files) dropped.items.add(new File([new Uint8Array(size)], name));
  for (const type of ["dragover", "drop"]) {
    node.dispatchEvent(new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture
def ada(own_database, member):
    return contacts.create_contact(full_name="Ada Lovelace", now=clock.now())


def chosen(name, content=PNG):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_files_are_chosen_kept_with_a_word_opened_beside_removed_and_brought_back(opened, ada, wrong):
    page = opened(f"/contacts/{ada}")
    card = page.locator("#files")
    expect(card.get_by_label("A word about it")).to_be_hidden()
    card.get_by_label("Add files").set_input_files([chosen("card.png"), chosen("same.png")])
    card.get_by_label("A word about it").fill("Her card")
    card.get_by_role("button", name="Keep them").click()
    expect(card.get_by_text("“same.png” is kept here already, as “card.png”.").first).to_be_visible()
    expect(card.get_by_text("The file is kept.")).to_be_visible()
    expect(card.get_by_label("A word about it")).to_have_value("Her card")
    wrong.clear()  # the browser notes the 422
    with page.context.expect_page() as other:
        card.get_by_role("link", name="card.png (opens").click()
    other.value.wait_for_load_state()
    assert other.value.evaluate("[document.contentType, origin]") == ["image/png", "null"]
    card.get_by_role("button", name="Remove card.png").click()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("“card.png” is there again.")
    expect(page.locator("#files").get_by_role("link", name="card.png (opens")).to_be_visible()


def test_files_are_dropped_on_the_card_and_what_is_too_large_is_left_out(opened, ada):
    page = opened(f"/contacts/{ada}")
    card = page.locator("#files")
    card.evaluate(DROP, [["plan.dwg", 10], ["film.mp4", 21 * 2**20]])
    card.evaluate(DROP, [["other.dwg", 11]])
    expect(card.locator("[data-left-out]")).to_be_hidden()
    card.evaluate(DROP, [["film.mp4", 21 * 2**20]])
    expect(card.locator("[data-left-out]")).to_have_text("“film.mp4” is larger than 20 MB and was left out.")
    card.get_by_role("button", name="Keep them").click()
    expect(page.locator("#toasts")).to_contain_text("2 files are kept.")
    assert set(KeptFile.objects.values_list("name", flat=True)) == {"plan.dwg", "other.dwg"}


@in_every_look
def test_the_card_of_files_is_accessible_in_every_look(opened, ada, size, theme):
    page = opened(f"/contacts/{ada}", size, theme)
    card = page.locator("#files")
    card.get_by_label("Add files").set_input_files([chosen("a name that is longer than a phone is wide.png")])
    card.get_by_role("button", name="Keep them").click()
    expect(page.locator("#toasts")).to_contain_text("The file is kept.")
    page.locator("#files").get_by_label("Add files").set_input_files([chosen("b.png")])
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
