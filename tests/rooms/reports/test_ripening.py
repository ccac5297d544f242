"""Who ripens this week: by the calendar alone, as the agreement will decide when the hour comes."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orchard.agreement.queries import terms, turning
from orchard.agreement.queries.computing import of_contacts
from orchard.contacts import actions as contacts
from orchard.kit import clock
from orchard.kit.once import reading
from orchard.leads import actions as leads
from orchard.reports import queries
from orchard.team import queries as team
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, lead_of, rep, ripe, tick

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

QUIET = AGREEMENT.replace(
    "any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 90}]",
    "all: [{did: [quote.requested], within_days: 90}, {did: [call.connected], within_days: 30, at_most: 0}]",
)
"""Who asked for a quote is handed over once nobody has called for 30 days."""

STAGED = QUIET.replace("within_days: 30", "within_days: 9").replace(
    "handoff:\n  all: [", "handoff:\n  all: [{not: {stage: [customer]}}, "
)

TOGETHER = AGREEMENT.replace(
    "any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 90}]",
    "all: [{score: account, at_most: 60}, {score: account, at_least: 25}, {did: [quote.requested], within_days: 40}]",
)

MIXED = AGREEMENT.replace(
    "any: [{score: total, at_least: 40}, {did: [quote.requested], within_days: 90}]",
    """any:
    - {did: [quote.requested], within_days: 9, at_most: 1, at_least: 1}
    - all: [{score: total, at_least: 24}, {not: {did: [call.connected], within_days: 6}}]
    - all: [{score: total, at_most: 12}, {did: [show.visited], within_days: 60}]
  never: {any: [{did: [email.clicked], within_days: 5}, {not: {did: [quote.requested], within_days: 40}}]}""",
)


def returned(name="Ada Hale", reason="too_early", *, person=None):
    """Let Sales give a lead back."""
    person = person or rep()
    made = ripe(name)
    drain()
    leads.accept(lead_id=lead_of(made).id, member_id=person.id, now=clock.now())
    given = {"wake_on": None, "note": "", "zone": "UTC", "now": clock.now()}
    leads.give_back(lead_id=lead_of(made).id, member_id=person.id, reason=reason, **given)
    drain()
    return made


def quiet(name, *, quote, call):
    """Make somebody who asked for a quote and was called so many days ago."""
    made = contact(name)
    happened(made, "quote.requested", days_ago=quote)
    happened(made, "call.connected", days_ago=call)
    return made


def ripens(**given):
    return queries.ripening(now=clock.now(), **given)


def names(found):
    return [each.name for each in found.people]


def test_a_returned_lead_ripens_on_the_day_on_which_its_rest_ends():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        ada = returned()
        assert names(ripens()) == [], "it rests for 20 days"
    with clock.at(MONDAY + 17 * DAY):
        found = ripens()
        assert [(each.id, each.name, each.at, each.why) for each in found.people] == [
            (ada, "Ada Hale", MONDAY + 20 * DAY, ())
        ]
        assert (found.number, found.is_whole) == (1, True)
    with clock.at(MONDAY + 20 * DAY):
        tick()
        assert lead_of(ada).state != "returned", "what was said came about"
        assert names(ripens()) == [], "who is ripe does not ripen"


def test_a_rest_that_ends_makes_nobody_ripe_whose_verdict_lapses_before():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT.replace("within_days: 90", "within_days: 19"))
        returned()
    with clock.at(MONDAY + 17 * DAY):
        assert names(ripens()) == []


def test_a_condition_with_days_makes_ripe_with_its_reason_and_not_everybody_who_is_looked_at_again():
    with clock.at(MONDAY):
        agreements.in_force(QUIET)
        quiet("Ben Late", quote=10, call=23 + 1 / 24)
        quiet("Ada Soon", quote=10, call=26)
        quiet("Cleo Lapses", quote=88, call=26)
        quiet("Dora Later", quote=10, call=5)
        drain()
        found = ripens()
        assert names(found) == ["Ada Soon", "Ben Late"]
        assert [each.at - MONDAY for each in found.people] == [4 * DAY + HOUR / 2, 7 * DAY - HOUR / 2]
        assert found.people[0].why == ["has not talked on the phone within the last 30 days"]


def test_whom_a_colleague_is_at_work_with_is_neither_named_nor_counted():
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)
        lars = rep()
        ada, ben = returned(person=lars), returned("Ben Hale", person=lars)
        mia = rep("Mia Sand")
    with clock.at(MONDAY + 17 * DAY):
        contacts.hold([contacts.Held(ada, 1, lars.id)], source_kind="lead", now=clock.now())
        assert names(ripens()) == ["Ada Hale", "Ben Hale"]
        with team.seeing(team.reach_of(mia)):
            assert (names(ripens()), ripens().number) == (["Ben Hale"], 1)
        contacts.hold([contacts.Held(ben, 1, lars.id)], source_kind="opportunity", now=clock.now())
        assert names(ripens()) == ["Ada Hale"], "Ben is in the hands of Sales already"


def test_nobody_ripens_without_an_agreement_or_where_nothing_turns_by_time():
    with clock.at(MONDAY):
        assert (ripens().number, ripens().has_agreement) == (0, False)
        agreements.in_force(AGREEMENT)
        contact()
        drain()
        assert (ripens().number, ripens().has_agreement) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        QUIET.replace("within_days: 30", "within_days: 9"),
        MIXED,
        pytest.param(STAGED, marks=pytest.mark.slow),
        pytest.param(TOGETHER, marks=pytest.mark.slow),
    ],
)
def test_it_says_what_the_verdict_says_hour_by_hour(text, monkeypatch):
    monkeypatch.setattr(turning, "ROUNDS", 100)
    random = Random(len(text))
    with clock.at(MONDAY):
        agreements.in_force(text)
        firms = [contacts.create_account(name=f"Firm {each}", now=MONDAY) for each in range(20)]
        people = [contact(f"P {number}", account_id=firms[number % 20]) for number in range(60)]
        for each in people:
            for _ in range(random.randrange(1, 6)):
                kind = random.choice(["quote.requested", "call.connected", "show.visited", "email.clicked"])
                happened(each, kind, days_ago=random.uniform(0, random.choice([10, 45, 95])))
        drain()
        said = {each.id: each.at for each in ripens().people}
        force, wanted, before = terms.in_force(), {}, set()
        for hours in range(7 * 24 + 1):
            at = clock.full_hour(MONDAY) + hours * HOUR
            rows = of_contacts(force.terms, people, at).to_pylist()
            holds = {row["contact_id"] for row in rows if row["qualified"]}
            if hours:
                for each in holds - before:
                    wanted.setdefault(each, at)
            else:
                before = holds
        assert said == wanted
        assert 2 < len(wanted) < len(people) - 9


def test_where_more_come_due_than_can_be_looked_at_it_says_up_to_when_it_knows(monkeypatch):
    with clock.at(MONDAY):
        agreements.in_force(QUIET)
        for days in (24, 25, 26, 27):
            quiet(f"Called {days}", quote=10, call=days)
        drain()
        assert len(names(ripens())) == 4
        assert names(ripens(most=1)) == ["Called 27"]
        assert ripens(most=1).number == 4
        for name, most in (("FOUND", 2), ("LOOKED_AT", 2)):
            with monkeypatch.context() as patched:
                patched.setattr(turning, name, most)
                found = ripens()
            assert names(found) == ["Called 27", "Called 26"]
            assert (found.is_whole, found.upto) == (False, datetime(2026, 11, 6, 10, tzinfo=UTC))
        monkeypatch.setattr(turning, "PEOPLE", 2)
        found = ripens()
        assert names(found) == ["Called 27", "Called 26"]
        assert (found.is_whole, found.upto) == (False, datetime(2026, 11, 7, 10, tzinfo=UTC))


def test_however_many_come_due_it_asks_a_handful_of_questions():
    with clock.at(MONDAY):
        agreements.in_force(QUIET)
        for number in range(12):
            quiet(f"Called {number}", quote=10, call=24 + number / 4)
        drain()
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            reading(),
        ):
            assert ripens().number == 12
        assert len(asked) <= 15
