"""What the ledger promises about appending."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.interactions import actions, queries
from orchard.interactions.models import Interaction, Order
from orchard.interactions.types import NewFact, UnknownKind

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def form(contact=1, key=None, at=NOW):
    return NewFact("form.submitted", at, contact_id=contact, key=key)


def test_a_fact_gets_an_id_and_keeps_what_it_was_told():
    (identity,) = actions.append(
        [NewFact("quote.requested", NOW, contact_id=7, subject=("visit", 3), amount=1200, currency="EUR")],
        now=NOW,
    )
    fact = Interaction.objects.get(id=identity)
    assert (fact.contact_id, fact.subject_kind, fact.subject_id) == (7, "visit", 3)
    assert (fact.amount, fact.currency, fact.direction, fact.bulk) == (1200, "EUR", "in", False)


def test_the_same_key_is_appended_once_ever():
    first = actions.append([form(key="a"), form(key="b"), form(key="a")], now=NOW)
    second = actions.append([form(key="b"), form(key="c")], now=NOW)
    assert [identity is not None for identity in first] == [True, True, False]
    assert [identity is not None for identity in second] == [False, True]
    assert Interaction.objects.count() == 3


def test_many_facts_take_the_way_of_the_few():
    few = actions.append([form(contact=n, key=f"k{n}") for n in range(10)], now=NOW)
    many = actions.append(
        [form(contact=n, key=f"k{n}") for n in range(700)], now=NOW, lane="bulk", import_id=4
    )
    assert many[:10] == [None] * 10
    assert None not in few
    assert len({*few, *many[10:]}) == 700
    assert Interaction.objects.filter(bulk=True, import_id=4).count() == 690


def test_ids_come_back_in_the_order_of_the_facts():
    ids = actions.append([form(contact=n) for n in (5, 3, 9)], now=NOW)
    assert [Interaction.objects.get(id=each).contact_id for each in ids] == [5, 3, 9]


def test_a_kind_that_nobody_listed_is_refused_with_its_name():
    with pytest.raises(UnknownKind, match=r"form\.sumbitted"):
        actions.append([NewFact("form.sumbitted", NOW)], now=NOW)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(UnknownKind, match="time zone"):
        actions.append([NewFact("form.submitted", datetime(2026, 1, 1))], now=NOW)  # noqa: DTZ001


@pytest.mark.parametrize(
    "statement", ["UPDATE interaction SET kind = 'x'", "DELETE FROM interaction", "TRUNCATE interaction"]
)
def test_the_database_refuses_to_change_what_happened(statement):
    actions.append([form()], now=NOW)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@given(st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=6))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_is_dense_and_every_fact_stands_in_it_once(writes):
    with transaction.atomic():
        before = queries.head()
        for write in writes:
            actions.append([form(contact=n) for n in write], now=NOW)
            if len(write) > 1:
                actions.place()
        while actions.place():
            pass
        places = sorted(Order.objects.filter(pos__gt=before).values_list("pos", flat=True))
        total = sum(map(len, writes))
        assert places == list(range(before + 1, before + total + 1))
        assert queries.head() == before + total
        transaction.set_rollback(True)


def test_a_fact_without_a_place_is_not_read_of_its_contact_yet():
    first = actions.append([form(contact=9), form(contact=9)], now=NOW)
    assert queries.facts_of([9]) == []
    actions.place()
    actions.append([form(contact=9)], now=NOW)
    assert sorted(fact.id for fact in queries.facts_of([9])) == first
    assert queries.fact_count([9]) == 2


def test_what_happened_to_many_is_told_of_each(django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.tell("contact.created", [(1, 5), (2, None)], now=NOW, lane="bulk", import_id=3)
    facts = Interaction.objects.order_by("id")
    assert [(fact.contact_id, fact.account_id) for fact in facts] == [(1, 5), (2, None)]
    assert {(fact.kind, fact.bulk, fact.import_id) for fact in facts} == {("contact.created", True, 3)}
