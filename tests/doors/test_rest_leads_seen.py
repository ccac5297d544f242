"""What a token sees of leads: as much as its member sees on the pages, and no sign of the rest."""

from datetime import UTC, datetime

import pytest

from orchard.api.models import Answer
from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.leads import actions
from orchard.leads.models import Lead
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe
from tests.make.members import member
from tests.make.rest import System, token

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CANARY = "Canary Quill"

BODIES = {
    "accept": None,
    "pick": None,
    "return": {"reason": "too_early"},
    "log": {"happened": "reached"},
}
BOSSES = {"reassign": {"member_id": 1}, "reinstate": None}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        Member.objects.update(capacity=0)
        yield


def system_of(person):
    return System(token(acts_for=person, scopes=["leads:read", "leads:write"]))


@pytest.fixture
def hidden():
    """Give a lead that a colleague accepted: its contact has a name that is nowhere else."""
    lars = rep("Lars Berg")
    account = contacts.create_account(name=CANARY, now=MONDAY)
    made = ripe(CANARY, account_id=account)
    drain()
    actions.accept(lead_id=lead_of(made).id, member_id=lars.id, now=MONDAY)
    Member.objects.filter(id=lars.id).update(capacity=0)
    return lead_of(made)


def test_a_colleagues_lead_is_in_no_list_whatever_is_asked_for(hidden):
    system = system_of(rep("Mei Tanabe"))
    for query in (
        "",
        "state=accepted",
        "order=due",
        f"member={hidden.member_id}",
        f"contact_id={hidden.contact_id}",
        f"account_id={hidden.account_id}",
        "limit=1",
    ):
        answer = system.get(f"/leads?{query}")
        assert answer.json() == {"leads": [], "next": "", "previous": ""}, query


def test_a_colleagues_lead_is_refused_exactly_like_one_that_is_not_there(hidden):
    system, absent = system_of(rep("Mei Tanabe")), hidden.id + 1_000
    for tail in ("", "/reasons"):
        here, there = (system.get(f"/leads/{each}{tail}") for each in (hidden.id, absent))
        assert (here.status_code, here.content) == (there.status_code, there.content)
        assert here.status_code == 404
    for act, body in BODIES.items():
        here, there = (system.post(f"/leads/{each}/{act}", body) for each in (hidden.id, absent))
        assert (here.status_code, here.content) == (there.status_code, there.content), act
        assert here.status_code == 404, act
    for act, body in BOSSES.items():
        here, there = (system.post(f"/leads/{each}/{act}", body) for each in (hidden.id, absent))
        assert (here.status_code, here.content) == (there.status_code, there.content), act
        assert here.status_code == 403, act
    assert not Answer.objects.filter(body__contains="Canary").exists()
    after = lead_of(hidden.contact_id)
    assert (after.state, after.member_id) == ("accepted", hidden.member_id)


def test_a_page_of_what_one_sees_does_not_count_what_one_does_not(hidden):
    mei = rep("Mei Tanabe", capacity=1)
    hers = [ripe("Hers"), ripe("Hidden no more", days_ago=30)]
    drain()
    page = system_of(mei).get("/leads?limit=2").json()
    assert {each["contact"]["id"] for each in page["leads"]} == set(hers)
    assert page["next"] == ""


def test_whoever_had_a_lead_sees_what_became_of_it_and_not_with_whom(hidden):
    mei, boss = rep("Mei Tanabe", capacity=0), member(Role.MANAGER)
    actions.reassign(lead_id=hidden.id, member_id=mei.id, actor_id=boss.id, now=MONDAY)
    for person, name in ((Member.objects.get(id=hidden.member_id), "With a colleague"), (mei, CANARY)):
        lead = system_of(person).get(f"/leads/{hidden.id}").json()
        assert (lead["member"]["name"], lead["contact"]["name"]) == ("Mei Tanabe", name)


@pytest.mark.parametrize("role", [Role.MARKETING, Role.MANAGER, Role.ADMIN])
def test_others_see_every_lead(hidden, role):
    system = system_of(member(role))
    assert [each["id"] for each in system.get("/leads").json()["leads"]] == [hidden.id]
    assert system.get(f"/leads/{hidden.id}").json()["account"]["name"] == CANARY
    assert system.post(f"/leads/{hidden.id}/log", {"happened": "reached"}).status_code == 201
    may = role is not Role.MARKETING
    assert (system.get(f"/leads/{hidden.id}/reasons").status_code == 200) is may
    answer = system.post(f"/leads/{hidden.id}/accept", None)
    assert answer.status_code == (409 if may else 403)
    assert answer.json()["type"].endswith("role-missing") is not may


def test_a_lead_whose_person_was_erased_names_nobody_and_its_answers_go(hidden):
    boss = system_of(member(Role.MANAGER))
    system = system_of(Member.objects.get(id=hidden.member_id))
    assert system.post(f"/leads/{hidden.id}/log", {"happened": "reached"}, key="k").status_code == 201
    contacts.erase_contact(contact_id=hidden.contact_id, now=MONDAY, actor_id=None)
    contacts.change_account(account_id=hidden.account_id, values={"name": "Acme"}, now=MONDAY, actor_id=None)
    drain()
    for answer in (boss.get("/leads"), boss.get(f"/leads/{hidden.id}"), system.get(f"/leads/{hidden.id}")):
        assert answer.status_code == 200
        assert b"Canary" not in answer.content
    assert system.post(f"/leads/{hidden.id}/log", {"happened": "reached"}, key="k").status_code == 410
    assert system.post(f"/leads/{hidden.id}/log", {"happened": "reached"}).status_code == 404
    assert Lead.objects.get().state == "withdrawn"
