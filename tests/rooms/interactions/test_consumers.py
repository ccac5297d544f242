"""What a reader of the ledger may rely on: each fact once, poison set aside, the others served."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from orchard.interactions import actions, queries
from orchard.interactions.models import Cursor, InteractionClass, Stuck
from orchard.interactions.types import Consumer, Lane, NewFact, Sort

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Reader:
    """A consumer that remembers what it was handed, and chokes on some contacts."""

    def __init__(self, name="reader", *, after=(), chokes_on=()):
        self.handed = []
        self.chokes_on = set(chokes_on)
        self.consumer = Consumer(name, self.take, Sort.PROJECTION, after=after)

    def take(self, batch):
        if self.chokes_on & set(batch.contact_ids):
            raise ValueError("cannot digest this")
        self.handed += [(fact.contact_id, fact.id) for fact in batch.facts]

    @property
    def contacts(self):
        return [contact for contact, _ in self.handed]


def append(*contacts, lane=Lane.LIVE):
    actions.append([NewFact("form.submitted", NOW, contact_id=each) for each in contacts], now=NOW, lane=lane)


def test_each_fact_is_handed_once_in_the_order_of_its_place():
    reader = Reader()
    append(3, 1, 2)
    actions.drain([reader.consumer])
    append(1)
    actions.drain([reader.consumer])
    assert reader.contacts == [3, 1, 2, 1]


def test_a_live_fact_does_not_queue_behind_an_import():
    reader = Reader()
    append(*range(100), lane=Lane.BULK)
    append(500)
    actions.ensure_cursors([reader.consumer])
    actions.place()
    actions.read_on(reader.consumer, Lane.LIVE)
    assert reader.contacts == [500]


def test_a_poisonous_contact_is_parked_and_everybody_else_is_served():
    reader = Reader(chokes_on=[13])
    append(*range(10, 20), 13, 10)
    actions.drain([reader.consumer])
    assert sorted(reader.contacts) == sorted([*range(10, 13), *range(14, 20), 10])
    parked = Stuck.objects.get()
    assert (parked.contact_id, parked.error.split(" ")[0]) == (13, "ValueError")
    assert "cannot digest" not in parked.error, "nobody knows whom an error quotes"


def test_later_facts_of_a_parked_contact_wait_and_follow_in_order_after_a_retry():
    reader = Reader(chokes_on=[13])
    append(13, 14)
    actions.drain([reader.consumer])
    append(13, 15)
    actions.drain([reader.consumer])
    assert reader.contacts == [14, 15]
    reader.chokes_on.clear()
    actions.retry(reader.consumer, Stuck.objects.get().id)
    assert reader.contacts == [14, 15, 13, 13]
    assert queries.stuck_count() == 0


def test_a_retry_that_fails_again_keeps_the_contact_parked_with_the_new_error():
    reader = Reader(chokes_on=[13])
    append(13)
    actions.drain([reader.consumer])
    actions.retry(reader.consumer, Stuck.objects.get().id)
    assert Stuck.objects.get().contact_id == 13


def test_a_parked_contact_waits_in_the_other_lane_too():
    reader = Reader(chokes_on=[13])
    append(13)
    actions.drain([reader.consumer])
    append(13, 14, lane=Lane.BULK)
    actions.drain([reader.consumer])
    assert reader.contacts == [14]
    assert sorted(Stuck.objects.values_list("lane", flat=True)) == ["bulk", "live"]
    reader.chokes_on.clear()
    assert actions.retry(reader.consumer, Stuck.objects.first().id)
    assert reader.contacts == [14, 13, 13]
    assert not Stuck.objects.exists()


def test_a_parked_contact_that_was_joined_meanwhile_is_still_found_by_a_retry():
    reader = Reader(chokes_on=[13])
    append(13)
    actions.drain([reader.consumer])
    actions.join(old_id=13, living_id=20, now=NOW)
    reader.chokes_on.clear()
    actions.retry(reader.consumer, Stuck.objects.get().id)
    assert 20 in reader.contacts
    assert queries.stuck_count() == 0


def test_a_consumer_never_passes_the_one_it_comes_after():
    first, second = Reader("first"), Reader("second", after=("first",))
    append(1, 2)
    actions.ensure_cursors([first.consumer, second.consumer])
    actions.place()
    assert actions.read_on(second.consumer, Lane.LIVE) == 0
    actions.read_on(first.consumer, Lane.LIVE)
    actions.read_on(second.consumer, Lane.LIVE)
    assert second.contacts == [1, 2]


def test_an_effect_and_its_cursor_are_rolled_back_together():
    class Crash(BaseException):
        pass

    def crash(batch):
        append(99)
        raise Crash

    consumer = Consumer("crashing", crash, Sort.REACTION)
    append(1)
    actions.ensure_cursors([consumer])
    actions.place()
    with pytest.raises(Crash), transaction.atomic():
        actions.read_on(consumer, Lane.LIVE)
    assert Cursor.objects.get(consumer="crashing", lane="live").pos == 0
    assert queries.unplaced() == 0


def test_a_burst_of_clicks_is_a_scanner_and_an_opened_mail_proves_nothing():
    from orchard import flow

    clicks = [NewFact("email.clicked", NOW + timedelta(seconds=n), contact_id=1) for n in range(6)]
    calm = [NewFact("email.clicked", NOW + timedelta(hours=n), contact_id=2) for n in range(6)]
    actions.append([*clicks, *calm, NewFact("email.opened", NOW, contact_id=2)], now=NOW)
    actions.drain([flow.consumer("interactions.classify")])
    assert sorted(InteractionClass.objects.values_list("made_by", flat=True)) == ["machine"] * 6 + ["unsure"]


def test_classes_do_not_depend_on_the_order_of_arrival():
    from orchard import flow

    classify = [flow.consumer("interactions.classify")]
    for second in (5, 1, 3, 0, 2, 4):
        actions.append([NewFact("page.viewed", NOW + timedelta(seconds=second), contact_id=1)], now=NOW)
        actions.drain(classify)
    assert InteractionClass.objects.filter(made_by="machine").count() == 6


def told_of(batch):
    """Tell of each form once, as a reaction does."""
    news = [
        NewFact("verdict.changed", NOW, contact_id=fact.contact_id, key=f"told:{fact.id}")
        for fact in batch.facts
        if fact.kind == "form.submitted"
    ]
    actions.append(news, now=NOW)


def test_what_a_fact_leads_to_is_read_by_all_within_one_turn_of_the_live_lane():
    first, last = Reader("first"), Reader("last", after=("teller",))
    teller = Consumer("teller", told_of, Sort.REACTION, after=("first",))
    readers = [first.consumer, teller, last.consumer]
    actions.ensure_cursors(readers)
    append(1, 2)
    actions.place()
    actions.take_turn(readers, Lane.LIVE, news=actions.place_told)
    assert first.contacts == last.contacts == [1, 2, 1, 2]
    assert actions.take_turn(readers, Lane.LIVE, news=actions.place_told) == 0


def test_what_comes_from_outside_waits_for_its_place_until_what_was_told_has_one():
    teller = Consumer("teller", told_of, Sort.REACTION)
    actions.ensure_cursors([teller])
    append(1)
    actions.place()
    actions.read_on(teller, Lane.LIVE)
    with connection.cursor() as cursor:  # as every transaction but that of a reader
        cursor.execute("SELECT set_config('orchard.reading', '', true)")
    append(2)
    assert actions.place_told() == 1
    assert actions.place_told() == 0
    assert actions.place() == 1


def test_a_group_that_reads_together_reads_one_by_one_where_one_of_it_is_poisoned():
    first, second = Reader("first"), Reader("second", after=("first",), chokes_on=[13])
    readers = [replace(first.consumer, with_next=True), second.consumer]
    actions.ensure_cursors(readers)
    append(12)
    actions.place()
    assert actions.take_turn(readers, Lane.LIVE, news=actions.place_told) == 2
    append(13, 14)
    actions.place()
    while actions.take_turn(readers, Lane.LIVE, news=actions.place_told):
        pass
    assert second.contacts == [12, 14]
    assert [(stuck.consumer, stuck.contact_id) for stuck in Stuck.objects.all()] == [("second", 13)]
    assert set(Cursor.objects.filter(lane=Lane.LIVE).values_list("pos", flat=True)) == {3}
    append(15)
    actions.place()
    actions.take_turn(readers, Lane.LIVE, news=actions.place_told)
    assert (first.contacts[-1], second.contacts[-1]) == (15, 15)


def test_who_reads_in_bulk_stays_at_the_end_while_only_live_facts_come():
    reader = Reader()
    append(1, lane=Lane.BULK)
    actions.drain([reader.consumer])
    append(2, 3)
    actions.place()
    assert set(Cursor.objects.values_list("lane", "pos")) == {("bulk", 3), ("live", 1)}
    append(4, lane=Lane.BULK)
    actions.place()
    assert Cursor.objects.get(lane=Lane.BULK).pos == 3
    actions.drain([reader.consumer])
    assert reader.contacts == [1, 2, 3, 4]


def test_many_facts_at_once_are_read_by_each_of_a_group_by_itself():
    sizes = []
    first = Consumer("first", lambda batch: sizes.append(len(batch.facts)), Sort.PROJECTION, with_next=True)
    second = Consumer("second", lambda batch: sizes.append(len(batch.facts)), Sort.PROJECTION)
    actions.ensure_cursors([first, second])
    append(*range(250))
    actions.place()
    actions.take_turn([first, second], Lane.LIVE, news=actions.place_told)
    assert sizes == [250, 250]


def test_who_names_kinds_is_handed_those_alone_and_goes_past_the_rest():
    reader = Reader()
    changes = replace(reader.consumer, kinds=frozenset({"contact.changed"}))
    append(1, 2)
    actions.append([NewFact("contact.changed", NOW, contact_id=each) for each in (3, 4)], now=NOW)
    append(5)
    actions.drain([changes])
    assert reader.contacts == [3, 4]
    assert Cursor.objects.get(consumer="reader", lane=Lane.LIVE).pos == queries.head()


def test_who_names_kinds_reads_no_more_of_them_at_once_than_it_is_to(monkeypatch):
    reader = Reader()
    monkeypatch.setattr(sys.modules["orchard.interactions.actions.read_on"], "_SPAN", 3)
    changes = replace(reader.consumer, kinds=frozenset({"contact.changed"}))
    for contact in range(1, 6):
        append(100)
        actions.append([NewFact("contact.changed", NOW, contact_id=contact)], now=NOW)
    actions.ensure_cursors([changes])
    actions.place()
    actions.read_on(changes, Lane.LIVE, limit=1)
    assert reader.contacts == [1]
    while actions.read_on(changes, Lane.LIVE, limit=2):
        pass
    assert reader.contacts == [1, 2, 3, 4, 5]


def test_what_waits_for_who_names_kinds_is_of_those_kinds_when_it_is_tried_again():
    reader = Reader(chokes_on=[13])
    changes = replace(reader.consumer, kinds=frozenset({"contact.changed"}))
    actions.append([NewFact("contact.changed", NOW, contact_id=13)], now=NOW)
    append(13)
    actions.drain([changes])
    reader.chokes_on.clear()
    actions.retry(changes, Stuck.objects.get().id)
    assert reader.contacts == [13]
    assert not Stuck.objects.exists()


def read_of_the_ledger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'interaction'"
        )
        return cursor.fetchone()[0]


def test_of_a_long_backlog_each_run_reads_no_more_than_it_hands_on():
    """Also of what is newer than the statistics by which PostgreSQL plans."""
    reader, runs, few = Reader(), 6, 500
    actions.ensure_cursors([reader.consumer])
    append(*range(4_000), lane=Lane.BULK)
    actions.drain([reader.consumer])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE interaction, ledger_order")
    append(*range(10_000), lane=Lane.BULK)
    actions.place()
    reader.handed.clear()
    before = read_of_the_ledger()
    for _ in range(runs):
        actions.read_on(reader.consumer, Lane.BULK, limit=few)
    assert len(reader.handed) == runs * few
    assert read_of_the_ledger() - before < 2 * runs * few
