"""The description of the door is true: every operation answers as it says, whatever is thrown at it."""

import json
import string
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.api.openapi import document
from orchard.api.v1.urls import API
from orchard.contacts import actions
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.leads.models import Lead, Offer
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements, segments
from tests.make.database import undone
from tests.make.leads import AGREEMENT, drain, lead_of, ripe
from tests.make.members import member
from tests.make.rest import V1, System, token
from tests.make.schemas import wrong_with

pytestmark = pytest.mark.django_db

DOCUMENT = json.loads(json.dumps(document(API)))
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PROBLEM_JSON = "application/problem+json"
KNOWN = "ana.reyes@solcosmetics.example"


def schema_of_body(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content["application/json"]["schema"] if content else None


def example_of(schema):
    """Return the example of a body; who is added in it is somebody new."""
    says = resolved(schema)["examples"][0]
    return {**says, "emails": ["new@solcosmetics.example"]} if "emails" in says else says


def resolved(schema):
    (schema,) = schema.get("allOf", [schema])  # what has a default stands in one
    return (
        DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )


def check(answer, operation):
    """Hold an answer against what is said of the operation."""
    said = operation["responses"].get(str(answer.status_code))
    assert said, (
        f"{operation['operationId']} does not say that it may answer {answer.status_code}: {answer.content}"
    )
    kind = answer["Content-Type"]
    assert list(said["content"]) == [kind]
    wrong = wrong_with(answer.json(), said["content"][kind]["schema"], DOCUMENT)
    assert not wrong, wrong
    if answer.status_code >= 400:
        assert kind == PROBLEM_JSON


def test_it_is_there_for_everybody_and_names_no_outside_host():
    answer = Client().get(f"{V1}/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == DOCUMENT
    assert DOCUMENT["openapi"] == "3.1.0"
    assert b"http" not in answer.content.replace(b'"http"', b"").replace(b"HTTP", b"")
    assert Client().get(f"{V1}/docs").status_code == 404


def test_the_ids_of_operations_are_stable():
    assert {name: f"{method} {path}" for name, (method, path, _) in OPERATIONS.items()} == {
        "read_me": "GET /api/v1/me",
        "list_contacts": "GET /api/v1/contacts",
        "create_contact": "POST /api/v1/contacts",
        "read_contact": "GET /api/v1/contacts/{contact_id}",
        "change_contact": "PATCH /api/v1/contacts/{contact_id}",
        "add_email": "POST /api/v1/contacts/{contact_id}/emails",
        "add_phone": "POST /api/v1/contacts/{contact_id}/phones",
        "add_external_id": "POST /api/v1/contacts/{contact_id}/external-ids",
        "list_facts": "GET /api/v1/contacts/{contact_id}/facts",
        "state_facts": "POST /api/v1/facts",
        "list_leads": "GET /api/v1/leads",
        "read_lead": "GET /api/v1/leads/{lead_id}",
        "list_reasons": "GET /api/v1/leads/{lead_id}/reasons",
        "accept_lead": "POST /api/v1/leads/{lead_id}/accept",
        "pick_lead": "POST /api/v1/leads/{lead_id}/pick",
        "return_lead": "POST /api/v1/leads/{lead_id}/return",
        "reassign_lead": "POST /api/v1/leads/{lead_id}/reassign",
        "reinstate_lead": "POST /api/v1/leads/{lead_id}/reinstate",
        "release_leads": "POST /api/v1/leads/release",
        "log_with_lead": "POST /api/v1/leads/{lead_id}/log",
        "list_segments": "GET /api/v1/segments",
        "list_members": "GET /api/v1/segments/{segment_id}/members",
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_does_what_it_needs_and_how_it_refuses(name):
    method, path, operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"].startswith(operation["summary"])
    assert "Scope: `" in operation["description"] or name == "read_me"
    assert operation["security"][0].keys() == {"Bearer"}
    statuses = set(operation["responses"])
    assert {"400", "401", "403", "422", "500", "503"} <= statuses
    assert ("{" not in path) or "404" in statuses
    if method != "GET":
        assert {"404", "409", "413", "415"} <= statuses
        assert resolved(schema_of_body(operation)).get("examples"), "give an example of the body"
    if method == "POST":
        assert "410" in statuses
        assert [
            each["required"] for each in operation["parameters"] if each["name"] == "Idempotency-Key"
        ] == [True]
    for parameter in operation["parameters"]:
        assert parameter.get("description"), parameter["name"]


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_an_example_is_as_its_schema_says(name):
    schema = DOCUMENT["components"]["schemas"][name]
    for example in schema.get("examples", []):
        assert not wrong_with(example, schema, DOCUMENT)


@pytest.fixture
def anna():
    at = clock.now()
    account = actions.create_account(name="Sol Cosmetics", now=at)
    return actions.create_contact(
        full_name="Ana Reyes",
        emails=[KNOWN],
        phones=["+34 915 550 101"],
        account_id=account,
        now=at,
    )


@pytest.fixture
def boss():
    """Give a manager who takes leads, beside the member whom an example names."""
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        member(Role.SALES, email="lars.berg@orchard.example", name="Lars Berg")
        Member.objects.update(capacity=0)
        person = member(Role.MANAGER)
        Member.objects.filter(id=person.id).update(capacity=5)
        yield person


@pytest.fixture
def there(anna, lead):
    """Return what addresses may name: a contact, a lead, a segment."""
    return anna, lead, segments.saved("Visitors", segments.VISITED)


@pytest.fixture
def lead(boss):
    """Give a lead that is offered to the manager."""
    made = ripe("Ada Lovelace")
    drain()
    return lead_of(made).id


def as_needed(name, lead, boss):
    """Bring the lead where an operation finds something to do."""
    if name == "pick_lead":
        Offer.objects.all().delete()
        Lead.objects.filter(id=lead).update(state="waiting", member=None)
    if name == "reinstate_lead":
        given = {"reason": "not_a_fit", "wake_on": None, "note": "", "zone": "UTC"}
        leads.give_back(lead_id=lead, member_id=boss.id, now=clock.now(), **given)


def where_of(path, contact, lead, segment):
    named = {"{contact_id}": contact, "{lead_id}": lead, "{segment_id}": segment}
    for name, value in named.items():
        path = path.replace(name, str(value))
    return path.removeprefix(V1)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_example_of_an_operation_works_and_is_answered_as_it_says(name, there, lead, boss):
    method, path, operation = OPERATIONS[name]
    system, schema = System(token(acts_for=boss)), schema_of_body(operation)
    body = example_of(schema) if schema else None
    headers = {"if-match": system.get(f"/contacts/{there[0]}")["ETag"]} if method == "PATCH" else {}
    ledger.place()
    as_needed(name, lead, boss)
    where = where_of(path, *there)
    answer = system.call(method, where, body, **headers)
    assert answer.status_code < 300, answer.content
    check(answer, operation)


NASTY = st.sampled_from(
    ["\0", "\ud800", "\ufdfa" * 200, "\u202e", "%", "_", "\\", "'", "null", "2026-11-02T09:30:00Z"]
)
TEXTS = st.one_of(
    st.text(max_size=30), NASTY, st.sampled_from(["", "1", "a@b.example", KNOWN, "+43 1 588580"])
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 2**31, 2**63 - 1, 2**63, 10**400])
GARBAGE = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
HEADERS = st.text(string.printable.strip() + "é ", max_size=40)


def mostly(usual, otherwise, times=12):
    """Choose what is usual, once in a while something else; Hypothesis likes the ends of a range, so not there."""
    return st.integers(0, times).flatmap(lambda number: otherwise if number == times // 2 else usual)


def fitting(schema, depth=0):
    """Return a strategy of values that are roughly as a schema says, and now and then anything."""
    schema = resolved(schema)
    if depth > 5:
        return GARBAGE
    return mostly(_fitting(schema, depth), GARBAGE)


def _fitting(schema, depth):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([_fitting(resolved(each), depth) for each in schema["anyOf"]])
    if schema.get("type") == "object" and "properties" in schema:
        parts = {name: fitting(each, depth + 1) for name, each in schema["properties"].items()}
        required = {name: parts.pop(name) for name in schema.get("required", [])}
        return st.fixed_dictionaries(required, optional=parts)
    if schema.get("type") == "array":
        return st.lists(fitting(schema["items"], depth + 1), min_size=1, max_size=3)
    if schema.get("format") in {"date", "date-time"}:
        times = st.dates() if schema["format"] == "date" else st.datetimes(timezones=st.timezones())
        return times.map(lambda at: at.isoformat())
    kinds = {
        "integer": st.integers(1, 9),
        "boolean": st.booleans(),
        "null": st.none(),
        "string": mostly(st.text(max_size=30), TEXTS, 1),
    }
    return kinds.get(schema.get("type"), GARBAGE)


def calls(operation):
    body = schema_of_body(operation)
    known = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
    values = mostly(st.text(max_size=9), TEXTS | NUMBERS.map(str), 1)
    return st.fixed_dictionaries(
        {
            "body": st.none()
            if body is None
            else mostly(example(body) | fitting(body), st.binary(max_size=20)),
            "query": mostly(
                st.dictionaries(st.sampled_from(known), values, max_size=2) if known else st.just({}),
                st.dictionaries(TEXTS, TEXTS, max_size=2),
            ),
            "id": mostly(st.just("there"), st.sampled_from([0, 2**63 - 1, 2**63, "x"])),
            "headers": st.fixed_dictionaries(
                {"if-match": mostly(st.just("*"), HEADERS | st.just('"0001-01-01T00:00:00+23:59"'), 2)},
                optional={"accept": HEADERS, "cookie": HEADERS},
            ),
            "kind": mostly(st.just("application/json"), HEADERS),
            "key": mostly(st.none(), HEADERS),
        }
    )


def example(body):
    """Return the example of a body with one part that may be anything."""
    says = example_of(body)

    def changed(name):
        return GARBAGE.map(lambda value: {**says, name: value})

    return st.one_of(st.just(says), *(changed(name) for name in says))


@pytest.fixture
def quiet(caplog):
    """Let refusals by the hundred leave no log."""
    caplog.set_level("CRITICAL", "django.request")


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("times", [40, pytest.param(120, marks=pytest.mark.slow)], ids=["some", "many"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_thrown_at_an_operation_it_answers_as_it_says(name, times, there, lead, boss):
    method, path, operation = OPERATIONS[name]
    system = System(token(acts_for=boss))
    as_needed(name, lead, boss)

    @settings(max_examples=times, database=None, suppress_health_check=list(HealthCheck))
    @given(calls(operation))
    def throw(call):
        given = call["id"]
        where = where_of(path, *(there if given == "there" else (given, given, given)))
        address = system_address(where, call["query"])
        with undone():
            answer = system.call(
                method, address, call["body"], key=call["key"], content_type=call["kind"], **call["headers"]
            )
            connection.check_constraints()  # as a commit would
        if answer.status_code == 404 and given == "x":
            assert answer["Content-Type"] == PROBLEM_JSON
            assert not wrong_with(answer.json(), PROBLEM, DOCUMENT)
        else:
            check(answer, operation)

    throw()


def system_address(where, query):
    """Return an address with a query; halves of characters go over the wire as careless systems send them."""
    pairs = [tuple(text.encode(errors="surrogatepass") for text in pair) for pair in query.items()]
    return f"{where}?{urlencode(pairs)}"
