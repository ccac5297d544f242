"""What happened in order: touches keep their number, channels narrow it, and no length makes it slow."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from orchard.interactions import actions, queries
from orchard.interactions.types import CHANNELS, KINDS, TALKS, NewFact, channel_of, kinds_in

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MANY = 50_000

pytestmark = pytest.mark.django_db


def happened(*kinds, contact=1, account=None):
    """Append facts a minute apart, the first the oldest; return their ids."""
    ids = actions.append(
        [
            NewFact(kind, NOW + timedelta(minutes=minute), contact_id=contact, account_id=account)
            for minute, kind in enumerate(kinds)
        ],
        now=NOW,
    )
    while actions.place():
        pass
    return ids


def told(page):
    return [(moment.fact.kind, moment.touch) for moment in page.page.rows]


def test_every_kind_stands_in_one_channel_and_talks_are_the_touches():
    assert {channel_of(kind) for kind in KINDS.values()} == set(CHANNELS)
    assert sum(len(kinds_in(channel)) for channel in CHANNELS) == len(KINDS)
    assert "call.connected" in kinds_in(TALKS)
    assert "call.attempted" not in kinds_in(TALKS)
    assert kinds_in("nonsense") is None


def test_a_touch_keeps_its_number_whatever_the_timeline_is_narrowed_to():
    happened("call.connected", "email.clicked", "meeting.held", "call.attempted", "call.connected")
    assert told(queries.timeline([1], channel=TALKS)) == [
        ("call.connected", 3), ("meeting.held", 2), ("call.connected", 1),
    ]  # fmt: skip
    assert told(queries.timeline([1], channel="phone")) == [
        ("call.connected", 3), ("call.attempted", None), ("call.connected", 1),
    ]  # fmt: skip


def test_counts_are_of_all_pages_and_channels():
    happened(*["page.viewed"] * 7, "call.connected")
    page = queries.timeline([1], channel="phone", size=3)
    assert page.counts == {"page.viewed": 7, "call.connected": 1}
    assert queries.timeline([2]).counts == {}


def test_a_narrowed_timeline_is_walked_forth_and_back_without_gap_or_repetition():
    happened(*["page.viewed", "email.clicked"] * 8)
    walked, cursor = [], ""
    for _ in range(3):
        page = queries.timeline([1], channel="web", cursor=cursor, size=3).page
        walked += [moment.fact.id for moment in page.rows]
        cursor = page.next
    assert len(walked) == len(set(walked)) == 8
    assert cursor == ""
    back = queries.timeline([1], channel="web", cursor=page.previous, size=3).page
    assert [moment.fact.id for moment in back.rows] == walked[3:6]


def test_a_company_adds_what_is_told_of_it_and_of_nobody_in_person():
    happened("account.changed", contact=None, account=7)
    happened("account.changed", contact=None, account=8)
    happened("call.connected", contact=1, account=7)
    assert told(queries.timeline([1], account_id=7)) == [("call.connected", 1), ("account.changed", None)]
    assert told(queries.timeline([1])) == [("call.connected", 1)]


def test_a_withdrawn_fact_of_a_company_is_gone():
    (fact,) = happened("account.changed", contact=None, account=7)
    actions.withdraw(interaction_ids=[fact], now=NOW)
    while actions.place():
        pass
    kinds = [moment.fact.kind for moment in queries.timeline([], account_id=7).page.rows]
    assert kinds == []


def test_fifty_thousand_facts_are_walked_in_well_under_a_second():
    kinds = ["page.viewed", "email.clicked", "email.sent", "call.connected", "contact.changed"]
    happened(*kinds * (MANY // len(kinds)))
    begun = time.monotonic()
    first = queries.timeline([1]).page
    queries.timeline([1], channel="phone", cursor=first.next)
    assert time.monotonic() - begun < 1.5
