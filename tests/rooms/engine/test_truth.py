"""What a condition compiles to says what the condition says."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.engine import compile as compiling
from orchard.engine import duck
from orchard.engine.conditions import atoms, read
from orchard.engine.plan import assess
from orchard.engine.truths import Given
from tests.make import oracle
from tests.make.conditions import CATALOGUE, CONTACTS, FACTS, NOW, arrow, trees, worlds


@pytest.fixture(scope="module")
def database():
    found = duck.Duck(duck.Limits(threads=1))
    yield found
    found.close()


def answers(database, conditions, contacts, facts, now=NOW):
    """Return the answers by contact of `conditions`, which maps names to trees."""

    def build(F, tables, at):
        beside = Given(
            scores={"total": F.col("total")},
            stages=F.col("stage"),
            anchors={"last_return": F.col("last_return_at")},
        )
        return assess(F, tables, at, catalogue=CATALOGUE, conditions=conditions, beside=beside)

    query = compiling.compiled(repr(conditions), build, [CONTACTS, FACTS]).bind(now=now)
    rows = database.run(query, {"contacts": arrow(CONTACTS, contacts), "facts": arrow(FACTS, facts)})
    return {row["contact_id"]: row for row in rows.to_pylist()}


@settings(max_examples=75, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds, st.lists(trees, min_size=1, max_size=3), st.sampled_from([0, 0, 1, 1800]))
def test_a_tree_and_its_leaves_hold_exactly_when_a_plain_reading_says_so(database, world, several, seconds):
    contacts, facts = world
    now = NOW + timedelta(seconds=seconds)
    found = answers(database, {f"c{n}": tree for n, tree in enumerate(several)}, contacts, facts, now)
    assert set(found) == {contact["contact_id"] for contact in contacts}
    for contact in contacts:
        row = found[contact["contact_id"]]
        for n, tree in enumerate(several):
            assert row[f"c{n}"] == oracle.holds(tree, contact, facts, now)
            for place, atom in enumerate(atoms(tree)):
                assert row[f"c{n}_{place}"] == oracle.holds(atom.leaf, contact, facts, now)
                assert row[f"c{n}_{place}_changes_at"] == oracle.changes_at(atom.leaf, contact, facts, now)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds, trees)
def test_a_tree_never_turns_by_time_before_the_hour_it_gives(database, world, tree):
    contacts, facts = world
    found = answers(database, {"c": tree}, contacts, facts)
    for contact in contacts:
        turn, due = oracle.changes_at(tree, contact, facts), found[contact["contact_id"]]["c_changes_at"]
        assert turn is None or (due is not None and due <= turn)


def fact(**parts):
    return {
        "contact_id": 1,
        "kind": "quote.requested",
        "human": True,
        "content_type": None,
        "amount": None,
    } | parts


def days_ago(days):
    return fact(occurred_at=NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("condition", "ages", "holds", "changes_in_days"),
    [
        ({"within_days": 7}, [7], False, None),
        ({"within_days": 7}, [6], True, 1),
        ({"within_days": 7}, [-2], True, 9),
        ({"within_days": 7, "at_least": 2}, [6, 3, 1], True, 4),
        ({"within_days": 7, "at_most": 1}, [6, 3], False, 1),
        ({"within_days": 7, "at_most": 1}, [7, 3], True, None),
        ({"within_days": 7, "at_least": 1, "at_most": 1}, [3], True, 4),
        ({"within_days": 7, "at_least": 1, "at_most": 1}, [3, 2], False, 4),
        ({"within_days": 7, "at_least": 1, "at_most": 1}, [3, 3], False, None),
        ({"at_least": 3}, [300, 200, 100], True, None),
    ],
)
def test_a_window_ends_when_its_deciding_fact_is_as_old_as_the_window(
    database, condition, ages, holds, changes_in_days
):
    contacts = [dict.fromkeys(CONTACTS.columns) | {"contact_id": 1}]
    tree = read({"did": "quote.requested", **condition})
    row = answers(database, {"c": tree}, contacts, [days_ago(age) for age in ages])[1]
    expected = None if changes_in_days is None else NOW + timedelta(days=changes_in_days)
    assert (row["c"], row["c_changes_at"]) == (holds, expected)


def test_a_machine_and_a_doubtful_hit_count_for_nothing(database):
    contacts = [dict.fromkeys(CONTACTS.columns) | {"contact_id": 1}]
    facts = [fact(occurred_at=NOW, human=False), fact(occurred_at=NOW, human=None)]
    assert answers(database, {"c": read({"did": "quote.requested"})}, contacts, facts)[1]["c"] is False


def test_a_contact_without_facts_is_answered_too(database):
    contacts = [dict.fromkeys(CONTACTS.columns) | {"contact_id": 9}]
    never = read({"did": "quote.requested", "within_days": 7, "at_most": 0})
    assert answers(database, {"never": never}, contacts, [])[9]["never"] is True


def test_what_a_user_writes_stays_a_value(database):
    text = "'; DROP TABLE contacts; --"
    contacts = [dict.fromkeys(CONTACTS.columns) | {"contact_id": 1, "contact__country": text}]
    same = read({"field": "contact.country", "is": text})
    inside = read({"field": "contact.country", "contains": "; drop table"})
    row = answers(database, {"same": same, "inside": inside}, contacts, [])[1]
    assert (row["same"], row["inside"]) == (True, True)
