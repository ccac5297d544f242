"""Leads over REST: the way of one from the offer to its return, who was first, and how a list is walked."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard.interactions.models import Interaction, Words
from orchard.kit import clock
from orchard.leads import actions
from orchard.leads.models import Lead, Offer
from orchard.tasks import queries as tasks
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, drain, happened, lead_of, rep, ripe, tick
from tests.make.members import member
from tests.make.rest import System, token

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        Member.objects.update(capacity=0)
        yield


def system_of(person):
    scopes = ["leads:read", "leads:write"]
    return System(token(acts_for=person, scopes=scopes))


def offered(name="Ada Lovelace"):
    made = ripe(name)
    drain()
    return lead_of(made)


def told(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()["detail"]


def test_a_lead_is_accepted_worked_with_and_returned():
    lars = rep("Lars Berg")
    system, lead = system_of(lars), offered()
    (listed,) = system.get("/leads?state=offered&member=me").json()["leads"]
    assert (listed["contact"]["name"], listed["member"]["name"]) == ("Ada Lovelace", "Lars Berg")
    assert listed["clocks"]["accept_by"] == "2026-11-02T13:30:00Z"
    whole = system.post(f"/leads/{lead.id}/accept", None).json()
    assert (whole["state"], whole["round"]) == ("accepted", 1)
    assert whole["met"] == ["has asked for a quote within the last 90 days"]
    assert whole["clocks"]["first_attempt_by"] == "2026-11-02T17:30:00Z"
    assert [(each["member"], each["why"], each["outcome"]) for each in whole["offers"]] == [
        ("Lars Berg", "turn", "taken")
    ]
    entry = {
        "happened": "no_answer",
        "words": "Rang twice",
        "next_step": {"what": "call", "due_on": "2026-11-03"},
    }
    logged = system.post(f"/leads/{lead.id}/log", entry)
    assert logged.status_code == 201, logged.content
    fact = Interaction.objects.get(id=logged.json()["fact_id"])
    assert (fact.kind, fact.member_id, fact.subject_kind, fact.subject_id) == (
        "call.attempted",
        lars.id,
        "lead",
        lead.id,
    )
    assert Words.objects.get(interaction_id=fact.id).text == "Rang twice"
    (step,) = tasks.open_of_contacts([lead.contact_id])
    assert (step.id, step.subject) == (logged.json()["next_step_id"], ("lead", lead.id))
    drain()
    read = system.get(f"/leads/{lead.id}").json()
    assert (read["attempts"], read["clocks"]["first_attempt_by"]) == (1, None)
    choices = {each["reason"]: each for each in system.get(f"/leads/{lead.id}/reasons").json()["choices"]}
    assert (choices["no_answer"]["missing"], choices["wrong_timing"]["asks"]) == (1, "wake_on")
    assert choices["too_early"]["eligible_at"] == "2026-11-22T09:30:00Z"
    assert (choices["not_a_fit"]["disqualifies"], choices["not_a_fit"]["eligible_at"]) == (True, None)
    back = {"reason": "wrong_timing", "wake_on": "2026-12-01", "note": "Moves house"}
    returned = system.post(f"/leads/{lead.id}/return", back).json()
    assert (returned["state"], returned["eligible_at"]) == ("returned", "2026-12-01T00:00:00Z")
    assert returned["came_back"] == {"reason": "wrong_timing", "label": "Not now"}
    assert not tasks.open_of_contacts([lead.contact_id])


def test_a_return_that_lacks_something_is_refused_in_a_sentence_and_nothing_changes():
    lars = rep()
    system, lead = system_of(lars), offered()
    for given, sentence in (
        ({"reason": "wrong_timing"}, "asks for the day"),
        ({"reason": "wrong_timing", "wake_on": "0001-01-01"}, "lies ahead"),
        ({"reason": "wrong_timing", "wake_on": "9999-12-31"}, "within five years"),
        ({"reason": "no_answer"}, "needs 2 more attempts"),
        ({"reason": "bad_mood"}, "Choose one of the reasons"),
    ):
        assert sentence in told(system.post(f"/leads/{lead.id}/return", given), 400)
    assert lead_of(lead.contact_id).state == "offered"
    day = {"reason": "too_early", "wake_on": "2030-01-01"}
    assert system.post(f"/leads/{lead.id}/return", day).json()["eligible_at"] == "2026-11-22T09:30:00Z"


def test_two_accepts_with_one_key_are_one_and_answered_alike():
    lars = rep()
    system, lead = system_of(lars), offered()
    first, again = (system.post(f"/leads/{lead.id}/accept", None, key="k") for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert Interaction.objects.filter(kind="lead.accepted").count() == 1
    entries = [system.post(f"/leads/{lead.id}/log", {"happened": "reached"}, key="l") for _ in range(2)]
    assert entries[0].content == entries[1].content
    assert Interaction.objects.filter(kind="call.connected").count() == 1


def test_who_comes_too_late_is_told_by_whom_and_with_409():
    lars = rep("Lars Berg")
    lead = offered()
    with clock.at(MONDAY + timedelta(hours=5)):
        mei = rep("Mei Tanabe")
        late = system_of(lars)
        assert "ran out" in told(late.post(f"/leads/{lead.id}/accept", None), 409)
        tick()
        assert lead_of(lead.contact_id).member_id == mei.id
        assert "offered to Mei Tanabe now" in told(late.post(f"/leads/{lead.id}/accept", None), 409)
        assert system_of(mei).post(f"/leads/{lead.id}/accept", {}).status_code == 200
        for act, body in (("accept", None), ("pick", None), ("return", {"reason": "too_early"})):
            sentence = told(late.post(f"/leads/{lead.id}/{act}", body), 409)
            assert sentence == "Mei Tanabe accepted this lead just before you. Nothing was changed."
    assert Offer.objects.filter(lead=lead, outcome="taken").count() == 1


def test_a_lead_of_the_basket_is_picked_as_far_as_one_takes_them():
    lars = rep("Lars Berg", capacity=1)
    old, older = ripe("Old", days_ago=30), ripe("Older", days_ago=31)
    drain()
    system = system_of(lars)
    basket = system.get("/leads?state=waiting").json()["leads"]
    assert [(each["contact"]["id"], each["stale"]) for each in basket] == [(older, True), (old, True)]
    picked = system.post(f"/leads/{lead_of(old).id}/pick", None)
    assert (picked.json()["state"], picked.json()["offers"][0]["why"]) == ("accepted", "picked")
    assert "1 open leads" in told(system.post(f"/leads/{lead_of(older).id}/pick", None), 400)


def test_a_manager_gives_releases_and_lets_somebody_come_again():
    lars, boss = rep("Lars Berg"), member(Role.MANAGER)
    system, lead = system_of(boss), offered()
    mei = rep("Mei Tanabe")
    given = system.post(f"/leads/{lead.id}/reassign", {"email": mei.email}).json()
    assert (given["member"]["name"], given["offers"][0]["by"]) == ("Mei Tanabe", boss.name)
    assert system.post(f"/leads/{lead.id}/reassign", {"member_id": lars.id}).json()["state"] == "offered"
    assert "no such member" in told(system.post(f"/leads/{lead.id}/reassign", {"member_id": 10**9}), 404)
    assert "no member" in told(system.post(f"/leads/{lead.id}/reassign", {"email": "x@y.example"}), 404)
    both = {"member_id": lars.id, "email": lars.email}
    assert system.post(f"/leads/{lead.id}/reassign", both).status_code == 422
    system_of(lars).post(f"/leads/{lead.id}/return", {"reason": "not_a_fit"})
    assert system.post(f"/leads/{lead.id}/reinstate", None).json()["eligible_at"] == "2026-11-02T09:30:00Z"
    told(system.post(f"/leads/{lead.id}/reinstate", None), 409)
    for _ in range(3):
        ripe(days_ago=30)
    drain()
    assert system.post("/leads/release", {"count": 2}).json() == {"released": 2}


def test_a_list_narrows_by_state_member_company_and_contact():
    lars, boss = rep("Lars Berg"), member(Role.MANAGER)
    system, ada = system_of(boss), offered("Ada Lovelace")
    mei = rep("Mei Tanabe", capacity=0)
    bob = offered("Bob Baker")
    actions.reassign(lead_id=bob.id, member_id=mei.id, actor_id=boss.id, now=MONDAY)
    actions.accept(lead_id=bob.id, member_id=mei.id, now=MONDAY)

    def ids(query):
        return [each["id"] for each in system.get(f"/leads?{query}").json()["leads"]]

    assert ids("") == [bob.id, ada.id]
    assert ids("state=accepted") == [bob.id]
    assert ids("state=accepted&state=offered") == [bob.id, ada.id]
    assert ids(f"member={lars.id}") == [ada.id]
    assert ids("member=me") == []
    assert ids(f"contact_id={ada.contact_id}") == [ada.id]
    assert ids("account_id=1") == []
    for wrong in ("state=ripe", "member=you", "order=age", "limit=0", "owner=1"):
        assert system.get(f"/leads?{wrong}").status_code == 422


def walked(system, query):
    """Return the ids of a whole list, a page of two at a time, forth and then back."""
    forth, cursors, cursor = [], [], ""
    while True:
        page = system.get(f"/leads?{query}&limit=2&cursor={cursor}").json()
        forth.append([each["id"] for each in page["leads"]])
        cursors.append(page["previous"])
        if not (cursor := page["next"]):
            break
    back = [forth[-1]]
    while cursor := cursors.pop() if len(back) == 1 else page["previous"]:
        page = system.get(f"/leads?{query}&limit=2&cursor={cursor}").json()
        back.append([each["id"] for each in page["leads"]])
    assert back[::-1] == forth
    return [each for page in forth for each in page]


def test_a_list_is_walked_page_by_page_forth_and_back():
    lars = rep(capacity=9)
    for hours in (3, 1, 2, 1, 0):
        with clock.at(MONDAY + timedelta(hours=hours)):
            offered()
    waiting = ripe(days_ago=30)
    drain()
    system = system_of(lars)
    everything = list(Lead.objects.order_by("-id").values_list("id", flat=True))
    assert walked(system, "order=newest") == everything
    due = list(Offer.objects.order_by("due_at", "lead").values_list("lead", flat=True))
    assert walked(system, "order=due") == due
    assert lead_of(waiting).id not in due


def test_who_comes_meanwhile_neither_shifts_a_page_nor_comes_twice():
    lars = rep(capacity=9)
    first = [offered().id for _ in range(4)]
    system = system_of(lars)
    page = system.get("/leads?limit=2").json()
    offered()
    rest = system.get(f"/leads?limit=9&cursor={page['next']}").json()
    assert [each["id"] for each in page["leads"] + rest["leads"]] == first[::-1]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/happened"),
        ({"happened": "shouted"}, "/happened"),
        ({"happened": "reached", "at": "2026-11-02T09:30:00"}, "/at"),
        ({"happened": "reached", "at": "1800-01-01T00:00:00Z"}, "/at"),
        ({"happened": "reached", "at": "2026-11-02T09:36:00Z"}, "/at"),
        ({"happened": "reached", "next_step": {"what": "dance"}}, "/next_step/what"),
        ({"happened": "reached", "next_step": {"what": "call", "who": 1}}, "/next_step/who"),
        ({"happened": "reached", "contact": 1}, "/contact"),
    ],
)
def test_an_entry_that_does_not_fit_names_the_part_and_is_not_written(body, pointer):
    system, lead = system_of(rep()), offered()
    answer = system.post(f"/leads/{lead.id}/log", body)
    assert answer.status_code == 422, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert not Interaction.objects.filter(kind__startswith="call.").exists()


def test_a_next_step_that_cannot_be_planned_takes_the_entry_with_it():
    system, lead = system_of(rep()), offered()
    body = {"happened": "reached", "next_step": {"what": "call", "due_on": "2026-11-01"}}
    assert "This day is over" in told(system.post(f"/leads/{lead.id}/log", body), 400)
    assert not Interaction.objects.filter(kind="call.connected").exists()


def test_what_a_lead_came_by_stands_in_the_whole_score_line_by_line():
    lars = rep()
    made = ripe("Ada Lovelace")
    happened(made, "show.visited")
    drain()
    whole = system_of(lars).get(f"/leads/{lead_of(made).id}").json()
    assert whole["lines"] == [{"name": "Visited our booth", "points": 25.0, "fit": False}]
    assert whole["points"] == 25.0
