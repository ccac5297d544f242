"""The numbers of reports: they add up, each counts the rows that it opens, and what was said at a place stays so."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from orchard import flow
from orchard.agreement.models import StageReached
from orchard.contacts import actions as contacts
from orchard.engine import lake
from orchard.engine.models import LakeTable
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import NewFact
from orchard.reports.queries import numbers
from orchard.reports.queries.numbers import NoLongerKept
from orchard.reports.types import Asked
from tests.make import company
from tests.make.company import BEGAN, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path


@pytest.fixture
def people():
    return company.founded()


def told(name="funnel", **asked):
    """Ask a report; `stamp` finds what was read before, which saves looking for what is new."""
    return numbers.answer(name, Asked(**asked), now=NOW)


def sheet(answer, name):
    return {each.name: each for each in answer.sheets}[name]


def opened(answer, number, asked, **where):
    """Return how many rows a number opens at the place where it was read."""
    dimensions = {name: numbers.DIMENSIONS[name].read(text) for name, text in where.items()}
    wish = replace(asked, where={**asked.where, **dimensions}, stamp=answer.stamp)
    return numbers.people(answer.report, number, wish, now=NOW).number


def links(answer, asked):
    """Yield each number that can be opened, and how many rows that shows."""
    for each in answer.sheets:
        for row in each.rows:
            for column in each.columns:
                if not column.opens or row.get(column.key) is None or "of" not in row:
                    continue
                of = dict(row["of"])
                stage = of.pop("stage", "")
                number = f"{stage}.{column.opens}" if stage else column.opens
                yield row[column.key], (answer, number, asked, of)


def questions(draw, count):
    """Draw questions as of one moment: any report, any groups, any days, narrowed to any of what groups held."""
    stamp = told().stamp
    for _ in range(count):
        report = draw.choice(list(numbers.REPORTS.values()))
        asked = Asked(by=draw.choice(report.bys), stamp=stamp)
        if draw.random() < 0.5:
            since = BEGAN + timedelta(days=draw.randrange(200))
            asked = replace(asked, since=since, until=since + timedelta(days=draw.randrange(1, 200)))
        if draw.random() < 0.6 and report.name != "cost":
            other = draw.choice([by for by in report.bys if by != asked.by])
            rows = told(report.name, by=other, stamp=stamp).sheets[0].rows
            held = [row["of"][other] for row in rows if row["of"].get(other)]
            if held:
                value = numbers.DIMENSIONS[other].read(draw.choice(held))
                asked = replace(asked, where={other: value})
        yield report.name, asked


def test_of_each_stage_all_who_entered_left_or_are_in_it(people):
    stages = sheet(told(), "stages").rows
    for row in [*stages, *sheet(told(by="country"), "stages_of_rows").rows]:
        assert row["entered"] == row["left"] + row["still_in"], row
    assert sum(row["still_in"] for row in stages) == len(people)
    projected = list(StageReached.objects.values_list("stage", flat=True))
    assert {row["stage"]: row["still_in"] for row in stages if row["stage"] != "contact"} == {
        stage: projected.count(stage) for stage in [row["stage"] for row in stages[1:]]
    }


def test_who_enters_a_stage_has_passed_all_before_it(people):
    line = [row["entered"] for row in sheet(told(), "stages").rows[:6]]
    assert line == sorted(line, reverse=True)
    assert line[0] == len(people)


@pytest.mark.parametrize("by", numbers.REPORTS["funnel"].bys)
def test_the_groups_of_any_sort_sum_to_the_whole(people, by):
    answer = told(by=by)
    total = answer.sheets[0].total
    assert total["entered"] == len(people)
    assert sum(row["entered"] for row in answer.sheets[0].rows) == len(people)
    assert total["won"] == sheet(answer, "stages").rows[5]["entered"] > 0


@pytest.mark.slow
def test_two_hundred_questions_agree_with_the_rows_behind_their_numbers_also_after_a_merge(people):
    draw = random.Random(13)
    kept = []
    for name, asked in questions(draw, 200):
        answer = numbers.answer(name, asked, now=NOW)
        found = list(links(answer, asked))
        for value, (of, number, wish, where) in draw.sample(found, min(2, len(found))):
            assert opened(of, number, wish, **where) == value, (name, asked, number, where)
            kept.append((value, (of, number, wish, where)))
    contacts.merge(survivor_id=people[0], loser_id=people[1], now=NOW, actor_id=None)
    contacts.erase_contact(contact_id=people[2], now=NOW, actor_id=None)
    ledger.drain(flow.CONSUMERS)
    assert sheet(told(), "stages").rows[0]["entered"] == len(people) - 1
    for value, (of, number, wish, where) in draw.sample(kept, 40):
        assert opened(of, number, wish, **where) == value, "what was said at a place stays so"
    for name, asked in questions(draw, 30):
        answer = numbers.answer(name, asked, now=NOW)
        for value, (of, number, wish, where) in draw.sample(
            found := list(links(answer, asked)), min(2, len(found))
        ):
            assert opened(of, number, wish, **where) == value, (name, asked, number, where)


def test_who_was_joined_or_erased_since_stands_in_the_rows_as_such(people):
    answer = told()
    contacts.merge(survivor_id=people[0], loser_id=people[1], now=NOW, actor_id=None)
    contacts.erase_contact(contact_id=people[2], now=NOW, actor_id=None)
    ledger.drain(flow.CONSUMERS)
    found = numbers.people("funnel", "contact.entered", Asked(stamp=answer.stamp), now=NOW)
    rows, cursor = [], ""
    while True:
        page = found.page(cursor, 3)
        rows += page.rows
        if not (cursor := page.next):
            break
    assert len(rows) == found.number == len(people)
    gone = {each.id: each.joined for each in rows if each.row is None}
    assert gone == {people[1]: "Ada 0", people[2]: ""}


def test_a_place_of_which_nothing_is_kept_is_refused_with_what_to_do(people):
    stamp = told().stamp
    LakeTable.objects.all().delete()
    lake.forget_derived()
    with pytest.raises(NoLongerKept, match="Open the report anew"):
        told(stamp=stamp)
    assert told().pos == facts.head()


def test_the_time_in_a_stage_is_that_of_the_stays_that_are_over():
    ids = [contacts.create_contact(full_name=name, now=BEGAN) for name in ("Ann", "Bob", "Cleo", "Dan")]
    for days, contact in zip((1, 2, 10), ids, strict=False):
        begun = BEGAN + timedelta(days=1)
        ledger.append(
            [
                NewFact("form.submitted", begun, contact_id=contact),
                NewFact("opportunity.opened", begun + timedelta(days=days), contact_id=contact),
            ],
            now=NOW,
        )
    ledger.append([NewFact("form.submitted", BEGAN, contact_id=ids[3])], now=NOW)
    ledger.drain(flow.CONSUMERS)
    engaged, _, accepted = sheet(told(), "stages").rows[1:4]
    assert (engaged["median"], engaged["p90"], engaged["still_in"]) == (2 * 86_400, 10 * 86_400, 1)
    assert (accepted["entered"], accepted["skipped"], accepted["median"]) == (3, 3, None)
    assert engaged["next_share"] == 0.75
    assert engaged["next_low"] < 0.75 < engaged["next_high"]


def test_who_came_round_is_one_person_and_several_times():
    ada = contacts.create_contact(full_name="Ada", now=BEGAN)
    kinds = ["lead.accepted", "lead.returned"] * 3
    told_ = [
        NewFact(kind, BEGAN + timedelta(days=day), contact_id=ada, subject=("lead", 7 + day // 2))
        for day, kind in enumerate(kinds, 1)
    ]
    ledger.append(told_, now=NOW)
    ledger.drain(flow.CONSUMERS)
    accepted = sheet(told(), "stages").rows[3]
    assert (accepted["entered"], accepted["times"], accepted["still_in"]) == (1, 3, 0)
    assert told().sheets[0].total["rounds"] == 3


def test_a_cohort_is_judged_once_all_of_it_has_had_that_long():
    ids = [contacts.create_contact(full_name=name, now=BEGAN) for name in ("Ann", "Bob", "Cleo", "Dan")]
    for days, contact in zip((10, 70), ids, strict=False):
        ledger.append(
            [
                NewFact(
                    "opportunity.won",
                    BEGAN + timedelta(days=days),
                    contact_id=contact,
                    subject=("opportunity", contact),
                )
            ],
            now=NOW,
        )
    ledger.drain(flow.CONSUMERS)
    (row,) = sheet(told(by="month"), "cohorts_customer").rows
    assert (row["month"], row["entered"]) == ("2026-01", 4)
    shares = [row[f"within_{months}_share"] for months in (1, 2, 3, 6, 9, 12)]
    assert shares == [0.25, 0.25, 0.5, 0.5, 0.5, None], "of January nobody has had twelve months yet"
