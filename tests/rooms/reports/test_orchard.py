"""The orchard: who hangs, is ripe, was picked or lies on the ground, counted by hand, and the rows behind numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.agreement import rules
from orchard.agreement.tables import DEEDS
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import TOUCHES, NewFact
from orchard.kit.errors import NotFound
from orchard.reports import queries
from orchard.reports.queries import numbers
from orchard.reports.queries.numbers.orchard import replay
from orchard.reports.tables import BANDS
from orchard.reports.types import Asked
from tests.make import agreements, company
from tests.make.company import BEGAN, NOW
from tests.make.leads import AGREEMENT

pytestmark = pytest.mark.django_db

ALLOWED = timedelta(days=120)
TODAY = datetime(2026, 11, 21, tzinfo=UTC)
PICKED = {"accepted", "opportunity", "customer"}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def people():
    ids = company.founded()
    agreements.in_force(AGREEMENT)
    return ids


def day(number):
    return BEGAN + timedelta(days=number)


def person(name, *happened, campaign=None):
    """Make somebody who came on the first day, and to whom this happened: (kind, on which day) each."""
    contact = contacts.create_contact(full_name=name, now=BEGAN)
    if campaign:
        campaigns.add_sources([(contact, campaign, BEGAN)])
    told = [
        NewFact(
            kind.removeprefix("not "),
            day(on),
            contact_id=contact,
            subject=("lead", 1_000 + contact) if kind.startswith("lead.") else None,
            direction=("out" if kind.startswith("not ") else "in") if "verdict" in kind else None,
        )
        for kind, on in happened
    ]
    ledger.append(told, now=NOW)
    return contact


def read():
    """Let everything be read, and then let there be an agreement: it turns no verdict of these stories."""
    ledger.drain(flow.CONSUMERS)
    agreements.in_force(AGREEMENT)


def names(number, at=None, **asked):
    found = numbers.people("orchard", number, Asked(hour=at, **asked), now=NOW)
    return {each.row.name for each in found.page("", 100).rows if each.row}


def table(**asked):
    (sheet,) = numbers.answer("orchard", Asked(**asked), now=NOW).sheets
    return sheet


def test_what_ripens_is_ripe_is_picked_and_falls():
    person("Ann")
    person("Bea", ("form.submitted", 250))
    person("Bob", ("form.submitted", 20))
    person("Cleo", ("form.submitted", 20), ("verdict.changed", 260))
    person("Dan", ("form.submitted", 20), ("verdict.changed", 60))
    person("Dora", ("verdict.changed", 60), ("call.connected", 230))
    person("Dirk", ("verdict.changed", 60), ("form.submitted", 300))
    person("Eve", ("verdict.changed", 30), ("lead.accepted", 31))
    person("Fay", ("verdict.changed", 30), ("lead.accepted", 31), ("lead.returned", 290))
    person("Finn", ("verdict.changed", 30), ("lead.accepted", 31), ("lead.returned", 50))
    person("Gil", ("verdict.changed", 30), ("lead.accepted", 31), ("lead.disqualified", 50))
    person("Hal", ("form.submitted", 10), ("verdict.changed", 30), ("not verdict.changed", 40))
    read()
    found = {band: names(band) for band in BANDS}
    assert found == {
        "growing": {"Ann", "Bob"},
        "ripening": {"Bea", "Fay"},
        "ripe": {"Cleo", "Dora"},
        "rotting": {"Dan", "Dirk", "Finn", "Hal"},
        "picked": {"Eve"},
        "disqualified": {"Gil"},
    }
    (row,) = table().rows
    assert {band: row[band] for band in BANDS} == {band: len(each) for band, each in found.items()}
    assert row["contacts"] == 12


def test_a_talk_lifts_what_lay_on_the_ground_and_what_lay_there_before_did():
    person("Dan", ("verdict.changed", 10), ("call.connected", 140))
    read()
    at = lambda number: day(number).replace(hour=0)  # noqa: E731 - a word for a midnight
    assert names("ripe", at(130)) == {"Dan"}
    assert names("rotting", at(131)) == {"Dan"}
    assert names("rotting", at(140)) == {"Dan"}
    assert names("ripe", at(141)) == {"Dan"}
    assert names("contacts", BEGAN - timedelta(days=2)) == set()


def test_without_a_word_about_rot_nothing_falls_and_nothing_is_quiet():
    person("Dan", ("form.submitted", 2), ("verdict.changed", 3))
    person("Bob", ("form.submitted", 2))
    ledger.drain(flow.CONSUMERS)
    assert (names("ripe"), names("ripening"), names("rotting")) == ({"Dan"}, {"Bob"}, set())
    agreements.in_force(AGREEMENT)
    assert (names("growing"), names("rotting")) == ({"Bob"}, {"Dan"})


def test_each_hangs_on_the_campaign_that_brought_it_and_on_none_above():
    shows = campaigns.create_campaign(name="Shows", now=BEGAN)
    fair = campaigns.create_campaign(name="Fair", parent_id=shows, channel="show", now=BEGAN)
    campaigns.create_campaign(name="Letters", now=BEGAN)
    person("Ann", campaign=fair)
    person("Bob", campaign=fair)
    person("Cleo")
    read()
    shown = queries.orchard_shown(Asked(), now=NOW)
    assert [(tree.name, tree.above, tree.now.contacts) for tree in shown.trees] == [
        ("Fair", "Shows", 2),
        ("Source not known", "", 1),
    ]
    assert {branch.name for branch in shown.bare} == {"Shows", "Letters"}
    assert shown.now.contacts == 3
    only = queries.orchard_shown(Asked(where={"source": "show"}), now=NOW)
    assert ([tree.name for tree in only.trees], only.bare) == (["Fair"], [])


def by_hand(contact, at):
    """Return in which band somebody of the company was just before a moment, by the rule of the stages and a loop."""
    rows = facts.facts_of([contact])
    told = sorted(
        (each for each in rows if each.occurred_at < at), key=lambda each: (each.occurred_at, each.pos)
    )
    if at <= BEGAN:
        return None
    ripened, stage, entered = [], "contact", BEGAN
    for place, fact in enumerate(told, 1):
        standing = rules.fold(told[:place])
        if standing and standing.stage != stage:
            stage, entered = standing.stage, fact.occurred_at
            ripened += [entered] if stage in ("qualified", "nurturing") else []
    if stage in PICKED or stage == "disqualified":
        return "picked" if stage in PICKED else stage
    talks = [each.occurred_at for each in told if each.kind in TOUCHES]
    if stage != "contact" and ripened and entered >= ripened[0]:
        if max([*talks, *ripened]) + ALLOWED < at:
            return "rotting"
        return "ripe" if stage == "qualified" else "ripening"
    deeds = [each.occurred_at for each in told if each.kind in DEEDS | TOUCHES]
    return "ripening" if stage == "engaged" and max([*deeds, BEGAN]) + ALLOWED >= at else "growing"


def test_at_the_end_of_each_month_everybody_is_where_a_loop_over_their_facts_says(people):
    found = replay(Asked(), now=NOW)
    for place, at in enumerate(found.moments):
        expected = [by_hand(contact, at) for contact in people]
        counted = {band: sum(getattr(tree[place], band) for tree in found.trees.values()) for band in BANDS}
        assert counted == {band: expected.count(band) for band in BANDS}, at
    assert {band: bool(number) for band, number in counted.items()} == dict.fromkeys(BANDS, True), "all occur"


def test_each_month_of_the_replay_is_what_the_table_says_of_it_and_the_last_one_is_today(people):
    found = replay(Asked(), now=NOW)
    assert (len(found.moments), found.moments[-1]) == (18, TODAY)
    assert found.moments[0] == datetime(2025, 7, 1, tzinfo=UTC)
    for place, at in enumerate(found.moments):
        rows = table(hour=at, stamp=found.stamp).rows
        trees = {value: tree[place] for value, tree in found.trees.items() if tree[place].contacts}
        assert {row["campaign_id"]: [row[band] for band in BANDS] for row in rows} == {
            value: [getattr(hanging, band) for band in BANDS] for value, hanging in trees.items()
        }
    assert rows == table().rows


def opens_what_it_counts(at=None):
    for by in ("campaign", "source"):
        answer = numbers.answer("orchard", Asked(by=by, hour=at), now=NOW)
        for row in answer.sheets[0].rows:
            where = {by: numbers.DIMENSIONS[by].read(row["of"][by])}
            for number in (*BANDS, numbers.EVERYBODY):
                asked = Asked(where=where, hour=at, stamp=answer.stamp)
                assert numbers.people("orchard", number, asked, now=NOW).number == row[number], (
                    by,
                    row,
                    number,
                )


def test_each_number_opens_its_rows_now_then_and_after_a_merge_and_an_erasure(people):
    before = numbers.answer("orchard", Asked(), now=NOW)
    for at in (None, datetime(2026, 6, 1, tzinfo=UTC)):
        opens_what_it_counts(at)
    contacts.merge(survivor_id=people[0], loser_id=people[1], now=NOW, actor_id=None)
    contacts.erase_contact(contact_id=people[2], now=NOW, actor_id=None)
    ledger.drain(flow.CONSUMERS)
    assert table().total["contacts"] == len(people) - 2, "one was joined, one is gone"
    for at in (None, datetime(2026, 6, 1, tzinfo=UTC)):
        opens_what_it_counts(at)
    then = numbers.people("orchard", "contacts", Asked(stamp=before.stamp), now=NOW)
    assert then.number == len(people), "what was said at a place stays so"


def test_days_choose_who_came_in(people):
    since, until = day(40), day(120)
    asked = Asked(since=since, until=until)
    whole, chosen = table(), table(since=since, until=until)
    assert 0 <= chosen.total["contacts"] < whole.total["contacts"]
    assert numbers.people("orchard", "contacts", asked, now=NOW).number == chosen.total["contacts"]
    assert table(since=BEGAN - timedelta(days=1)).rows == whole.rows


def test_a_number_unknown_is_refused(people):
    with pytest.raises(NotFound, match="no number of the orchard"):
        numbers.people("orchard", "blossoming", Asked(), now=NOW)


def test_a_moment_to_come_is_told_as_today(people):
    assert table(hour=TODAY + timedelta(days=400)).rows == table().rows


def test_what_stands_beside_it_names_who_lacks_least_and_what_a_lead_cost(people):
    found = queries.orchard_beside(back=replace(Asked(by="reason"), since=BEGAN), now=NOW)
    assert queries.orchard_soon(now=NOW).has_agreement
    amounts = [price.amount.minor for price in found.prices]
    assert amounts == sorted(amounts) != []
    assert "Shows" not in {price.branch.name for price in found.prices}, "others stand below it"
