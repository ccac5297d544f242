"""What holds when every consumer reads in a thread of its own, until the ledger is read to its end."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError, transaction

from orchard.interactions import actions, jobs, queries
from orchard.interactions.models import Cursor, Stuck
from orchard.interactions.types import Consumer, Lane, NewFact, Seen, Sort

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class Reader:
    """A consumer that remembers what it was handed; who comes after another sees how far that one is."""

    def __init__(self, name, *, before=None, chokes_on=None, does=None, patient=False):
        self.handed, self.early = [], []
        self.before, self.chokes_on, self.does = before, chokes_on, does
        after = (before.consumer.name,) if before else ()
        self.consumer = Consumer(name, self.take, Sort.PROJECTION, after=after, patient=patient)

    def take(self, batch):
        if self.chokes_on in batch.contact_ids:
            raise ValueError("cannot digest this")
        if self.does:
            self.does(batch)
        ids = [fact.id for fact in batch.facts]
        if self.before:
            self.early += set(ids).difference(self.before.handed)
        self.handed += ids


def append(count, *, lane=Lane.BULK):
    with transaction.atomic():
        facts = [NewFact("form.submitted", NOW, contact_id=number % 50 + 1) for number in range(count)]
        return actions.append(facts, now=NOW, lane=lane)


def test_each_fact_is_handed_once_to_each_and_never_before_its_turn(own_database):
    first = Reader("first")
    second = Reader("second", before=first)
    ids = [*append(25_000), *append(300, lane=Lane.LIVE)]
    assert jobs.read_to_the_end([first.consumer, second.consumer]) == 25_300
    assert sorted(first.handed) == sorted(second.handed) == sorted(ids)
    assert second.early == []
    assert queries.is_read(["first", "second"])


def test_what_a_consumer_appends_is_read_before_the_end(own_database):
    def answer(batch):
        asked = [fact for fact in batch.facts if fact.kind == "form.submitted"]
        answers = [
            NewFact("mail.logged", NOW, contact_id=fact.contact_id, key=f"answer:{fact.id}") for fact in asked
        ]
        actions.append(answers, now=NOW)

    first = Reader("first", does=answer)
    second = Reader("second", before=first)
    append(120)
    assert jobs.read_to_the_end([first.consumer, second.consumer]) == 240
    assert len(first.handed) == len(second.handed) == 240


def test_a_poisonous_contact_is_set_aside_and_everyone_else_goes_on(own_database):
    first, second = Reader("first", chokes_on=7), Reader("second")
    ids = append(2_000)
    jobs.read_to_the_end([first.consumer, second.consumer])
    assert len(first.handed) == 1_960
    assert sorted(second.handed) == sorted(ids)
    assert list(Stuck.objects.values_list("consumer", "contact_id")) == [("first", 7)]


def test_a_database_that_goes_away_ends_all_of_them_with_its_error(own_database):
    def fail(batch):
        raise OperationalError("the server is gone")

    first = Reader("first", does=fail)
    second = Reader("second", before=first)
    append(10)
    with pytest.raises(OperationalError, match="gone"):
        jobs.read_to_the_end([first.consumer, second.consumer])
    assert second.handed == []


def test_the_more_waits_the_more_is_read_at_once_as_far_as_memory_goes():
    gigabyte = 2**30
    assert jobs.stride(1_000, 16 * gigabyte) == jobs.ALONE
    assert jobs.stride(4_000_000, 16 * gigabyte) == 200_000
    assert jobs.stride(4_000_000, 4 * gigabyte) == 4 * gigabyte // (12 * 520 * 8)
    assert jobs.stride(4_000_000, gigabyte // 2) == jobs.ALONE


def test_what_waits_is_what_the_last_has_to_read_and_what_has_no_place_yet(own_database):
    first, second = Reader("first"), Reader("second")
    append(100)
    jobs.read_to_the_end([first.consumer])
    append(20)
    actions.ensure_cursors([second.consumer])
    assert queries.waiting(["first"]) == 20
    assert queries.waiting(["first", "second"]) == 120


def test_who_was_moved_on_by_another_process_holds_nobody_up(own_database):
    first = Reader("first")
    second = Reader("second", before=first)
    append(60)
    both = [first.consumer, second.consumer]
    actions.ensure_cursors(both)
    while actions.place():
        pass
    shared = actions.Shared(window=20)
    for each in both:
        actions.read_on(each, Lane.BULK, limit=10, shared=shared)
    while actions.read_on(first.consumer, Lane.BULK, limit=10, shared=shared):
        pass
    reached = Cursor.objects.get(consumer="first", lane=Lane.BULK).pos
    assert reached < 60
    Cursor.objects.filter(consumer="second", lane=Lane.BULK).update(pos=reached)
    assert not actions.read_on(second.consumer, Lane.BULK, limit=10, shared=shared)
    assert actions.read_on(first.consumer, Lane.BULK, limit=10, shared=shared) == 10


class Looker(Reader):
    """A consumer that looks at people with everything that stands of them, and not again for what stood then."""

    def __init__(self, name, **others):
        super().__init__(name, **others)
        self.looked = []

    def take(self, batch):
        super().take(batch)
        people = batch.seen.yet(batch.contact_ids, last=batch.facts[-1].pos, by="the terms")
        self.looked += sorted(people)
        batch.seen.note(people, upto=batch.upto)


@pytest.fixture
def looks(own_database):
    """One who looks at fifty people in strides of fifty facts, and how he reads on; before him all is read."""
    first = Reader("first")
    looker = Looker("looker", before=first)
    append(150)
    actions.ensure_cursors([first.consumer, looker.consumer])
    while actions.place():
        pass
    while actions.read_on(first.consumer, Lane.BULK):
        pass
    shared = actions.Shared()
    return looker, lambda: actions.read_on(looker.consumer, Lane.BULK, limit=50, shared=shared)


def test_whoever_was_looked_at_with_all_that_stands_is_not_looked_at_again_for_it(looks):
    looker, go_on = looks
    while go_on():
        pass
    assert len(looker.handed) == 150
    assert looker.looked == list(range(1, 51))


def test_what_came_after_the_look_is_looked_at(looks):
    looker, go_on = looks
    while go_on():
        pass
    append(1)
    while actions.place() or actions.read_on(looker.before.consumer, Lane.BULK):
        pass
    assert go_on()
    assert looker.looked == [*range(1, 51), 1]


def test_where_another_process_moved_the_cursor_all_are_looked_at_again(looks):
    looker, go_on = looks
    go_on()
    Cursor.objects.filter(consumer="looker", lane=Lane.BULK).update(moved_at=NOW)
    go_on()
    assert looker.looked == 2 * list(range(1, 51))


def test_a_look_that_failed_is_taken_again(looks):
    looker, go_on = looks

    def fail(batch):
        batch.seen.note(batch.contact_ids, upto=batch.upto)
        raise OperationalError("the server is gone")

    looker.does = fail
    with pytest.raises(OperationalError):
        go_on()
    looker.does = None
    go_on()
    assert looker.looked == list(range(1, 51))


def test_a_patient_consumer_lets_those_before_it_go_ahead(own_database, monkeypatch):
    monkeypatch.setattr(jobs, "ALONE", 500)
    monkeypatch.setattr(jobs, "AHEAD", 20)
    first = Reader("first")
    looker = Looker("looker", before=first, patient=True)
    append(5_000)
    while actions.place():
        pass
    jobs.read_to_the_end([first.consumer, looker.consumer])
    assert len(looker.handed) == 5_000
    assert looker.looked == list(range(1, 51))


def test_other_terms_are_a_reason_to_look_again():
    seen = Seen()
    assert seen.yet([1, 2], last=5, by="these") == {1, 2}
    seen.note([1, 2], upto=7)
    assert seen.yet([1, 2, 3], last=7, by="these") == {3}
    assert seen.yet([1], last=8, by="these") == {1}
    assert seen.yet([1], last=7, by="those") == {1}
