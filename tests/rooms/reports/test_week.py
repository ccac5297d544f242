"""A week for its meeting: its numbers are those of the reports, beside the week before, and reasons are its agenda."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.kit import clock
from orchard.leads import actions as leads
from orchard.reports.queries import numbers
from orchard.reports.queries.numbers import Span
from orchard.reports.types import Asked
from orchard.team import queries as team
from tests.make import agreements, company
from tests.make.leads import AGREEMENT, drain, lead_of, rep, ripe

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


def span(monday=MONDAY):
    return Span(monday - WEEK, monday, monday + WEEK, monday.replace(day=1))


def shown(monday=MONDAY, **values):
    ledger.drain(flow.CONSUMERS)
    return numbers.week_shown(span(monday), now=NOW, **values)


def sheet(answer, name):
    return next(each for each in answer.sheets if each.name == name)


@pytest.mark.parametrize("back", [12, 18, 24])
def test_each_number_is_the_one_that_the_report_gives_for_these_days(back):
    company.founded(people=80)
    monday = MONDAY - back * WEEK
    week = shown(monday)
    for answer, since in ((week.this, monday), (week.before, monday - WEEK)):
        asked = Asked(since=since, until=since + WEEK, stamp=week.this.stamp)
        assert sheet(answer, "rows").total == sheet(numbers.answer("scorecard", asked, now=NOW), "rows").total
    for rows, since in ((week.came, monday), (week.came_before, monday - WEEK)):
        asked = Asked(since=since, until=since + WEEK, stamp=week.this.stamp)
        assert rows == sheet(numbers.answer("funnel", asked, now=NOW), "stages").rows
    everybody = numbers.answer("funnel", Asked(stamp=week.this.stamp), now=NOW)
    assert week.standing == sheet(everybody, "stages").rows
    asked = Asked(since=monday, until=monday + WEEK, stamp=week.this.stamp)
    reasons = sheet(numbers.answer("came_back", asked, now=NOW), "reasons").rows
    assert {topic.reason: topic.leads for topic in week.topics if topic.leads} == {
        row["reason"]: row["leads"] for row in reasons
    }
    won = numbers.people("scorecard", "won", asked, now=NOW).number
    assert (sum(week.won.values()) > 0) == (won > 0)


@pytest.fixture
def returned():
    """Return how a lead comes back: whose it was, on which day, why, and what was said."""
    with clock.at(MONDAY - timedelta(days=40)):
        agreements.in_force(AGREEMENT, now=clock.now())
    sellers = {name: rep(name, capacity=9) for name in ("Lars Berg", "Mei Tanabe")}

    def give_back(name, seller, *, day=0, reason="too_early", note=""):
        at = MONDAY + timedelta(days=day, hours=10)
        with clock.at(at):
            contact = ripe(name)
            drain()
            lead = lead_of(contact)
            leads.reassign(lead_id=lead.id, member_id=sellers[seller].id, actor_id=sellers[seller].id, now=at)
            leads.accept(lead_id=lead.id, member_id=sellers[seller].id, now=at)
            leads.give_back(
                lead_id=lead.id,
                member_id=sellers[seller].id,
                reason=reason,
                wake_on=None,
                note=note,
                zone="UTC",
                now=at,
            )
        return contact

    give_back.sellers = sellers
    return give_back


def test_the_agenda_says_why_in_whose_words_and_from_when_again(returned):
    returned("Ann", "Lars Berg", note="They print twice a year")
    returned("Bob", "Mei Tanabe", day=2, note="Asks again in spring")
    returned("Cleo", "Mei Tanabe", day=3, reason="not_a_fit", note="Makes no boxes")
    returned("Dan", "Lars Berg", day=-7)
    early, wrong = shown().topics
    assert (early.label, early.leads, early.before, early.for_good) == ("Too early", 2, 1, 0)
    assert [(said.name, said.words, said.member) for said in early.said] == [
        ("Bob", "Asks again in spring", "Mei Tanabe"),
        ("Ann", "They print twice a year", "Lars Berg"),
    ]
    assert (early.again, early.last - early.first) == (2, timedelta(days=2))
    assert early.first.date() == (MONDAY + timedelta(days=20)).date()
    assert (wrong.label, wrong.leads, wrong.before, wrong.for_good, wrong.again) == ("Wrong fit", 1, 0, 1, 0)


def test_only_the_newest_words_are_said_and_the_others_counted(returned):
    for number in range(5):
        returned(f"Ann {number}", "Lars Berg", day=number, note=f"Said on day {number}")
    (topic,) = shown().topics
    assert [said.words for said in topic.said] == [f"Said on day {number}" for number in (4, 3, 2)]
    assert topic.unsaid == 2


def test_sales_hears_its_own_words_and_that_there_are_others(returned):
    returned("Ann", "Lars Berg", note="Mine")
    returned("Bob", "Mei Tanabe", note="Hers")
    with team.seeing(team.reach_of(returned.sellers["Lars Berg"])):
        (topic,) = shown().topics
    assert ([said.words for said in topic.said], topic.unsaid, topic.leads) == (["Mine"], 1, 2)


def test_broken_promises_are_one_s_own_the_sum_of_all_and_by_name_for_managers(returned):
    returned("Ann", "Lars Berg")
    lars, mei = (returned.sellers[name].id for name in ("Lars Berg", "Mei Tanabe"))
    returned("Bob", "Mei Tanabe")
    mine = {row["member_id"]: row["expired"] for row in sheet(shown(viewer_id=lars).this, "rows").rows}
    assert mine[lars] is not None
    assert mine[mei] is None
    assert sheet(shown(viewer_id=lars).this, "rows").total["expired"] is not None
    assert None not in {row["expired"] for row in sheet(shown().this, "rows").rows}


def test_whoever_was_erased_says_nothing_any_more_and_stays_a_number(returned):
    ann = returned("Ann Example", "Lars Berg", note="They print twice a year")
    contacts.erase_contact(contact_id=ann, now=NOW, actor_id=None)
    (topic,) = shown().topics
    assert (topic.leads, topic.said) == (1, [])


def test_a_week_in_which_nothing_happened_is_a_week_of_noughts():
    week = shown()
    assert (week.came_back, week.topics, week.won, week.ripe_this_month) == (0, [], {}, 0)
    assert {value for key, value in sheet(week.this, "rows").total.items() if key != "of"} == {0}
