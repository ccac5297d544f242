"""Who is let in by a token, how far it reaches, and that its secret is nowhere."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from orchard.api import actions, queries, rules
from orchard.api.models import ApiToken
from orchard.api.openapi import operations
from orchard.api.operations import Bearer
from orchard.api.types import OFFERED, Scope, TokenFields
from orchard.api.v1.urls import API
from orchard.journal.models import Entry
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import actions as team
from orchard.team.types import Place, Role
from orchard.web.permissions import PERMISSIONS
from tests.doors.records import RECORDS
from tests.make.database import undone
from tests.make.members import member
from tests.make.rest import V1, System, token

pytestmark = pytest.mark.django_db

OPERATIONS = {each.operation_id: each for each in operations(API)}

# Which page lets a member do what a scope lets a token do.
PAGES = {
    Scope.CONTACTS_READ: "contacts:show",
    Scope.CONTACTS_WRITE: "contacts:edit",
    Scope.FACTS_READ: "contacts:show",
    Scope.FACTS_WRITE: "imports:new",
    Scope.LEADS_READ: "leads:show",
    Scope.LEADS_WRITE: "tasks:log",
    Scope.SEGMENTS_READ: "segments:show",
}

# Which page does what an operation does that fewer roles reach than its scope.
ACTS = {
    "list_reasons": "leads:give_back",
    "accept_lead": "leads:accept",
    "pick_lead": "leads:pick",
    "return_lead": "leads:give_back",
    "reassign_lead": "leads:reassign",
    "reinstate_lead": "leads:reinstate",
    "release_leads": "basket:release",
}


def guard_of(operation):
    (guard,) = operation.auth_callbacks
    assert isinstance(guard, Bearer), f"{operation.operation_id} lets in without a token"
    return guard


def scope_of(operation):
    return guard_of(operation).scope


def records(owner):
    """Make what addresses name."""
    return {f"{{int:{name}}}": str(RECORDS[name](owner)) for name in ("contact_id", "lead_id", "segment_id")}


def ask(system, operation, named):
    """Call an operation with a body that never fits, so that nothing is done by whoever is let in."""
    (method,) = operation.methods
    path = re.sub(r"{int:\w+}", lambda found: named[found[0]], operation.path)
    return system.call(method, path, None if method == "GET" else {"wrong": 1})


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_opens_to_its_own_scope_and_to_no_other(name):
    operation, admin = OPERATIONS[name], member(Role.ADMIN)
    needs, named = scope_of(operation), records(admin)
    assert needs is not None or name == "read_me", f"{name} asks for no scope"
    for granted in OFFERED:
        answer = ask(System(token(acts_for=admin, scopes=[granted])), operation, named)
        said = f"{name} with {granted}: {answer.status_code} {answer.content}"
        if needs in (None, granted):
            assert answer.status_code in {200, 422}, said
        else:
            assert answer.status_code == 403, said
            assert f'scope="{needs}"' in answer["WWW-Authenticate"]


def test_the_scopes_that_are_offered_are_those_that_some_operation_asks_for():
    assert {scope_of(each) for each in OPERATIONS.values()} - {None} == set(OFFERED)


@pytest.mark.parametrize("scope", OFFERED)
def test_a_token_does_what_the_pages_let_its_member_do(scope):
    assert rules.REACH[scope] == PERMISSIONS[PAGES[scope]].roles


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_opens_to_the_roles_whose_pages_do_the_same(name, role):
    person = member(role)
    answer = ask(System(token(acts_for=person, scopes=reached_by(role))), OPERATIONS[name], records(person))
    page = ACTS.get(name) or PAGES.get(scope_of(OPERATIONS[name]))
    may = page is None or role in PERMISSIONS[page].roles
    assert answer.status_code in ({200, 422} if may else {403}), answer.content


def reached_by(role):
    return [scope for scope in OFFERED if role in rules.REACH[scope]]


@pytest.mark.parametrize("role", Role)
def test_the_role_of_the_member_narrows_a_token_made_before_it_changed(role):
    person, boss = member(Role.ADMIN), member(Role.ADMIN)
    system = System(token(acts_for=person))
    team.change_member(
        member_id=person.id,
        email=person.email,
        name=person.name,
        place=Place(role),
        territory_id=None,
        takes=person.takes,
        actor_id=boss.id,
        now=clock.now(),
    )
    reached = set(reached_by(role))
    assert set(system.get("/me").json()["scopes"]) == reached
    answer = system.post("/facts", {"facts": []})
    assert answer.status_code == (422 if Scope.FACTS_WRITE in reached else 403)


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Basic QTpC", "Bearer orchard_x_y", "bearer nothing"]
)
def test_without_a_token_that_works_nobody_is_let_in(given):
    headers = {} if given is None else {"authorization": given}
    answer = Client().get(f"{V1}/contacts", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Bearer realm="orchard"')
    assert answer["Content-Type"] == "application/problem+json"


def test_a_secret_that_differs_in_one_sign_is_not_known():
    secret = token()
    other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    assert System(other).get("/me").status_code == 401
    assert System(secret).get("/me").status_code == 200


def test_a_session_opens_nothing_and_needs_no_token_of_forms():
    client = Client(enforce_csrf_checks=True)
    client.force_login(member(Role.ADMIN))
    assert client.get(f"{V1}/contacts").status_code == 401
    assert client.post(f"{V1}/contacts", b"{}", content_type="application/json").status_code == 401
    system = System(enforce_csrf_checks=True)
    assert system.post("/contacts", {"full_name": "Anna"}).status_code == 201
    assert not system.client.cookies


def test_a_token_that_was_withdrawn_opens_nothing():
    system = System()
    made = queries.tokens(now=clock.now())[0].token
    actions.withdraw_token(token_id=made.id, actor_id=None, now=clock.now())
    answer = system.get("/me")
    assert (answer.status_code, answer.json()["detail"][:24]) == (401, "This token was withdrawn")


def test_a_token_that_has_expired_opens_nothing():
    now = clock.now()
    system = System(token(expires_at=now + timedelta(hours=1)))
    assert system.get("/me").status_code == 200
    with clock.at(now + timedelta(hours=1)):
        answer = system.get("/me")
    assert (answer.status_code, answer.json()["detail"][:22]) == (401, "This token has expired")


def test_the_token_of_a_member_who_was_switched_off_opens_nothing_until_he_is_back():
    person, boss = member(Role.SALES), member(Role.ADMIN)
    system = System(token(acts_for=person, scopes=[Scope.CONTACTS_READ]))
    team.switch_off(member_id=person.id, actor_id=boss.id, now=clock.now())
    assert system.get("/me").status_code == 401
    team.switch_on(member_id=person.id, actor_id=boss.id, now=clock.now())
    assert system.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "  "}, "Give the token a name"),
        ({"name": "n" * 81}, "at most 80"),
        ({"scopes": frozenset()}, "Choose at least one scope"),
        ({"scopes": frozenset({Scope.FACTS_WRITE})}, "does not reach facts:write"),
        ({"expires_at": clock.now() - timedelta(seconds=1)}, "expired already"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused_in_a_sentence(change, sentence):
    fields = {"name": "Shop", "member_id": member(Role.SALES).id, "scopes": frozenset({Scope.CONTACTS_READ})}
    with pytest.raises(Refused, match=sentence):
        actions.add_token(fields=TokenFields(**{**fields, **change}), actor_id=None, now=clock.now())
    assert not ApiToken.objects.exists()


def test_the_last_use_is_noted_to_the_minute_and_not_at_every_call():
    now = clock.now().replace(second=10, microsecond=0)
    with clock.at(now):
        system = System()
        system.get("/me")
    with clock.at(now + timedelta(seconds=40)), undone(read_only=True):
        assert system.get("/me").status_code == 200
    assert ApiToken.objects.get().last_used_at == now.replace(second=0)
    with clock.at(now + timedelta(seconds=70)):
        system.get("/me")
    assert ApiToken.objects.get().last_used_at == now.replace(second=0) + timedelta(minutes=1)


@pytest.mark.parametrize("name", sorted(name for name, each in OPERATIONS.items() if each.methods == ["GET"]))
def test_reading_changes_nothing_but_the_note_of_the_last_use(name):
    named, system = records(member(Role.ADMIN)), System()
    with clock.at(clock.now()):
        system.get("/me")
        with undone(read_only=True):
            assert ask(system, OPERATIONS[name], named).status_code == 200


def test_the_secret_is_in_no_table_no_journal_and_no_log(caplog):
    caplog.set_level("DEBUG")
    secret = token()
    system = System(secret, raise_request_exception=False)
    system.get("/me")
    system.get("/contacts?" + "x=1")
    system.post("/contacts", b"{", key="k")
    System(secret + "x").get("/me")
    prefix, inner = rules.token_of(secret)
    assert Entry.objects.filter(action="api_token.added", details__prefix=prefix).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE strpos(t::text, %s) > 0)', [inner])
            assert cursor.fetchone() == (False,), table
    assert inner not in caplog.text
