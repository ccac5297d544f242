"""Every address by every role, scope and a stranger, on own, the team's, others' and nobody's records."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from orchard.kit import clock
from orchard.team import actions as team_actions
from orchard.team.types import Role, Scope, Side
from orchard.web import permissions
from orchard.web.permissions import PERMISSIONS, Rule
from orchard.web.whose import OWNERS, REACHED
from tests.conftest import database_of_its_own
from tests.doors.records import RECORDS, somebody_else
from tests.make import agreements
from tests.make.crawling import addresses
from tests.make.database import undone
from tests.make.members import member

pytestmark = pytest.mark.django_db

OPENED = {200, 204, 302, 304, 422}
ASKING = Client()
"""One for all requests: each of its own would load all middleware anew."""

LOOKING = Client()
"""Asks what comes before the view alone: the table, and whose the record is."""
LOOKING.handler.load_middleware()
LOOKING.handler._view_middleware.append(lambda *_asked: HttpResponse(status=204))

EVERYBODYS = {
    *("account_id", "account_external_id", "site_id", "campaign_id", "cost_id", "field_id", "segment_id"),
    *(
        "program_id",
        "team_id",
        "territory_id",
        "invitation_id",
        "token",
        "token_id",
        "stuck_id",
    ),
    *("list_name", "report_name", "ending", "week", "part", "number", "uidb36", "key"),
}
"""What whoever may open the address sees whole: its lists leave out or mask whom one may not see."""

WITH_A_CONTACT = {"fact_id", "discount_id", "place"}
"""What stands in an address behind the contact that it is about, and in no other."""

UNOWNED = {"lead_id", "contact_id", "email_id", "phone_id", "external_id", "doubt_id", "merge_id"}
"""What belongs to nobody at times."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# What a GET may write all the same, and why it changes no state that anybody acts on.
WRITES_ON_GET = {
    "account_reset_password_from_key": "keeps the key in the session, so that it leaves the address bar",
    **dict.fromkeys(
        (
            "campaigns:figures",
            "campaigns:brought",
            "orchard:trees",
            "orchard:table",
            "orchard:beside",
            "reports:figures",
            "reports:rows",
            "reports:file",
        ),
        "brings the lake up to date, which is derived and may be dropped at any time",
    ),
    "weekly:figures": "brings the lake up to date, which is derived and may be dropped at any time",
    "agreement:ripe": "brings the lake up to date, which is derived and may be dropped at any time",
}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """Give each test a lake of its own: tests run beside each other, and a lake sweeps what it does not know."""
    settings.ORCHARD_HOME = tmp_path


ADDRESSES = sorted(addresses())


def test_every_address_stands_in_the_table_and_every_line_of_the_table_has_an_address():
    assert {name for name, _ in ADDRESSES} == set(PERMISSIONS)


def test_every_argument_of_an_address_has_an_example_record():
    lacking = {argument for _, arguments in ADDRESSES for argument in arguments} - set(RECORDS)
    assert not lacking, f"Add to tests/doors/records.py how to make one: {sorted(lacking)}"


def test_a_rule_for_own_records_names_a_record_that_has_an_owner():
    for name, arguments in ADDRESSES:
        if PERMISSIONS[name].own:
            assert arguments & set(OWNERS), f"{name} names no record with an owner"
            assert PERMISSIONS[name].own <= PERMISSIONS[name].roles


def test_a_rule_for_the_desks_of_members_names_a_member():
    for name, arguments in ADDRESSES:
        assert not PERMISSIONS[name].desk or "member_id" in arguments, f"{name} names no member"


def test_every_argument_of_an_address_is_reached_owned_or_said_to_be_everybodys():
    """A new sort of record is not open to everybody because nobody thought of it."""
    known = set(OWNERS) | set(REACHED) | EVERYBODYS | WITH_A_CONTACT
    for _, arguments in ADDRESSES:
        assert arguments <= known
        assert "contact_id" in arguments or not arguments & WITH_A_CONTACT


def takes_forms(rule: Rule) -> bool:
    """Tell whether a session may change something there; the REST door heeds none, and so needs no token of forms."""
    return "POST" in rule.methods and not rule.by_token


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """Let members of every role and scope stand logged in for all tests, with their cookies, and one who may sign.

    An agreement is in force: each lead would bring one of its own.
    """
    with django_db_blocker.unblock(), database_of_its_own("permissions"):
        agreements.in_force()
        members = {(role, scope): member(role, scope=scope) for role in Role for scope in (None, *Scope)} | {
            SIGNER: member(Role.SALES, signs_for=(Side.SALES,))
        }
        yield {key: (person, client_of(person).cookies) for key, person in members.items()}


SIGNER = "who may sign"


def people(rule: Rule, cast: dict, *, scopes: bool) -> dict:
    """Give a stranger, a member of each role, each with every scope where that matters, and one who may also sign."""
    chosen = [
        cast[role, scope]
        for role in Role
        for scope in (Scope if scopes and role in rule.roles and role is not Role.ADMIN else [None])
    ]
    return {None: Client().cookies, **dict([*chosen, cast[SIGNER]])}


def covers(person, owner) -> bool:
    """Tell in other words than the middleware whether somebody's record lies within a member's scope."""
    if owner is None or owner.id == person.id or person.scope == Scope.ALL:
        return True
    return person.scope == Scope.TEAM and owner.team_id == person.team_id


def lets_in(rule: Rule, person, owner, arguments: set[str]) -> bool:
    """Read the table in other words than the middleware does."""
    if rule.public:
        return True
    if person is None:
        return False
    if person.role not in rule.roles and not (
        rule.signers and (person.signs_for_sales or person.signs_for_marketing)
    ):
        return False
    if (rule.desk or (arguments & set(REACHED) and not rule.late)) and not covers(person, owner):
        return False
    return person.role not in rule.own or owner is person or not arguments & set(OWNERS)


def methods_for(rule: Rule, person, owner, *, may: bool):
    """Give every method for the member's own record and for strangers, else one: the table is asked before all."""
    if person is None or (owner is person and person.scope == Scope.ALL and may):
        return METHODS if may else ("GET", "POST")
    return ("GET",) if "GET" in rule.methods else ("POST",)


def address_of(name: str, arguments: set[str], owner) -> str:
    return reverse(name, kwargs={argument: RECORDS[argument](owner) for argument in sorted(arguments)})


def client_of(person, **options) -> Client:
    client = Client(**options)
    if person is not None:
        client.force_login(person)
    return client


def is_asked_whole(rule: Rule, person, owner, arguments: set[str]) -> bool:
    """Tell whether the view answers too: where nobody's record is named, and for one's own by two of the scopes."""
    if rule.by_token or person is None or owner is None or not arguments:
        return True
    return owner is person and person.scope != Scope.TEAM


def ask(method: str, where: str, cookies, *, read_only: bool, whole: bool):
    """Send one request as whoever the cookies say, and take back what it did."""
    client = ASKING if whole else LOOKING
    client.cookies = cookies.copy()
    with undone(read_only=read_only):
        return client.generic(method, where)


def is_let_in(answer, rule: Rule, *, whole: bool) -> bool:
    """Tell whether the view answered: with its page, done, or by a domain call that refused in a sentence.

    The REST door answers as well, that a session is no token.
    """
    if rule.by_token and whole:
        return answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
    return answer.status_code in OPENED or (
        answer.status_code in {400, 404, 409} and b"data-sentence=" in answer.content
    )


def is_refused(answer, person) -> bool:
    if person is None:
        return answer.status_code == 302 and answer["Location"].startswith("/login?next=")
    return answer.status_code == 403


@pytest.mark.parametrize(
    "by_the_view", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["asked", "answered"]
)
@pytest.mark.parametrize(("name", "arguments"), ADDRESSES, ids=[name for name, _ in ADDRESSES])
def test_the_address_opens_to_whom_the_table_says_and_to_nobody_else(
    cast, name, arguments, by_the_view, caplog
):
    """What comes before the view is asked each time; the slow walk has the views answer too."""
    caplog.set_level("CRITICAL", "django.request")
    rule = PERMISSIONS.get(name, permissions.NOBODY)
    reached = rule.desk or bool(arguments & set(REACHED))
    cookies = people(rule, cast, scopes=reached)
    far = team_actions.add_team(name="Elsewhere", actor_id=None, now=clock.now())

    def hold(where, person, owner):
        may = lets_in(rule, person, owner, arguments)
        for method in methods_for(rule, person, owner, may=may):
            read_only = method == "GET" and name not in WRITES_ON_GET
            whole = by_the_view and is_asked_whole(rule, person, owner, arguments)
            answer = ask(method, where, cookies[person], read_only=read_only, whole=whole)
            said = (
                f"{method} {where} by {person and (person.role, person.scope)} "
                f"of {owner and (owner.role, owner.team_id)}: {answer.status_code}"
            )
            if not may:
                assert is_refused(answer, person), said
            elif method not in rule.methods:
                assert answer.status_code == 405, said
            else:
                assert is_let_in(answer, rule, whole=whole), said

    near = [somebody_else(None)] if reached else []
    for owner in (*near, somebody_else(far), *([None] if arguments & UNOWNED else [])):
        with undone():
            where = address_of(name, arguments, owner)
            for person in cookies:  # what names a stranger is asked for once
                if person is not None or (owner is not None and owner.team_id == far):
                    hold(where, person, owner)
    for person in cookies if arguments else ():
        if person is not None:
            with undone():
                hold(address_of(name, arguments, person), person, person)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [each for each in ADDRESSES if takes_forms(PERMISSIONS.get(each[0], permissions.NOBODY))],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_that_comes_without_our_token_is_refused(name, arguments):
    admin = member(Role.ADMIN, signs_for=(Side.SALES, Side.MARKETING))
    where = address_of(name, arguments, admin)
    answer = client_of(admin, enforce_csrf_checks=True).post(where)
    assert answer.status_code == 403
    assert "This form has grown too old" in answer.content.decode()


def test_an_address_that_the_table_lacks_opens_to_nobody(monkeypatch):
    monkeypatch.delitem(PERMISSIONS, "home")
    assert client_of(member(Role.ADMIN)).get("/").status_code == 403
    assert client_of(None).get("/").status_code == 302
