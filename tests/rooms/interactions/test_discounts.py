"""What members said to be not useful: it stands as it happened, counts for nothing at once, and may count again."""

from datetime import UTC, datetime, timedelta

import pytest

from orchard import flow
from orchard.interactions import actions, queries
from orchard.interactions.models import Discount, InteractionClass
from orchard.interactions.types import NewFact, NotUseful, UnknownDiscount, UnknownFact
from orchard.kit.errors import Refused

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def happened(*kinds, contact=1, apart=timedelta(hours=1)):
    ids = actions.append(
        [NewFact(kind, NOW - apart * place, contact_id=contact) for place, kind in enumerate(kinds)], now=NOW
    )
    read()
    return ids


def read():
    actions.drain([flow.consumer("interactions.classify")])


def judge(*facts, contact=1, why=NotUseful.MACHINE, member=5, now=NOW):
    return actions.discount(interaction_ids=facts, contact_id=contact, why=why, member_id=member, now=now)


def counting(contact=1):
    """Return which facts count, as scores and conditions read them."""
    return {
        moment.fact.id
        for moment in queries.timeline([contact]).page.rows
        if moment.human and not moment.fact.kind.startswith("fact.")
    }


def test_what_is_not_useful_counts_for_nothing_at_once_and_stands_in_the_timeline():
    first, second = happened("form.submitted", "quote.requested")
    judge(first, why=NotUseful.NO_BUYER)
    assert counting() == {second}
    assert {fact.id for fact in queries.facts_of([1])} >= {first, second}
    said = queries.discounts_of([first, second])[first]
    assert (said.why, said.member_id, said.said_at) == (NotUseful.NO_BUYER, 5, NOW)
    read()
    assert counting() == {second}


def test_both_ways_are_told_by_facts_with_their_reason():
    (first,) = happened("form.submitted")
    (said,) = judge(first, why=NotUseful.OLD)
    actions.count_again(contact_id=1, discount_id=said, member_id=6, now=NOW)
    read()
    told = [fact for fact in queries.facts_of([1]) if fact.subject_kind == "interaction"]
    assert sorted((fact.kind, fact.subject_id, fact.member_id) for fact in told) == [
        ("fact.counted", first, 6),
        ("fact.discounted", first, 5),
    ]
    (discounted,) = [fact.id for fact in told if fact.kind == "fact.discounted"]
    assert queries.discounts(of=(), told_by=[discounted])[1] == {discounted: NotUseful.OLD}
    assert counting() == {first}


def test_what_was_said_in_one_breath_is_taken_back_in_one_and_nothing_else():
    first, second, third = happened("form.submitted", "quote.requested", "show.visited")
    judge(third, now=NOW - timedelta(minutes=1))
    said = judge(first, second)
    assert actions.count_again(contact_id=1, discount_id=said[0], member_id=5, now=NOW) == 2
    assert counting() == {first, second}
    with pytest.raises(UnknownDiscount):
        actions.count_again(contact_id=1, discount_id=said[1], member_id=5, now=NOW)


def test_one_of_several_that_were_judged_at_once_counts_again_alone():
    first, second = happened("form.submitted", "quote.requested")
    said = judge(first, second)
    assert actions.count_again(contact_id=1, discount_id=said[1], member_id=5, now=NOW, alone=True) == 1
    assert counting() == {second}


def test_the_same_said_twice_is_said_once():
    (first,) = happened("form.submitted")
    assert len(judge(first)) == 1
    assert judge(first) == []
    assert Discount.objects.count() == 1


def test_what_cannot_speak_for_a_lead_or_is_somebody_elses_is_refused():
    call, theirs = happened("call.attempted")[0], happened("form.submitted", contact=2)[0]
    with pytest.raises(Refused, match="cannot speak for a lead"):
        judge(call)
    with pytest.raises(UnknownFact):
        judge(theirs)
    assert not Discount.objects.exists()


def test_a_burst_of_a_machine_stays_one_when_a_word_on_it_is_taken_back():
    facts = happened(*["email.clicked"] * 6, apart=timedelta(seconds=1))
    assert counting() == set()
    (said,) = judge(facts[0])
    assert InteractionClass.objects.get(interaction_id=facts[0]).made_by == "useless"
    actions.count_again(contact_id=1, discount_id=said, member_id=5, now=NOW)
    assert InteractionClass.objects.get(interaction_id=facts[0]).made_by == "machine"
    assert counting() == set()


def test_a_rebuild_gives_what_stood():
    facts = happened("form.submitted", "email.clicked", "email.opened")
    judge(facts[0], facts[1])
    (said,) = judge(*happened("quote.requested"), why=NotUseful.OLD)
    actions.count_again(contact_id=1, discount_id=said, member_id=5, now=NOW)
    assert actions.rebuild(flow.CONSUMERS).differences == 0
    assert InteractionClass.objects.filter(made_by="useless").count() == 2


def test_lately_is_told_by_kind_and_reason_the_most_frequent_first():
    judge(*happened("email.clicked", "email.clicked"), member=5)
    judge(*happened("form.submitted", contact=2), contact=2, why=NotUseful.OLD, member=6)
    judge(*happened("form.submitted", contact=3), contact=3, member=6, now=NOW - timedelta(days=40))
    rows, often = queries.judged_lately(now=NOW)
    assert list(often) == [
        ("email.clicked", NotUseful.MACHINE, 2),
        ("form.submitted", NotUseful.OLD, 1),
    ]
    assert len(rows) == 3
    assert [row.contact_id for row in queries.judged_lately(now=NOW, member_ids=[6])[0]] == [2]
