"""Two follow stages at the same moment: nobody waits for a stranger, and the older state never overwrites the newer."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from orchard.agreement.actions import stages
from orchard.agreement.models import StageReached
from orchard.agreement.rules import fold
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class Slow:
    """Somebody who follows stages, has read the past of contacts, and takes its time before it writes."""

    def __init__(self, monkeypatch, contact_ids):
        self.has_read, self.may_write = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=followed, args=(contact_ids,))
        monkeypatch.setattr(stages, "fold", self.fold)

    def fold(self, facts):
        if threading.current_thread() is self.thread:
            self.has_read.set()
            assert self.may_write.wait(20)
        return fold(facts)

    def __enter__(self):
        self.thread.start()
        assert self.has_read.wait(20)
        return self

    def __exit__(self, *_):
        self.may_write.set()
        self.thread.join()


def followed(contact_ids):
    try:
        stages.follow_stages(own={}, turned=contact_ids)
    finally:
        connection.close()


def happened(contact_id, kind):
    with transaction.atomic():
        ledger.append([NewFact(kind, NOW, contact_id=contact_id)], now=NOW)
    while ledger.place():
        pass


def stage(contact_id):
    return StageReached.objects.get(contact_id=contact_id).stage


@pytest.fixture
def people(own_database):
    ids = [contacts.create_contact(full_name=name, now=NOW) for name in ("Ada", "Bea")]
    for each in ids:
        happened(each, "form.submitted")
    return ids


def test_a_long_run_holds_up_nobody_but_its_own_contacts(people, monkeypatch):
    ada, bea = people
    with Slow(monkeypatch, [ada]):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        stages.follow_stages(own={}, turned=[bea])
        assert stage(bea) == "engaged"
        assert not StageReached.objects.filter(contact_id=ada).exists()
    assert stage(ada) == "engaged"


@pytest.mark.parametrize("known", [False, True])
def test_who_read_earlier_does_not_overwrite_who_read_later(people, monkeypatch, known):
    ada, bea = people
    if known:
        stages.follow_stages(own={}, turned=people)
    later = threading.Thread(target=followed, args=([bea, ada],))
    with Slow(monkeypatch, [ada, bea]):
        happened(ada, "opportunity.won")
        later.start()
        later.join(0.5)
    later.join()
    assert (stage(ada), stage(bea)) == ("customer", "engaged")
