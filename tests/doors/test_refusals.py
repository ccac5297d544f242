"""What a form is refused for stands beside the field that it is about, with all that was typed still there.

What is odd and no mistake is taken as it is.
"""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from orchard.campaigns import actions as campaigns
from orchard.campaigns.models import Cost
from orchard.contacts import actions as contacts
from orchard.contacts.models import AccountExternalId, AccountSite, Contact
from orchard.contacts.rules import visible
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.opportunities import actions as opportunities
from orchard.opportunities.types import Fields
from orchard.team.types import Role
from tests.doors.records import RECORDS, somebody_else
from tests.make import rest, steps
from tests.make.forms import forms_of
from tests.make.members import member
from tests.make.payloads import all_of_them
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return member(Role.ADMIN, name="Ada Root")


@pytest.fixture(autouse=True)
def signed_in(client, admin, settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    client.force_login(admin)


def tomorrow(days=1):
    return (clock.now() + timedelta(days=days)).date().isoformat()


def said(answer, form_at=""):
    """Return the fields that an answer's form says are wrong."""
    assert answer.status_code == 422, (answer.status_code, text_of(answer)[:200])
    forms = forms_of(answer.content.decode(), "")
    return set().union(*(each.wrong for each in forms))


def at(name, *args):
    return reverse(name, args=args)


def _campaign():
    campaigns.create_campaign(name="Fair", code="fair", now=clock.now())
    return at("campaigns:new"), {"name": "Fair 2", "code": "fair", "status": "planned"}, {"code"}


def _cost():
    made = campaigns.create_campaign(name="Fair", now=clock.now())
    campaigns.add_cost(
        campaign_id=made,
        amount=1,
        currency="EUR",
        what="Stand",
        on=clock.now().date(),
        now=clock.now(),
        actor_id=None,
    )
    given = {"what": "Booth", "amount": "5", "currency": "USD", "on": tomorrow(0)}
    return at("campaigns:add_cost", made), given, {"currency"}


def _email():
    contacts.create_contact(full_name="Ann", emails=["ann@example.com"], now=clock.now())
    return at("contacts:new"), {"full_name": "Ann Too", "email": "ann@example.com"}, {"email"}


def _phone():
    return at("contacts:new"), {"full_name": "Ann", "phone": "call me"}, {"phone"}


def _profile():
    return (
        at("contacts:new"),
        {"full_name": "Ann", "linkedin_slug": "https://example.com/x"},
        {"linkedin_slug"},
    )


def _company():
    for _ in range(2):
        contacts.create_account(name="Acme", now=clock.now())
    return at("contacts:new"), {"full_name": "Ann", "account": "Acme"}, {"account"}


def _domain():
    return at("accounts:new"), {"name": "Acme", "domain": "not a domain"}, {"domain"}


def _parent():
    return at("accounts:new"), {"name": "Acme", "parent": "Nobody knows"}, {"parent"}


def _address():
    contacts.create_contact(full_name="Ann", emails=["ann@example.com"], now=clock.now())
    ben = contacts.create_contact(full_name="Ben", now=clock.now())
    return at("contacts:add_email", ben), {"address": "ann@example.com"}, {"address"}


def _site():
    acme = contacts.create_account(name="Acme", now=clock.now())
    contacts.add_site(account_id=acme, name="Plant", now=clock.now(), actor_id=None)
    return at("accounts:add_site", acme), {"name": "Plant", "street": "Ring 1"}, {"name"}


def _nameless_site():
    acme = contacts.create_account(name="Acme", now=clock.now())
    return at("accounts:add_site", acme), {"name": "", "street": "Ring 1"}, {"name"}


def _id():
    contacts.create_account(name="Other", ids=[("erp", "K-1")], now=clock.now())
    acme = contacts.create_account(name="Acme", now=clock.now())
    return at("accounts:add_id", acme), {"source": "erp", "value": "K-1"}, {"value"}


def _step_over():
    given = {"what": "call", "title": "Ask again", "due_on": "2020-01-01", "member": member(Role.SALES).id}
    return at("tasks:new"), given, {"due_on"}


def _meeting():
    given = {
        "what": "meeting",
        "title": "Meet",
        "due_on": tomorrow(),
        "begins": "11:00",
        "ends": "10:00",
        "member": member(Role.SALES).id,
    }
    return at("tasks:new"), given, {"ends"}


def _log_ahead():
    ann = contacts.create_contact(full_name="Ann", now=clock.now())
    given = {"key": uuid4(), "happened": "reached", "words": "Nice", "at": f"{tomorrow(3)}T10:00"}
    return at("tasks:log", ann), given, {"at"}


def _won_ahead():
    ann = contacts.create_contact(full_name="Ann", now=clock.now())
    sale = opportunities.open_by_hand(
        contact_id=ann, member_id=member(Role.ADMIN).id, fields=Fields("One"), now=clock.now()
    )
    return at("opportunities:win", sale), {"amount": "5", "currency": "EUR", "on": tomorrow(9)}, {"on"}


def _team():
    return at("teams:add"), {"name": "a\x07b"}, {"name"}


def _territory():
    given = {
        "name": "North",
        "time_zone": "UTC",
        "weekdays": ["0"],
        "opens": "09:00",
        "closes": "08:00",
        "holidays_of": "",
    }
    return at("territories:add"), given, {"closes"}


def _holidays():
    given = {
        "name": "North",
        "time_zone": "UTC",
        "weekdays": ["0"],
        "opens": "09:00",
        "closes": "18:00",
        "holidays_of": "XX",
    }
    return at("territories:add"), given, {"holidays_of"}


def _absence():
    return at("hours:away", member().id), {"first": tomorrow(3), "last": tomorrow(1)}, {"last"}


def _invited():
    there = member(email="there@orchard.example")
    return at("members:invite"), {"email": there.email, "name": "There", "role": "sales"}, {"email"}


def _field():
    given = {"label": "Pet", "entity": "contact", "type": "text", "name": "Not A Name"}
    return at("fields:new"), given, {"name"}


def _number():
    from orchard.contacts.types import Entity, FieldType

    contacts.declare_custom_field(
        entity=Entity.CONTACT, name="n", label="N", type=FieldType.NUMBER, now=clock.now(), actor_id=None
    )
    return at("contacts:new"), {"full_name": "Ann", "custom.n": "1e99999"}, {"custom.n"}


def _view():
    place = at("views:keep", "contacts")
    Keeper.client.post(place, {"name": "Mine", "query": "?show=mine"})
    return place, {"name": "Mine", "query": "?show=mine"}, {"name"}


def _decision():
    week = RECORDS["week"](None)
    given = {"key": uuid4(), "words": "Send samples", "owner": member().id, "due_on": ""}
    return at("weekly:add_decision", week), given, {"due_on"}


def _weekly_note():
    week = RECORDS["week"](None)
    return at("weekly:add_note", week), {"key": uuid4(), "words": "a\x07b"}, {"words"}


class Keeper:
    """Holds the client for what has to be sent before."""

    client: Client


STORIES = [
    *(
        _campaign,
        _cost,
        _email,
        _phone,
        _profile,
        _company,
        _domain,
        _parent,
        _address,
        _site,
        _nameless_site,
        _id,
    ),
    *(_step_over, _meeting, _log_ahead, _won_ahead, _team, _territory, _holidays, _absence, _invited, _field),
    *(_number, _view, _decision, _weekly_note),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_").replace("_", " "))
def test_a_refusal_stands_beside_the_field_that_it_is_about_and_nothing_typed_is_gone(client, story):
    Keeper.client = client
    where, given, fields = story()
    answer = client.post(where, given)
    assert said(answer) == fields
    page = answer.content.decode()
    sent = next(form for form in forms_of(page, where) if form.wrong)
    kept = {
        name: [str(each)] for name, each in given.items() if name in sent.typed and "\x07" not in str(each)
    }
    assert {name: sent.values[name] for name in kept} == kept


def test_a_place_and_an_id_that_were_refused_are_corrected_and_sent_again(client):
    where, given, _ = _site()
    client.post(where, given)
    assert client.post(where, {**given, "name": "Plant 2"}).status_code == 302
    assert AccountSite.objects.get(name="Plant 2").street == "Ring 1"
    where, given, _ = _id()
    client.post(where, given)
    assert client.post(where, {**given, "value": "K-2"}).status_code == 302
    assert AccountExternalId.objects.filter(value="K-2").exists()


def test_a_reason_for_dropping_a_step_that_is_refused_stays_beside_the_button(client, admin):
    task = steps.step(admin, now=clock.now(), due=30)
    answer = client.post(at("tasks:drop", task), {"reason": "x" * 5_000})
    assert said(answer) == {"reason"}
    assert "x" * 5_000 in answer.content.decode()


@pytest.fixture
def taken():
    """Let Lars hold a lead that a manager gives to Petra while he writes."""
    lars, petra = somebody_else(), somebody_else()
    lead = RECORDS["lead_id"](lars)
    leads.accept(lead_id=lead, member_id=lars.id, now=clock.now())
    client = Client()
    client.force_login(lars)

    def gone():
        leads.reassign(lead_id=lead, member_id=petra.id, actor_id=member(Role.ADMIN).id, now=clock.now())

    return client, lead, gone


@pytest.mark.parametrize(
    ("name", "given", "typed"),
    [
        ("leads:give_back", {"reason": "not_a_fit", "note": "They buy elsewhere"}, "They buy elsewhere"),
        ("opportunities:convert", {"name": "Two lines for Linz"}, "Two lines for Linz"),
    ],
)
def test_who_comes_too_late_for_a_lead_reads_it_above_the_form_with_the_words_still_there(
    taken, name, given, typed
):
    client, lead, gone = taken
    assert client.get(at(name, lead)).status_code == 200
    gone()
    answer = client.post(at(name, lead), given)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert typed in answer.content.decode()


def test_a_sale_that_was_closed_meanwhile_keeps_what_was_written_about_why_it_was_lost(client, admin):
    ann = contacts.create_contact(full_name="Ann", now=clock.now())
    sale = opportunities.open_by_hand(
        contact_id=ann, member_id=admin.id, fields=Fields("One"), now=clock.now()
    )
    opportunities.lose(opportunity_id=sale, member_id=admin.id, reason="price", note="", now=clock.now())
    answer = client.post(at("opportunities:lose", sale), {"reason": "timing", "note": "Budget in spring"})
    assert answer.status_code == 422
    assert "was lost meanwhile" in text_of(answer)
    assert "Budget in spring" in answer.content.decode()


def test_a_step_that_was_done_meanwhile_keeps_the_words_that_were_written_into_it(client, admin):
    from orchard.tasks import actions as tasks

    task = steps.step(admin, now=clock.now(), due=30)
    given = forms_of(client.get(at("tasks:change", task)).content.decode(), at("tasks:change", task))
    form = next(each for each in given if "title" in each.typed)
    tasks.done(task_id=task, by=admin.id, now=clock.now())
    answer = client.post(at("tasks:change", task), {**form.values, "title": "Ask for Herr Maier"})
    assert answer.status_code == 422
    assert "Ask for Herr Maier" in answer.content.decode()
    assert "done or dropped in the meantime" in text_of(answer)


def test_a_form_that_is_sent_twice_from_one_page_is_done_once(client):
    made = campaigns.create_campaign(name="Fair", now=clock.now())
    where = at("campaigns:add_cost", made)
    given = {"what": "Booth", "amount": "5", "currency": "EUR", "on": tomorrow(0)}
    press = {**given, "csrfmiddlewaretoken": "one page"}
    first, second = client.post(where, press), client.post(where, press)
    assert (first["Location"], second["Location"]) == (at("campaigns:show", made),) * 2
    assert "It was sent twice, and done once." in toasts_of(client.get(second["Location"]))
    assert Cost.objects.count() == 1
    client.post(where, {**press, "csrfmiddlewaretoken": "the next page"})
    assert Cost.objects.count() == 2, "who opens the form again means it"


def test_a_form_that_was_refused_may_be_sent_again_as_it_was(client):
    made = campaigns.create_campaign(name="Fair", now=clock.now())
    press = {"what": "", "amount": "5", "csrfmiddlewaretoken": "one page"}
    for _ in range(2):
        assert client.post(at("campaigns:add_cost", made), press).status_code == 422


def test_whoever_sends_a_form_after_the_session_ended_comes_back_to_the_page_it_stood_on():
    stranger = Client()
    week = RECORDS["week"](None)
    page, act = at("weekly:week", week), at("weekly:add_note", week)
    sent = stranger.post(act, {"words": "x"}, headers={"Referer": f"http://testserver{page}"})
    assert sent["Location"] == f"/login?next={page}"
    assert stranger.post(act, {"words": "x"})["Location"] == "/login?next=/", "nothing can be shown there"
    live = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}?part=notes"}
    assert (
        stranger.post(act, headers=live)["HX-Redirect"]
        == f"/login?next={page.replace('/', '%2F')}%3Fpart%3Dnotes"
    )
    far = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"}
    assert stranger.post(act, headers=far)["HX-Redirect"] == "/login"


def test_an_address_that_takes_forms_alone_says_so_to_whoever_opens_it(client):
    answer = client.get(at("weekly:add_note", RECORDS["week"](None)))
    assert answer.status_code == 405
    assert "forms send to it" in text_of(answer)
    assert answer["Allow"] == "OPTIONS, POST"


def test_an_old_page_is_told_so_in_words_to_people_and_to_scripts(admin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    answer = client.post(at("teams:add"), {"name": "North", "csrfmiddlewaretoken": "old"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form has grown too old" in page
    assert re.search(r'data-sentence="This page has grown too old[^"]*"', page)


def test_a_file_of_a_list_holds_no_formula(client):
    for number, text in enumerate(text for text in all_of_them() if text[0] in "=+-@"):
        contacts.create_contact(full_name=text, title=text, now=clock.now(), emails=[f"f{number}@x.example"])
    body = b"".join(client.post(reverse("contacts:list"), {"export": "csv"}).streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(body.removeprefix("\ufeff"))) for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t")) or re.match(r"[+-]\D", cell)]


ODD = {
    "long": "x" * 10_000,
    "right to left": "\u202eabc\u202c שלום مرحبا",
    "nothing": "a\0b",
    "faces": "👩‍👩‍👧‍👦🏳️‍🌈🇦🇹" * 5,
    "half a letter": "\ud800",
}


@pytest.mark.parametrize("sort", ODD)
def test_odd_text_is_refused_in_words_or_shown_whole(client, admin, sort):
    text = ODD[sort]
    posted = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = client.post(reverse("contacts:new"), {"full_name": posted})
    if answer.status_code == 302:
        assert Contact.objects.latest("id").full_name == visible(posted)
        assert visible(posted) in unescape(client.get(answer["Location"]).content.decode())
    else:
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    system = rest.System(rest.token(acts_for=admin))
    told = system.post("/contacts", {"full_name": text, "emails": ["odd@payload.example"]})
    assert told.status_code in (201, 422, 400), told.content
    if told.status_code == 201:
        assert Contact.objects.latest("id").full_name == visible(text)
