"""Every text that a page shows goes through the catalogues of languages, whatever room wrote it."""

import zoneinfo

import pytest
from django.test import Client
from django.urls import reverse

from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.kit.languages import LANGUAGES
from orchard.leads import actions as leads
from orchard.team.rules.holidays import of_years
from orchard.team.types import Role
from orchard.web.permissions import PERMISSIONS
from tests.doors.records import RECORDS
from tests.make import agreements, words
from tests.make.crawling import addresses, crawl
from tests.make.database import undone
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe, team_named, tick
from tests.make.members import member

pytestmark = pytest.mark.django_db

# What stands on pages in every language alike.
EVERYWHERE_ALIKE = (
    *("Orchard", "orchard", "CSV", "XLSX", "JSON", "YAML", "LinkedIn"),
    *zoneinfo.available_timezones(),
    *LANGUAGES.values(),
    *of_years("NO", (2026, 2027)).values(),  # as the library of holidays names them
    *("Email", "First name", "Ann", "ann@example.com"),  # what stands in the file of the import
)

# What Django says on a page that nobody here opens, and what was asked for once more in wide letters.
NOT_OURS = ("Whether the user will be able to authenticate", *map(chr, range(0xFF21, 0xFF5B)))

# Files, and what is sorted otherwise and says the same.
NO_OTHER_WORDS = r"/file\.|[?&]sort="

# Pages whose own texts are not looked at, and why.
NOT_LOOKED_AT = {
    "/manage/audit/": "the audit book tells actions and fields by the codes under which they are kept",
}

# Addresses that answer machines, and the page on which whoever builds pages tries out their parts.
NO_PAGES = {"alive", "ready", "metrics", "agreement:schema", "ui:style", "ui:work", "ui:story"}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def company():
    """Found a company in which every address has a record; return its admin and a member of Sales."""
    agreements.in_force(AGREEMENT)
    now = clock.now()
    lars = rep("Lars Berg", team_id=team_named("North"))
    admin = member(Role.ADMIN, name="Ada Root", time_zone="Europe/Berlin")
    account = contacts.create_account(name="Acme Packaging", now=now)
    fair = campaigns.create_campaign(name="Autumn fair", now=now)
    people = [
        ripe(f"Vera {name}", account_id=account if name == "Vole" else None)
        for name in ("Vole", "Wren", "Yak")
    ]
    campaigns.add_sources([(each, fair, now) for each in people])
    tick()
    leads.accept(lead_id=lead_of(people[0]).id, member_id=lars.id, now=now)
    made = {argument: make(admin) for argument, make in RECORDS.items()}
    known = {"seniority": "director", "department": "Packing", "city": "Linz", "is_competitor": False}
    contacts.change_contact(contact_id=made["contact_id"], values=known, now=now, actor_id=None)
    contacts.change_account(
        account_id=made["account_id"],
        values={"industry": "Food and drink", "employees": 40},
        now=now,
        actor_id=None,
    )
    drain()
    return admin, lars, made


def pages(made):
    """Return every address that shows a page, with the company's records in it."""
    for name, arguments in addresses():
        rule = PERMISSIONS[name]
        if (
            "GET" in rule.methods
            and not rule.by_token
            and name not in NO_PAGES
            and not name.startswith("api:")
        ):
            yield reverse(name, kwargs={each: made[each] for each in arguments})


def told(opened, *typed):
    """Return what stands untranslated on pages, each with the first page that shows it."""
    data = words.Data((*EVERYWHERE_ALIKE, *typed))
    found = {}
    for where, page in opened.items():
        if page.lstrip().startswith("<") and where.partition("?")[0] not in NOT_LOOKED_AT:
            for text in words.texts_of(page):
                if left := data.left(text):
                    found.setdefault((text, " ".join(left)), where)
    return [f"{where}: {text!r} ({left})" for (text, left), where in found.items()]


def test_an_admin_finds_no_text_that_is_in_no_catalogue(company, monkeypatch):
    admin, _lars, made = company
    client = Client()
    client.force_login(admin)
    with words.wide_language(monkeypatch) as asked:
        opened = crawl(client, ["/", *pages(made)], alike=1, but=NO_OTHER_WORDS)
    assert len(opened) > 150, len(opened)
    found = told(opened)
    assert not found, "\n".join(found)
    lacking = sorted(each for each in asked - words.in_catalogue("de") if not each.startswith(NOT_OURS))
    assert not lacking, f"`make words` finds them, or misses whatever makes them: {lacking}"


@pytest.mark.slow
def test_sales_finds_no_text_that_is_in_no_catalogue(company, monkeypatch):
    _admin, lars, _made = company
    client = Client()
    client.force_login(lars)
    with words.wide_language(monkeypatch):
        opened = crawl(client, ["/"], alike=1, but=NO_OTHER_WORDS)
    found = told(opened)
    assert not found, "\n".join(found)


LONG = "x" * 5_000
WRONG = {
    ("members:invite",): {"email": "no-address", "role": "sales"},
    ("members:change", "member_id"): {"name": "", "email": "a@", "role": "king", "time_zone": "Nowhere"},
    ("contacts:new",): {"full_name": "Ada", "email": "no-address", "account": "Nobody"},
    ("contacts:edit", "contact_id"): {"full_name": LONG, "linkedin_slug": "?"},
    ("contacts:add_email", "contact_id"): {"address": "no-address"},
    ("contacts:add_phone", "contact_id"): {"number": "none"},
    ("accounts:new",): {"name": LONG, "domain": "no domain"},
    ("accounts:edit", "account_id"): {"name": "Acme", "domain": "no domain", "currency": "euros"},
    ("campaigns:new",): {
        "name": "Ads",
        "starts_on": "2027-05-02",
        "ends_on": "2027-05-01",
        "currency": "euros",
    },
    ("campaigns:add_cost", "campaign_id"): {"amount": "much", "currency": "euros", "what": ""},
    ("segments:new",): {"name": "", "where.sort": "did", "act": "save"},
    ("agreement:reading",): {"text": "name: Leads\nscore: 3\nfoo: [1]"},
    ("leads:give_back", "lead_id"): {"reason": "none_of_these"},
    ("opportunities:new", "contact_id"): {"name": "", "amount": "much", "currency": "euros"},
    ("opportunities:win", "opportunity_id"): {"amount": "much", "on": "2999-01-01"},
    ("programs:new",): {"name": LONG, "act": "save"},
    ("territories:add",): {"name": "West", "time_zone": "Nowhere", "opens": "17:00", "closes": "09:00"},
    ("fields:new",): {"name": "No name", "type": "choice", "label": ""},
    ("imports:map", "import_id"): {"c.0.to": "account.name", "c.1.to": "nothing"},
    ("tasks:new",): {"what": "call", "due_on": "1999-01-01"},
}


def test_what_a_form_refuses_is_said_in_the_language_of_who_sent_it(company, monkeypatch):
    admin, _lars, made = company
    client = Client()
    client.force_login(admin)
    wrong = {
        reverse(name, kwargs={each: made[each] for each in of}): sent for (name, *of), sent in WRONG.items()
    }
    answers = {}
    with words.wide_language(monkeypatch):
        for address, sent in (*((each, {}) for each in pages(made)), *wrong.items()):
            with undone():
                answer = client.post(address, sent, follow=bool(sent))
            assert answer.status_code < 500, address
            if sent or answer.status_code >= 400:
                answers[f"{address} {sent}"] = answer.content.decode()
    assert len(answers) > 60, len(answers)
    found = told(answers, *(typed for sent in WRONG.values() for typed in sent.values()))
    assert not found, "\n".join(found)
