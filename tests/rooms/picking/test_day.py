"""In which order a day goes, as a pure rule."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchard.picking.rules import day
from orchard.picking.types import MOST, Candidate, Reason

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        reason=st.sampled_from(list(Reason)),
        contact_id=st.one_of(st.none(), st.integers(1, 12)),
        at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)), st.dates()),
        lead_id=st.integers(1, 99),
        score=st.integers(0, 999),
    ),
    max_size=40,
)


@given(CANDIDATES)
def test_nobody_stands_in_a_day_twice_nobody_is_lost_and_it_has_an_end(candidates):
    lines, more = day(candidates)
    named = [each.contact_id for each in lines if each.contact_id is not None]
    assert len(named) == len(set(named))
    assert len(lines) <= MOST
    people = {each.contact_id for each in candidates if each.contact_id is not None}
    nameless = [each for each in candidates if each.contact_id is None]
    assert len(lines) + more == len(people) + len(nameless)


@given(CANDIDATES)
def test_clocks_come_before_steps_steps_before_what_has_none_and_the_basket_last(candidates):
    rank = {Reason.ACCEPT: 0, Reason.ATTEMPT: 0, Reason.STEP: 1, Reason.NO_STEP: 2, Reason.BASKET: 3}
    ranks = [rank[each.reason] for each in day(candidates, most=99)[0]]
    assert ranks == sorted(ranks)


def test_clocks_go_by_when_they_run_out_and_the_basket_by_score():
    late = Candidate(Reason.ACCEPT, 1, MONDAY + timedelta(hours=3), lead_id=1)
    soon = Candidate(Reason.ATTEMPT, 2, MONDAY + timedelta(hours=1), lead_id=2)
    cold, hot = (Candidate(Reason.BASKET, each, lead_id=each, score=each) for each in (3, 4))
    overdue = Candidate(Reason.STEP, 5, date(2026, 10, 30), step_id=1)
    assert day([cold, hot, late, overdue, soon])[0] == [soon, late, overdue, hot, cold]


def test_of_several_reasons_the_first_counts():
    step, clock = Candidate(Reason.STEP, 1, date(2026, 11, 2)), Candidate(Reason.ACCEPT, 1, MONDAY)
    assert day([step, clock]) == ([clock], 0)
