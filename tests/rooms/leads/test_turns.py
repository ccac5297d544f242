"""Turns and routing as pure rules: fair whatever comes, and nobody is asked twice or in vain."""

from hypothesis import given
from hypothesis import strategies as st

from orchard.agreement.types import Route
from orchard.leads.rules import STRIDE, Known, Mark, Takers, Turns, chosen, pools_of
from orchard.team.types import Taker

WEIGHTS = st.dictionaries(st.integers(1, 30), st.integers(1, 10), min_size=1, max_size=12)


@given(WEIGHTS, st.integers(1, 400))
def test_each_gets_leads_by_weight_to_within_one(weights, leads):
    turns = Turns(weights, {})
    got = dict.fromkeys(weights, 0)
    for _ in range(leads):
        got[turns.next(weights.keys())] += 1
    share = leads / sum(weights.values())
    # By weight, each is ahead of nobody by more than one of its own leads.
    ends = [got[each] / weights[each] for each in weights]
    assert max(ends) - min(ends) <= 1
    if set(weights.values()) == {1}:
        assert max(got.values()) - min(got.values()) <= 1
    assert all(abs(got[each] - share * weights[each]) <= weights[each] for each in weights)


@given(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=200))
def test_the_turns_go_on_where_they_were_kept_and_nobody_catches_up(there):
    """Each day others are there; whoever was away gets no more than one lead ahead of the others of that day."""
    marks, floor, served = {}, 0, 0
    for present in there:
        turns = Turns(dict.fromkeys(present, 1), marks, floor=floor, served=served)
        got = [turns.next(present) for _ in range(2 * len(present))]
        assert max(map(got.count, present)) - min(map(got.count, present)) <= 2
        marks, floor, served = {**marks, **turns.changed}, turns.floor, turns.served
        assert all(mark.at >= floor for mark in turns.changed.values())


@given(WEIGHTS, st.sets(st.integers(1, 30)))
def test_nobody_who_was_asked_or_has_no_room_is_next(weights, asked):
    turns = Turns(weights, {})
    free = set(list(weights)[::2])
    found = turns.next(free, asked)
    assert found is None if free <= asked else found in free - asked


def test_a_newcomer_begins_where_the_others_are():
    turns = Turns({1: 1, 2: 1}, {1: Mark(9 * STRIDE, 9)}, floor=8 * STRIDE, served=9)
    assert [turns.next({1, 2}) for _ in range(4)] == [2, 1, 2, 1]


def route(to, **more):
    return Route.model_validate({"to": to, **more})


def takers(*away):
    people = [
        Taker(1, "ada@x.example", "alps", 7, 5, 1),
        Taker(2, "bob@x.example", "alps", None, 5, 1),
        Taker(3, "cy@x.example", "", 8, 5, 1),
    ]
    return Takers(people, frozenset(away))


def codes(routes, holds=None, known=None, away=()):
    holds = holds or (True,) * len(routes)
    return [(each.code, each.row) for each in pools_of(routes, holds, known or Known(), takers(*away))]


def test_rows_are_tried_in_their_order_until_one_that_names_several():
    routes = [route({"member": "cy@x.example"}), route({"team": "alps"}), route("account_owner")]
    assert codes(routes) == [("member:3", 0), ("team:alps", 1)]
    assert codes(routes, (False, True, True)) == [("team:alps", 1)]


def test_who_met_them_last_comes_first_then_whoever_met_them_before():
    assert codes([route("who_met_them")], known=Known(met_by=(2, 3))) == [
        ("member:2", 0),
        ("member:3", 0),
        ("everybody", None),
    ]


def test_a_row_that_leads_to_nobody_passes_on():
    routes = [route({"team": "nowhere"}), route({"member": "gone@x.example"}), route("account_owner")]
    assert codes(routes, known=Known(owner_id=99)) == [("everybody", None)]
    assert codes([route("account_owner")], known=Known(owner_id=1), away=(1,)) == [("everybody", None)]


def test_without_a_row_the_territory_of_the_country_decides_if_anybody_is_there():
    assert codes([], known=Known(territories=(7,))) == [("territory:7", None)]
    assert codes([], known=Known(territories=(7, 8)), away=(1,)) == [("territory:8", None)]
    assert codes([route("territory")], known=Known(territories=(8,))) == [("territory:8", 0)]


def test_where_nobody_takes_leads_there_is_no_pool():
    assert codes([], away=(1, 2, 3)) == []


@given(st.sets(st.integers(1, 3)), st.sets(st.integers(1, 3)))
def test_a_pool_that_is_chosen_has_somebody_present_who_was_not_asked(asked, away):
    routes = [route({"member": "ada@x.example"}), route({"team": "alps"})]
    there = takers(*away)
    pool = chosen(pools_of(routes, (True, True), Known(), there), asked, there)
    # Those of the team decide; everybody else only where none of them is there.
    reach = {1, 2} - away or {3} - away
    if pool is None:
        assert not reach - asked
    else:
        assert there.pools[pool.code] - asked
