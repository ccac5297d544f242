"""Whatever is typed anywhere is shown as typed: nothing of it runs, loads or breaks a page, in a real browser."""

import csv
import io
import re
from contextlib import suppress
from html import unescape
from itertools import count, cycle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from orchard.connect import jobs
from orchard.connect.models import Import
from orchard.contacts import actions as contacts
from orchard.contacts.types import Entity, FieldType
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.outbox.models import Message
from tests.doors.records import RECORDS
from tests.make import leads, rest, steps
from tests.make.crawling import crawl
from tests.make.forms import alive, forms_of
from tests.make.payloads import MARK, PRODUCT, all_of_them, packed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

START = ("/", "/contacts/", "/accounts/", "/tasks/", "/weekly/", "/agreement/edit", "/agreement/text")
PAGES = 250
"""So many pages are opened in the browser, those that show typed texts first; the others are read as text."""
FILES = (".csv", ".ics", ".json", ".xlsx", "/schema.json")
SAFE = {
    "currency": "EUR",
    "domain": "acme.example",
    "code": "",
    "holidays_of": "",
    "days_off": "",
    "linkedin_slug": "",
    "due_on": "2030-03-01",
    "on": "2026-11-02",
}
"""What a field takes that asks for a certain form, where typed text is refused."""

WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) => __violations.push(event.violatedDirective));
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.__hit = name; };
"""
LOOK = """() => ({
  hit: window.__hit ?? null,
  violations: window.__violations,
  text: document.body.textContent
    + [...document.querySelectorAll("input, textarea, option")].map((each) => each.value).join(" ")
    + [...document.querySelectorAll("[title], [aria-label]")].map((each) => each.title + each.ariaLabel).join(" "),
  alive: [...document.querySelectorAll("*")].filter((each) =>
    each.matches("iframe, object, embed, base, marquee, math, style, foreignObject, plaintext, meta[http-equiv]")
    || (each.matches("script") && !each.src.startsWith(location.origin + "/static/"))
    || [...each.attributes].some(({ name, value }) => /^(on|hx-on|data-hx-on)/i.test(name)
      || (/^(href|src|action|formaction|xlink:href)$/i.test(name) && /^\\s*(javascript|vbscript|data):/i.test(value)))
  ).map((each) => each.outerHTML.slice(0, 200)),
})"""


@pytest.fixture
def client(own_database, member, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    for make in RECORDS.values():
        with suppress(Refused), transaction.atomic():  # some of them make others, which are there then
            make(member)
    with transaction.atomic():
        person = contacts.create_contact(
            full_name="Ada Seen", emails=["ada@seen.example"], phones=["+43 1 588580"], now=clock.now()
        )
        steps.step(member, contact_id=person, now=clock.now(), due=30)
        leads.ripe("Ripe Pear")
        for sort in (FieldType.TEXT, FieldType.CHOICE):
            contacts.declare_custom_field(
                entity=Entity.CONTACT,
                name=f"own_{sort.value}",
                label=f"Own {sort.value}",
                type=sort,
                choices=("a", "b") if sort is FieldType.CHOICE else (),
                now=clock.now(),
                actor_id=member.id,
            )
    leads.tick()
    client = Client(raise_request_exception=False)
    client.force_login(member)
    return client


class Typist:
    """Types texts into every field of a form, again and again until each field had each text."""

    def __init__(self, client, texts):
        self._client, self._texts, self._number = client, texts, count(1)
        self.answers = {}
        """The pages that came back with what was typed, by where they stood."""
        self.sent = 0

    def fill(self, form, *, rounds):
        """Send the form so many times, or until the shortest field had all texts."""
        packs = {name: packed(self._texts, longest) or ["x"] for name, longest in form.typed.items()}
        turns = {name: cycle(each) for name, each in packs.items()}
        for _ in range(min(rounds, max(map(len, packs.values())))):
            self._send(form, {name: next(turn) for name, turn in turns.items()})

    def _send(self, form, typed):
        # In the forms of lists of rules the names of fields stand for themselves; only words are typed over.
        values = {**form.values, **{name: [text] for name, text in typed.items()}}
        answer = self._post(form, values)
        wrong = {name for each in forms_of(answer, form.action) for name in each.wrong} & set(typed)
        if wrong:
            self._post(form, {**values, **{name: [self._proper(form, name)] for name in wrong}})

    def _proper(self, form, name):
        if name in ("email", "address"):
            return f"typed{next(self._number)}@payload.example"
        return SAFE.get(name, form.values.get(name, [""])[0])

    def _post(self, form, values):
        press = next((each for each in form.buttons if each[1] == "save"), next(iter(form.buttons), None))
        data = {name: each for name, each in values.items() if name != "csrfmiddlewaretoken"}
        if press:
            data[press[0]] = press[1]
        if form.method == "get":
            answer = self._client.get(form.action.partition("?")[0], data, follow=True)
        else:
            answer = self._client.post(form.action, data, follow=True)
        self.sent += 1
        page = answer.content.decode() if not answer.streaming else ""
        assert answer.status_code < 500, (form.action, values)
        assert alive(page) == [], (form.action, values)
        assert PRODUCT not in page, form.action
        if form.method == "get":
            self.answers[answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]] = page
        return page


def typed_everywhere(client, texts, *, rounds, **walk):
    """Type the texts into every field that can be reached; return how many forms there were and what was answered."""
    typist, shapes = Typist(client, texts), {}
    for address, page in crawl(client, START, **{**walk, "alike": 1}).items():
        for form in forms_of(page, address):
            if form.typed and not form.action.startswith(("/me/password", "/login")):
                shapes.setdefault(form.shape, form)
    for form in shapes.values():
        typist.fill(form, rounds=rounds)
    return shapes, typist


def told_over_rest(texts):
    """Let another system bring contacts and facts whose every text is one of these."""
    system, last = rest.System(), []
    for number, text in enumerate(packed(texts, 190)):
        given = {
            "full_name": text,
            "title": text,
            "city": text[:120],
            "emails": [f"rest{number}@payload.example"],
        }
        answer = system.post("/contacts", given)
        assert answer.status_code in (201, 422), answer.content
        if answer.status_code == 201:
            last.append(f"rest{number}@payload.example")
    for email, text in zip(cycle(last), packed(texts, 15_000), strict=False):
        fact = {"contact": {"email": email}, "kind": "question.asked", "campaign": text[:190], "words": text}
        answer = system.post("/facts", {"facts": [fact]})
        assert answer.status_code in (201, 422), answer.content


def brought_by_a_file(client, texts):
    """Import a file whose every cell is one of these; a row of it is refused, and shown where refused ones are."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["Email", "First name", "Last name", "Company", "Title"])
    for number, text in enumerate(texts):
        rows.writerow([f"file{number}@payload.example", text[:80], "Pear", text[:190], text[:190]])
    rows.writerow([texts[0], "A", "B", "C", "D"])
    given = {"file": SimpleUploadedFile(f"{texts[1][:40]}.csv".replace("/", ""), out.getvalue().encode())}
    assert client.post(reverse("imports:new"), given).status_code == 302
    made = Import.objects.latest("id").id
    sheet = client.get(reverse("imports:map", args=[made])).context["sheet"]
    mapped = {f"c.{column.place}.to": column.to for column in sheet.columns}
    answer = client.post(
        reverse("imports:map", args=[made]), {**mapped, "kept": sheet.kept_text, "rest": sheet.rest_text}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert alive(client.get(reverse("imports:preview", args=[made])).content.decode()) == []
    client.post(reverse("imports:preview", args=[made]))
    assert jobs.work(clock.now()) == 1
    return reverse("imports:show", args=[made])


@pytest.mark.slow
def test_nothing_that_is_typed_sent_or_imported_runs_anywhere(client, opened, served, wrong, monkeypatch):
    monkeypatch.setattr("orchard.web.lists.page.PAGE", 60)  # of each list two pages are opened
    texts = all_of_them()
    shapes, typist = typed_everywhere(client, texts, rounds=12, alike=2)
    assert len(shapes) > 40, sorted(shapes)
    told_over_rest(texts)
    imported = brought_by_a_file(client, texts)
    leads.tick()
    ledger.drain([])

    newest = ("/contacts/?sort=-added", "/accounts/?sort=-added")
    found = crawl(client, (*START, *newest, imported, "/manage/audit/"), alike=2)
    for where, page in found.items():
        assert alive(page) == [] or where.partition("?")[0].endswith(FILES), where
        assert PRODUCT not in page, where
    shown = {number for page in found.values() for number in MARK.findall(unescape(page))}
    assert shown >= {number for text in texts for number in MARK.findall(text)}, "a text is shown nowhere"

    marked = [where for where, page in found.items() if MARK.search(unescape(page)) and "<html" in page]
    asked = [*dict.fromkeys([*marked, *list(typist.answers), *found])][:PAGES]
    page, seen = opened("/"), set()
    page.add_init_script(WATCH)
    for where in asked:
        if not found.get(where, "<html").count("<html"):
            continue
        page.goto(served + where)
        expect(page.locator(".htmx-request")).to_have_count(0, timeout=20_000)
        told = page.evaluate(LOOK)
        assert told["hit"] is None, where
        assert told["violations"] == [], where
        assert told["alive"] == [], where
        assert PRODUCT not in told["text"], where
        seen |= set(MARK.findall(told["text"]))
    assert len(seen) >= len(texts) * 0.85, sorted(seen)
    refused = re.compile(r"responded with a status of (400|404|422)")
    wrong[:] = [each for each in wrong if not refused.search(each)]

    for message in Message.objects.all():
        assert set(message.payload) <= {"subject", "text", "reply_to", "headers"}, "mail is text"
        assert "\n" not in message.payload.get("subject", "")
