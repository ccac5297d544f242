"""What one act did is told together: no step is lost, none is told twice, and none with somebody else's act."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchard.interactions.types import STEP_TURNS, Fact
from orchard.reports import rules

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KINDS = [*sorted(STEP_TURNS), "call.connected", "lead.accepted", "page.viewed"]


def fact(number, kind, member, contact, moment):
    at = NOW + timedelta(minutes=moment)
    return Fact(number, number, contact, None, kind, at, at, "", "", None, None, None, member, None, "", None)


@st.composite
def some_facts(draw):
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS), st.sampled_from([None, 1, 2]), st.integers(1, 2), st.integers(0, 2)
            ),
            max_size=12,
        )
    )
    facts = [fact(number, *row) for number, row in enumerate(rows, start=1)]
    return draw(st.permutations(facts))


@given(some_facts())
def test_a_step_goes_with_an_act_of_the_same_member_contact_and_moment_once(facts):
    known = {each.id: each for each in facts}
    told = rules.told_with(facts)
    steps = [step.id for found in told.values() for step in found]
    assert len(steps) == len(set(steps))
    for act, found in told.items():
        main = known[act]
        assert main.kind not in STEP_TURNS
        assert main.member_id is not None
        for step in found:
            assert step.kind in STEP_TURNS
            same = ("member_id", "contact_id", "recorded_at")
            assert [getattr(step, name) for name in same] == [getattr(main, name) for name in same]
    alone = [each for each in facts if each.kind in STEP_TURNS and each.id not in steps]
    acts = {
        (each.member_id, each.contact_id, each.recorded_at) for each in facts if each.kind not in STEP_TURNS
    }
    assert all(
        each.member_id is None or (each.member_id, each.contact_id, each.recorded_at) not in acts
        for each in alone
    )
