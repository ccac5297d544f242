"""The scorecard, what came back, interactions to close and cost: small stories whose figures one can count by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.kit.errors import NotFound
from orchard.leads import actions as leads
from orchard.reports.queries import numbers
from orchard.reports.types import Asked
from orchard.team.types import Role
from tests.make import agreements, members
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
PROMISED = (
    AGREEMENT.replace(
        "marketing: {ripe_per_month: 120}",
        "marketing: {ripe_per_month: 120, answer_question_within_days: 10, clock_show_follow_up_within_hours: 24,"
        " leads_with_phone_share: 0.5}",
    )
    + """\
goals:
  - {quarter: 2026-Q4, measure: won, target: 4}
  - {quarter: 2026-Q4, measure: won_amount, target: 10000 EUR}
"""
)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def sellers():
    return [members.member(Role.SALES, name=name) for name in ("Lars Berg", "Mei Tanabe")]


def person(name, **values):
    return contacts.create_contact(full_name=name, now=MONDAY, **values)


def told(contact, *steps):
    """Append what happened to a contact: (kind, hours after Monday at nine, member, lead) each."""
    facts = [
        NewFact(
            kind,
            MONDAY + timedelta(hours=hours),
            contact_id=contact,
            member_id=member.id if member else None,
            subject=(kind.partition(".")[0], lead) if kind.startswith(("lead.", "opportunity.")) else None,
            amount=6_000_00 if kind == "opportunity.won" else None,
            currency="EUR" if kind == "opportunity.won" else "",
        )
        for kind, hours, member, lead in steps
    ]
    ledger.append(facts, now=NOW)


def report(name, **asked):
    ledger.drain(flow.CONSUMERS)
    answer = numbers.answer(name, Asked(**asked), now=NOW)
    return {each.name: each for each in answer.sheets}


def behind(name, number, **asked):
    found = numbers.people(name, number, Asked(**asked), now=NOW)
    return [each.row.name for each in found.page("", 100).rows], found


@pytest.fixture
def quarter(sellers):
    """Ann was tried in time; Bob's offer ran out with Lars and Mei tried him late; Cleo is yet to be tried."""
    lars, mei = sellers
    agreements.in_force(PROMISED, now=MONDAY - timedelta(days=40))
    ann, bob, cleo = person("Ann", phones=["+49 30 1234567"]), person("Bob"), person("Cleo")
    told(
        ann,
        ("lead.waiting", 0, None, 1),
        ("lead.offered", 1, lars, 1),
        ("lead.accepted", 2, lars, 1),
        ("call.attempted", 3, lars, 0),
        ("lead.converted", 4, lars, 1),
        ("opportunity.won", 5, lars, 1),
    )
    told(
        bob,
        ("lead.waiting", 0, None, 2),
        ("lead.offered", 1, lars, 2),
        ("lead.expired", 5, lars, 2),
        ("lead.offered", 6, mei, 2),
        ("lead.accepted", 7, mei, 2),
        ("lead.unattempted", 16, mei, 2),
        ("call.connected", 17, mei, 0),
    )
    told(cleo, ("lead.offered", 1, mei, 3), ("lead.accepted", 2, mei, 3))
    return {"ann": ann, "bob": bob, "cleo": cleo, "lars": lars, "mei": mei}


def kept(sheets):
    return {row["name"]: (row["kept"], row["broken"], row["running"]) for row in sheets["promises"].rows}


def test_each_side_is_held_to_what_it_promised_by_the_clock_of_that_day(quarter):
    sheets = report("scorecard")
    assert kept(sheets) == {
        "accept": (3, 1, 0),
        "attempt": (1, 1, 1),
        "ripe": (0, 0, 1),
        "phone": (1, 2, 0),
        "question": (0, 0, 0),
        "visit": (0, 0, 0),
    }
    assert behind("scorecard", "accept.broken")[0] == ["Bob"]
    assert behind("scorecard", "attempt.broken")[0] == ["Bob"]
    assert behind("scorecard", "attempt.running")[0] == ["Cleo"]
    assert behind("scorecard", "phone.kept")[0] == ["Ann"]
    assert behind("scorecard", "phone.broken")[0] == ["Cleo", "Bob"]


def test_marketing_s_months_are_judged_when_they_are_over(quarter):
    names = [person(f"Early {number}") for number in range(3)]
    for number, contact in enumerate(names):
        told(contact, ("lead.waiting", -24 * 60 - number, None, 50 + number))
    assert kept(report("scorecard"))["ripe"] == (0, 2, 1), "September and October lacked, November goes on"
    until = MONDAY.replace(day=1, hour=0)
    assert kept(report("scorecard", until=until))["ripe"] == (0, 2, 0)
    later = (until + timedelta(days=70)).replace(day=1)
    assert kept(report("scorecard", since=later))["ripe"] == (0, 0, 0), "November is none of these months"
    middle = MONDAY.replace(hour=0)
    assert kept(report("scorecard", since=middle))["ripe"] == (0, 0, 0), "and is not whole within these days"
    assert kept(report("scorecard", until=middle))["ripe"] == (0, 2, 0), "nor within these"


def test_questions_and_visitors_are_owed_an_answer_in_time(quarter):
    dan, eve, finn = person("Dan"), person("Eve"), person("Finn")
    told(dan, ("question.asked", 0, None, 0), ("mail.logged", 30, quarter["lars"], 0))
    told(eve, ("question.asked", 0, None, 0), ("show.visited", 1, None, 0), ("email.sent", 24 * 12, None, 0))
    told(finn, ("question.asked", 24 * 15, None, 0))
    found = kept(report("scorecard"))
    assert found["question"] == (1, 1, 1)
    assert found["visit"] == (0, 1, 0)
    assert behind("scorecard", "question.kept")[0] == ["Dan"]
    assert behind("scorecard", "question.broken")[0] == ["Eve"]
    assert behind("scorecard", "question.running")[0] == ["Finn"]


def test_whose_promise_broke_is_shown_to_oneself_and_to_managers_and_summed_for_the_others(quarter):
    lars, mei = quarter["lars"], quarter["mei"]
    everything = {
        row["member_id"]: (row["expired"], row["unattempted"]) for row in report("scorecard")["rows"].rows
    }
    assert everything == {lars.id: (1, 0), mei.id: (0, 1), None: (0, 0)}
    seen = report("scorecard", viewer_id=lars.id)["rows"]
    assert {row["member_id"]: (row["expired"], row["unattempted"]) for row in seen.rows} == {
        lars.id: (1, 0),
        mei.id: (None, None),
        None: (None, None),
    }
    assert (seen.total["expired"], seen.total["unattempted"]) == (1, 1)
    names, found = behind("scorecard", "unattempted", viewer_id=lars.id)
    assert (names, found.number, found.others) == ([], 1, 1)
    names, found = behind("scorecard", "unattempted", viewer_id=mei.id)
    assert (names, found.number, found.others) == (["Bob"], 1, 0)
    names, found = behind("scorecard", "attempt.broken", viewer_id=lars.id)
    assert (names, found.number, found.others) == ([], 1, 1)


def test_nobody_gets_at_a_colleague_s_broken_promises_by_narrowing_to_the_colleague(quarter):
    lars, mei = quarter["lars"], quarter["mei"]
    for by in ("month", "member", "campaign"):
        sheets = report("scorecard", by=by, viewer_id=lars.id, where={"member": mei.id})
        lines = [*sheets["rows"].rows, sheets["rows"].total]
        assert {line[name] for line in lines for name in ("expired", "attempted_late", "unattempted")} == {
            None
        }
        assert {"accept", "attempt"} & kept(sheets).keys() == set()
    for number in ("unattempted", "expired", "attempt.broken", "accept.broken"):
        with pytest.raises(NotFound):
            behind("scorecard", number, viewer_id=lars.id, where={"member": mei.id})
    mine = report("scorecard", by="month", viewer_id=lars.id, where={"member": lars.id})
    assert mine["rows"].total["expired"] == 1
    assert kept(mine)["accept"] == (1, 1, 0)


def test_a_goal_is_measured_against_the_time_that_has_passed(quarter):
    won, amount = report("scorecard")["goals"].rows
    passed = (NOW - datetime(2026, 10, 1, tzinfo=UTC)) / timedelta(days=92)
    assert (won["actual"], won["share"], won["elapsed"]) == (1, 0.25, passed)
    assert won["pace"] == 1 / passed
    assert (amount["actual"], amount["target"]) == (6_000, 10_000)


def test_what_came_back_is_told_by_month_and_reason():
    lars = rep("Lars Berg", capacity=9)
    agreements.in_force(AGREEMENT, now=NOW - timedelta(days=40))
    for name, reason in (("Ann", "too_early"), ("Bob", "too_early"), ("Cleo", "not_a_fit")):
        contact = ripe(name)
        drain()
        lead = lead_of(contact)
        leads.accept(lead_id=lead.id, member_id=lars.id, now=NOW)
        leads.give_back(
            lead_id=lead.id, member_id=lars.id, reason=reason, wake_on=None, note="", zone="UTC", now=NOW
        )
    sheets = report("came_back")
    (month,) = sheets["rows"].rows
    assert (month["month"], month["leads"]) == ("2026-11", 3)
    assert {row["label"]: row["leads"] for row in sheets["reasons"].rows} == {"Too early": 2, "Wrong fit": 1}
    assert sorted(behind("came_back", "leads.too_early")[0]) == ["Ann", "Bob"]
    assert [row["member"] for row in report("came_back", by="member")["rows"].rows] == ["Lars Berg"]


def test_sales_close_at_an_exchange_and_the_popular_figure_is_called_a_belief(sellers):
    lars, mei = sellers
    ann, bob, cleo = person("Ann"), person("Bob"), person("Cleo")
    talks = [("call.connected", hour, lars, 0) for hour in (1, 2, 3)]
    told(
        ann,
        *talks,
        ("call.attempted", 4, lars, 0),
        ("opportunity.won", 5, lars, 1),
        ("meeting.held", 9, lars, 0),
    )
    told(bob, ("call.connected", 1, mei, 0), ("lead.accepted", 2, mei, 2), ("lead.returned", 3, mei, 2))
    told(cleo, ("lead.accepted", 2, mei, 3), ("call.connected", 3, mei, 0))
    sheets = report("closing")
    by_touch = {row["touches"]: (row["won"], row["given_up"]) for row in sheets["rows"].rows}
    assert {touches: found for touches, found in by_touch.items() if any(found)} == {"1": (0, 1), "3": (1, 0)}
    ours, claim = sheets["company"].rows
    assert (ours["median"], ours["early"], ours["early_share"], ours["open"]) == (3, 1, 1.0, 1)
    assert ours["left_alone"] == 1, "nobody talked with Cleo for 14 days, and three talks are usual"
    assert (claim["label"], claim["median"]) == ("Often said, without a source", "4–10")
    assert behind("closing", "left_alone")[0] == ["Cleo"]
    assert behind("closing", "given_up_early")[0] == ["Bob"]


def test_cost_is_shared_among_those_whom_a_campaign_and_all_below_it_brought(sellers):
    shows = campaigns.create_campaign(name="Shows", actual_cost=100_00, currency="EUR", now=MONDAY)
    fair = campaigns.create_campaign(
        name="Fair", parent_id=shows, actual_cost=50_01, currency="EUR", now=MONDAY
    )
    far = campaigns.create_campaign(
        name="Far", parent_id=shows, actual_cost=70_00, currency="CAD", now=MONDAY
    )
    idle = campaigns.create_campaign(name="Idle", actual_cost=10_00, currency="EUR", now=MONDAY)
    people = [person(name) for name in ("Ann", "Bob", "Cleo")]
    campaigns.add_sources([(people[0], fair, MONDAY), (people[1], fair, MONDAY), (people[2], far, MONDAY)])
    told(people[0], ("lead.accepted", 1, sellers[0], 1))
    lines = {(row["campaign_id"], row["currency"]): row for row in report("cost")["rows"].rows}
    assert lines[shows, "EUR"]["entered"] == 3
    assert lines[shows, "EUR"]["per_contact"] == 50_00
    assert lines[shows, "CAD"]["cost"] == 70_00
    assert lines[fair, "EUR"]["per_contact"] == 25_01, "halves are rounded up"
    assert (lines[fair, "EUR"]["per_accepted"], lines[fair, "EUR"]["per_won"]) == (50_01, None)
    assert (lines[idle, "EUR"]["entered"], lines[idle, "EUR"]["per_contact"]) == (0, None)
    names, _ = behind("cost", "contact.entered", where={"campaign": shows})
    assert sorted(names) == ["Ann", "Bob", "Cleo"]


def test_a_sale_that_several_joined_is_one_sale(sellers):
    ann, bob = person("Ann"), person("Bob")
    told(ann, ("call.connected", 1, sellers[0], 0), ("opportunity.won", 5, sellers[0], 9))
    told(
        bob,
        ("call.connected", 1, sellers[0], 0),
        ("call.connected", 2, sellers[0], 0),
        ("opportunity.won", 5, sellers[0], 9),
    )
    assert report("scorecard")["rows"].total["won"] == 1
    assert report("closing")["company"].rows[0]["won"] == 1
    assert report("closing")["company"].rows[0]["median"] == 1


def test_a_lead_in_hands_is_whose_it_is_now(sellers):
    lars, mei = sellers
    ann, bob = person("Ann"), person("Bob")
    told(ann, ("lead.accepted", 1, lars, 1), ("lead.reassigned", 2, mei, 1))
    told(bob, ("lead.accepted", 1, lars, 2), ("lead.escalated", 2, None, 2))
    held = {row["member"]: row["open"] for row in report("closing", by="member")["rows"].rows}
    assert held == {"Mei Tanabe": 1}
