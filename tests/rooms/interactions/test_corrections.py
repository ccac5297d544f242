"""What readers see after mistakes were corrected and contacts joined."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchard.interactions import actions, queries
from orchard.interactions.actions.classes import keep_unsure
from orchard.interactions.types import NewFact, UnknownFact
from orchard.kit.errors import Conflict
from tests.make.database import undone

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def appended(*contacts):
    ids = actions.append([NewFact("form.submitted", NOW, contact_id=each) for each in contacts], now=NOW)
    placed()
    return ids


def placed():
    while actions.place():
        pass


def forms_in_view(sql="facts", parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT interaction_id, contact_id FROM {sql} WHERE kind = 'form.submitted' ORDER BY 1",
            parameters,
        )
        return cursor.fetchall()


def forms_of(contact):
    return sorted(fact.id for fact in queries.facts_of([contact]) if fact.kind == "form.submitted")


def test_a_withdrawn_fact_is_gone_for_readers_and_stays_in_the_ledger():
    first, second = appended(1, 1)
    assert actions.withdraw(interaction_ids=[first], now=NOW) == 1
    placed()
    assert forms_in_view() == [(second, 1)]
    assert forms_of(1) == [second]


def test_what_was_withdrawn_is_not_withdrawn_twice():
    (first,) = appended(1)
    actions.withdraw(interaction_ids=[first], now=NOW)
    assert actions.withdraw(interaction_ids=[first], now=NOW) == 0


def test_a_fact_moves_to_another_contact_and_both_learn_of_it():
    (first,) = appended(1)
    actions.reassign(interaction_id=first, contact_id=2, now=NOW)
    placed()
    assert forms_in_view() == [(first, 2)]
    assert (forms_of(1), forms_of(2)) == ([], [first])
    told = [fact.contact_id for fact in queries.facts_of([1, 2]) if fact.kind == "fact.reassigned"]
    assert sorted(told) == [1, 2]


def test_the_past_can_be_read_as_it_was():
    first, second = appended(1, 2)
    then = queries.head()
    actions.withdraw(interaction_ids=[first], now=NOW)
    actions.join(old_id=2, living_id=3, now=NOW)
    placed()
    assert forms_in_view() == [(second, 3)]
    assert forms_in_view("facts_at(%s)", [then]) == [(first, 1), (second, 2)]
    assert forms_in_view("facts_at(%s)", [queries.head()]) == [(second, 3)]


def test_joined_twice_all_ids_mean_the_last_one():
    ids = appended(1, 2, 3)
    actions.join(old_id=1, living_id=2, now=NOW)
    actions.join(old_id=2, living_id=3, now=NOW)
    placed()
    assert [contact for _, contact in forms_in_view()] == [3, 3, 3]
    assert forms_of(3) == ids
    assert queries.living([1, 2, 3, 4]) == {1: 3, 2: 3, 3: 3, 4: 4}


def test_separating_the_later_joining_brings_back_the_earlier_one():
    ids = appended(1, 2, 3)
    actions.join(old_id=1, living_id=2, now=NOW)
    later = actions.join(old_id=2, living_id=3, now=NOW)
    actions.separate(merge_fact_id=later, old_id=2, living_id=3, now=NOW)
    assert (forms_of(2), forms_of(3)) == (ids[:2], ids[2:])


def test_an_id_that_was_joined_already_is_not_joined_again():
    actions.join(old_id=1, living_id=2, now=NOW)
    with pytest.raises(Conflict, match="in the meantime"):
        actions.join(old_id=1, living_id=3, now=NOW)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_joined_the_view_and_the_index_agree_and_no_fact_is_lost(pairs):
    from django.db import transaction

    with transaction.atomic():
        ids = appended(1, 2, 3, 4, 5)
        for old, living in pairs:
            try:
                actions.join(old_id=old, living_id=living, now=NOW + timedelta(seconds=1))
            except Conflict:
                continue
        placed()
        seen = [row for row in forms_in_view() if row[0] in ids]
        assert [identity for identity, _ in seen] == ids
        for contact in range(1, 6):
            assert forms_of(contact) == [identity for identity, owner in seen if owner == contact]
        transaction.set_rollback(True)


_WHO = st.integers(1, 5)
_DEED = st.one_of(
    st.tuples(st.just("join"), _WHO, _WHO),
    st.tuples(st.just("withdraw"), st.integers(0, 4), st.just(0)),
    st.tuples(st.just("move"), st.integers(0, 4), _WHO),
    st.tuples(st.just("append"), _WHO, st.just(0)),
    st.tuples(st.just("place"), st.just(0), st.just(0)),
)


@given(st.lists(_DEED, max_size=8), st.sets(_WHO))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_many_contacts_the_same_facts_are_found_as_of_few(deeds, asked):
    with undone():
        ids = appended(1, 2, 3, 4, 5)
        for deed, one, other in deeds:
            with contextlib.suppress(Conflict, UnknownFact):
                if deed == "join":
                    actions.join(old_id=one, living_id=other, now=NOW)
                elif deed == "withdraw":
                    actions.withdraw(interaction_ids=[ids[one]], now=NOW)
                elif deed == "move":
                    actions.reassign(interaction_id=ids[one], contact_id=other, now=NOW)
                elif deed == "append":
                    actions.append([NewFact("form.submitted", NOW, contact_id=one)], now=NOW)
                else:
                    actions.place()
        keep_unsure(ids[:1])
        with connection.cursor() as cursor:
            few, many = (
                cursor.execute(f"SELECT * FROM {name}(%s) ORDER BY interaction_id", [list(asked)]).fetchall()
                for name in ("facts_of", "facts_of_many")
            )
        assert many == few
