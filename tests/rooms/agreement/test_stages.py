"""The stage as a fold: it follows the facts in the order in which they happened, however they arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchard.agreement.rules import OWN, TURNS, Owed, Standing, fold, owed
from orchard.interactions.types import Fact

BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)


def at(hour):
    return BEGIN + timedelta(hours=hour)


def fact(kind, hour, pos=0, direction=""):
    return Fact(
        pos, pos, 1, None, kind, at(hour), at(hour), direction, "", None, None, None, None, None, "", None
    )


def told(*kinds):
    """Return facts an hour apart: `+` and `-` are a verdict that came and one that lapsed."""
    ways = {"+": ("verdict.changed", "in"), "-": ("verdict.changed", "out")}
    facts = [ways.get(kind, (kind, "")) for kind in kinds]
    return [fact(kind, hour, hour, direction) for hour, (kind, direction) in enumerate(facts)]


def stage(*kinds):
    standing = fold(told(*kinds))
    return standing.stage if standing else "contact"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), "contact"),
        (("email.opened", "email.clicked", "page.viewed", "call.connected"), "contact"),
        (("form.submitted",), "engaged"),
        (("+",), "qualified"),
        (("form.submitted", "+"), "qualified"),
        (("form.submitted", "+", "-"), "engaged"),
        (("+", "-"), "contact"),
        (("+", "show.visited", "-"), "engaged"),
        (("+", "-", "show.visited"), "engaged"),
        (("-",), "contact"),
        (("lead.returned", "+"), "qualified"),
        (("lead.returned", "form.submitted"), "nurturing"),
        (("form.submitted", "lead.returned", "+", "-"), "nurturing"),
        (("+", "lead.accepted"), "accepted"),
        (("+", "lead.accepted", "-", "+"), "accepted"),
        (("+", "lead.accepted", "lead.returned"), "nurturing"),
        (("lead.disqualified", "+", "show.visited"), "disqualified"),
        (("lead.disqualified", "opportunity.lost"), "disqualified"),
        (("lead.disqualified", "lead.accepted"), "accepted"),
        (("opportunity.opened", "lead.accepted"), "opportunity"),
        (("opportunity.opened", "opportunity.lost"), "nurturing"),
        (("opportunity.lost", "+"), "qualified"),
        (("+", "lead.returned", "lead.eligible"), "qualified"),
        (("+", "lead.returned", "lead.eligible", "-"), "nurturing"),
        (("+", "lead.returned", "-", "lead.eligible"), "nurturing"),
        (("+", "opportunity.lost", "lead.eligible"), "qualified"),
        (("+", "lead.disqualified", "lead.reinstated"), "qualified"),
        (("+", "lead.disqualified", "lead.reinstated", "opportunity.lost"), "nurturing"),
        (("lead.disqualified", "lead.reinstated"), "nurturing"),
        (("+", "lead.accepted", "lead.eligible"), "accepted"),
        (("lead.eligible",), "contact"),
        (("opportunity.won",), "customer"),
        (
            (
                "opportunity.won",
                "+",
                "-",
                "lead.accepted",
                "lead.returned",
                "lead.disqualified",
                "opportunity.opened",
                "opportunity.lost",
            ),
            "customer",
        ),
    ],
)
def test_what_happens_leads_to_this_stage(kinds, expected):
    assert stage(*kinds) == expected


def test_the_stage_holds_since_the_fact_that_led_there():
    standing = fold(told("form.submitted", "show.visited", "+", "show.visited", "+"))
    assert (standing.stage, standing.since) == ("qualified", at(2))
    standing = fold(told("form.submitted", "+", "-", "show.visited"))
    assert (standing.stage, standing.since) == ("engaged", at(2))


def test_each_return_is_a_round_and_a_customer_s_too():
    assert fold(told("lead.returned", "lead.accepted", "lead.returned", "lead.returned")).rounds == 3
    assert fold(told("opportunity.won", "lead.accepted", "lead.returned")).rounds == 1


def test_what_happened_at_one_time_counts_in_the_order_of_the_ledger():
    came, lapsed = fact("verdict.changed", 0, 1, "in"), fact("verdict.changed", 0, 2, "out")
    assert fold([lapsed, came]).stage == "contact"


@st.composite
def facts(draw):
    kinds = st.sampled_from(
        [*sorted(TURNS), *["verdict.changed"] * 6, *["show.visited"] * 8, "email.clicked"]
    )
    found = draw(st.lists(st.tuples(kinds, st.integers(0, 6), st.sampled_from(["in", "out"])), max_size=12))
    return [
        fact(kind, hour, pos, way if kind == "verdict.changed" else "")
        for pos, (kind, hour, way) in enumerate(found)
    ]


@given(facts(), st.data())
def test_the_order_of_arrival_does_not_matter(past, data):
    assert fold(data.draw(st.permutations(past))) == fold(past)


@given(facts(), st.data())
def test_own_interactions_that_arrive_ask_for_no_less_than_a_fold_over_all(past, data):
    """Whatever arrives in whatever order and in whatever batches, the short way ends where the whole past does."""
    standing, seen = None, []
    waiting = data.draw(st.permutations(past))
    while waiting:
        size = data.draw(st.integers(1, len(waiting)))
        batch, waiting = waiting[:size], waiting[size:]
        seen += batch
        own = [each.occurred_at for each in batch if each.kind in OWN]
        if any(each.kind in TURNS for each in batch):
            standing = fold(seen)
        elif own:
            match owed(standing, min(own)):
                case Owed.ENGAGE:
                    standing = Standing("engaged", "engaged", min(own), unaided=True)
                case Owed.FOLD:
                    standing = fold(seen)
        assert standing == fold(seen)
