"""Whatever refuses a call, the answer is problem details (RFC 9457): a status, a sentence, and what does not fit."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from orchard.api import queries, reading
from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact
from orchard.interactions.models import Interaction
from orchard.kit import clock
from tests.make.rest import V1, System, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return System(raise_request_exception=False)


def told(answer, status):
    """Return the problem that an answer tells, once it is one of this status."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem


def pointers(answer):
    return [each["pointer"] for each in told(answer, 422)["errors"]]


def test_an_address_that_is_not_there(system):
    for path in ("/nothing", "/contacts/", "/contacts/x", "/contacts/1/nothing", "", "/"):
        assert "openapi.json" in told(system.get(path), 404)["detail"], path


def test_a_record_that_is_not_there(system):
    assert told(system.get("/contacts/99"), 404)["detail"] == "There is no such contact, or it was erased."
    told(system.post("/contacts/99/emails", {"address": "a@b.example"}), 404)


def test_a_method_that_an_address_does_not_take(system):
    answer = system.call("PUT", "/contacts", {})
    told(answer, 405)
    assert answer["Allow"] == "GET, POST"
    told(Client().delete(f"{V1}/facts"), 405)


def test_a_name_of_the_server_that_is_not_ours(system):
    told(system.get("/me", host="evil.example"), 400)


def test_a_body_that_is_no_json(system):
    for body in (b"{", b"\xff\xfe", b"nul", b'{"full_name": NaN}', b"[" * 100_000, b'{"a":1}x'):
        assert told(system.post("/contacts", body), 400)["type"] == "urn:orchard:problem:not-json", body


def test_a_body_that_is_sent_as_something_else(system):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        told(system.post("/contacts", {"full_name": "Anna"}, content_type=kind), 415)
    assert not Contact.objects.exists()


def test_a_body_that_is_not_there(system):
    assert told(system.call("POST", "/contacts"), 422)["errors"]


def test_a_body_that_is_too_large(system):
    answer = system.post("/contacts", b" " * reading.LARGEST + b"{}")
    assert "4 MB" in told(answer, 413)["detail"]
    told(Client().generic("POST", f"{V1}/facts", b"{}", headers={"content-length": "9" * 40}), 413)


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        (r'{"full_name": "A\u0000"}', "/full_name"),
        (r'{"full_name": "A\ud800"}', "/full_name"),
        (r'{"custom": {"a\u0000": 1}}', "/custom"),
        ('{"account_id": 9223372036854775808}', "/account_id"),
        (f'{{"account_id": {"9" * 5000}}}', "/account_id"),
        ('{"custom": {"size": 1e400}}', "/custom/size"),
        ("{" + '"a": {' * 12 + "}" * 13, "/a" * 12),
        ('{"emails": ["a@b.example", 1]}', "/emails/1"),
        ('{"external_ids": [{"source": "shop"}]}', "/external_ids/0/value"),
        ('{"external_ids": [{"source": " ", "value": "1"}]}', "/external_ids/0/source"),
        ('{"nickname": "Ann"}', "/nickname"),
        ('{"account_id": "1"}', "/account_id"),
        ('{"account_id": true}', "/account_id"),
        (json.dumps({"title": "t" * 201}), "/title"),
        ('{"a/b~c": 1}', "/a~1b~0c"),
    ],
)
def test_a_part_of_a_body_that_does_not_fit_is_named(system, written, pointer):
    assert pointers(system.post("/contacts", written.encode())) == [pointer]
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("owner_id=x", "owner_id"),
        ("owner_id=9223372036854775808", "owner_id"),
        ("order=age", "order"),
        ("search=%00", "search"),
        ("owner=1", "owner"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(system, query, parameter):
    errors = told(system.get(f"/contacts?{query}"), 422)["errors"]
    assert [(each["in"], each["parameter"]) for each in errors] == [("query", parameter)]


def test_an_id_in_an_address_that_no_record_can_have(system):
    assert told(system.get(f"/contacts/{2**63}"), 422)["errors"][0]["in"] == "path"
    told(system.get(f"/contacts/{'9' * 5000}"), 404)


def test_a_link_to_a_page_of_the_list_that_is_none(system):
    assert "Open the list anew" in told(system.get("/contacts?cursor=abc"), 400)["detail"]


def test_what_the_domain_refuses_keeps_its_status_and_sentence(system):
    contacts.create_contact(emails=["ann@example.com"], now=clock.now())
    answer = system.post("/contacts", {"emails": ["ANN@example.com"]})
    assert "belongs to another contact" in told(answer, 409)["detail"]
    assert "is no e-mail address" in told(system.post("/contacts", {"emails": ["ann"]}), 400)["detail"]
    assert (
        "no such account"
        in told(system.post("/contacts", {"full_name": "A", "account_id": 9}), 404)["detail"]
    )
    assert (
        "no such member" in told(system.post("/contacts", {"full_name": "A", "owner_id": 9}), 404)["detail"]
    )


def test_a_database_that_does_not_answer_is_said_and_when_to_come_again(system, monkeypatch):
    def down(*_, **__):
        raise OperationalError("connection refused")

    monkeypatch.setattr(queries, "caller", down)
    answer = system.get("/me")
    told(answer, 503)
    assert answer["Retry-After"] == "2"


def test_an_error_of_ours_says_nothing_of_the_inside_and_changes_nothing(system, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr("orchard.contacts.actions.contact.note_doubts", broken)
    answer = system.post("/contacts", {"full_name": "Anna"}, key="k")
    assert b"secret words" not in answer.content
    assert b"Traceback" not in answer.content
    told(answer, 500)
    assert not Contact.objects.exists()
    assert not Interaction.objects.exists()
    monkeypatch.undo()
    assert system.post("/contacts", {"full_name": "Anna"}, key="k").status_code == 201


def test_in_debug_too_nothing_of_the_inside_is_told(monkeypatch, settings):
    settings.DEBUG = True
    system = System(token(), raise_request_exception=False)
    monkeypatch.setattr("orchard.contacts.queries.contacts", lambda **_: 1 / 0)
    told(system.get("/contacts"), 500)


def test_pages_are_told_as_pages():
    assert Client().get("/nothing")["Content-Type"].startswith("text/html")
