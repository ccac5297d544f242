"""The guide of the first hour: its commands are run and its pages clicked through, word by word."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.contacts.models import Contact
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.leads import jobs as leads
from tests.make.command import orchard

GUIDE = Path("docs/guides/first-hour.md").read_text(encoding="utf-8")
PASSWORD = "a-long-sentence-of-ours"

ROWS = "[data-rows] tr"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def followed(data, settings, tmp_path):
    """Run the commands of a part of the guide, by its number, and yield what each answers."""
    settings.ORCHARD_HOME = tmp_path
    parts = {int(part[0]): part for part in GUIDE.split("\n## ")[1:] if part[0].isdigit()}

    def run(number):
        for block in re.findall(r"```sh\n(.*?)```", parts[number], re.DOTALL):
            for line in block.splitlines():
                if line == "DATA=../shared/data":
                    continue
                program, *arguments = shlex.split(line.replace("$DATA", str(data)))
                assert program == ".venv/bin/orchard"
                code, answer = orchard(*arguments)
                assert code == 0, (line, answer)
                yield answer

    return run


def on_the_page(word):
    """Return a word of a page, if the guide says it in italics."""
    assert f"*{word}*" in GUIDE, f"the guide does not name {word}"
    return word


def comes_in(chromium, address, name):
    """Open a link of an invitation in a browser of one's own."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=on_the_page("Come in")).click()
    page.wait_for_url(lambda url: "invitation" not in url)
    return page


def goes_to(page, word):
    """Open a desk by its word in the navigation."""
    page.get_by_role("navigation").get_by_role("link", name=on_the_page(word), exact=True).first.click()


def test_the_first_hour_goes_as_the_guide_says(chromium, served, followed):
    invited = [answer["link"].split("/invitation/")[1] for answer in followed(2)]
    you, lars = (
        comes_in(chromium, f"{served}/invitation/{token}", name)
        for token, name in zip(invited, ("Nora Lind", "Lars Berg"), strict=True)
    )
    imported = list(followed(3))
    assert [answer["rejected"] for answer in imported] == [0] * 5
    assert imported[0]["created"] == 22
    assert Contact.objects.count() == 162
    assert sum(answer["interactions"] for answer in imported) == 156
    list(followed(4))
    assert agreement.in_force() is not None
    list(followed(5))

    goes_to(you, "Basket")
    you.get_by_role("link", name=re.compile(rf"^{on_the_page('Stale')} \d+$")).click()
    expect(you.locator(ROWS)).to_have_count(14)
    expect(you.get_by_role("link", name=on_the_page("William Lee"))).to_be_visible()
    you.get_by_role("link", name=on_the_page("Release stale leads")).click()
    you.get_by_label("How many").fill("3")
    you.get_by_role("button", name=on_the_page("Release")).click()
    expect(you.locator("#toasts")).to_contain_text("3")
    ledger.drain(flow.CONSUMERS)
    leads.draw(clock.now())

    goes_to(lars, "My leads")
    expect(lars.locator(ROWS)).to_have_count(3)
    lars.locator(ROWS).first.get_by_role("link").first.click()
    lars.get_by_role("button", name=on_the_page("Accept")).click()
    lars.get_by_role("link", name=on_the_page("Call"), exact=True).first.click()
    lars.get_by_label(on_the_page("Reached")).check()
    lars.get_by_label("What was said").fill("They change the line in spring.")
    lars.get_by_role("button", name=on_the_page("Log it")).click()
    lars.get_by_role("link", name=on_the_page("Return"), exact=True).click()
    lars.get_by_label(on_the_page("Not now")).check()
    day = (clock.now() + timedelta(days=60)).date()
    lars.get_by_label("Come back on").fill(day.isoformat())
    lars.get_by_label("In your words").fill("Wants to hear from us in spring.")
    lars.get_by_role("button", name=on_the_page("Return the lead")).click()
    expect(lars.locator("#toasts")).to_contain_text("The lead is returned.")

    goes_to(you, "What came back")
    expect(you.locator(ROWS)).to_contain_text("Wants to hear from us in spring.")
    expect(you.locator(ROWS)).to_contain_text("Not now")

    *_, funnel = followed(7)
    (paid,) = [row for row in funnel["rows"] if row["campaign"] == "paid_search"]
    assert (paid["entered"], paid["won"], round(100 * paid["won_share"], 1)) == (1586, 195, 12.3)
    goes_to(you, "Funnel")
    expect(you.get_by_role("heading", level=1)).to_contain_text("Funnel")
