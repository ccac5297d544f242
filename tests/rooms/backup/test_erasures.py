"""Who was erased since a backup is erased again after its restore, by a list that lies outside of it."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from orchard.backup import actions
from orchard.contacts import actions as contacts
from orchard.contacts import jobs, queries
from orchard.contacts.models import Contact, Merge
from orchard.contacts.queries import erasures
from orchard.kit import clock
from tests.make import agreements, database

NOW = agreements.NOW
LATER = NOW + timedelta(days=3)


@pytest.fixture
def listed(settings, tmp_path):
    """Let the list lie on another disk, so to say."""
    settings.ORCHARD_HOME = tmp_path / "home"
    settings.ORCHARD_HOME.mkdir()
    settings.ORCHARD_ERASURES = tmp_path / "other" / "erasures.jsonl"
    return settings.ORCHARD_ERASURES


@pytest.fixture
def kept(own_database, listed, tmp_path):
    """Give a way to take the backup, and one to be in what it was restored to."""
    path = tmp_path / "all.backup"
    with clock.at(NOW):
        agreements.in_force()

    class Kept:
        def take(self):
            actions.back_up(path=path, now=NOW)

        @contextmanager
        def restored(self):
            name = f"{own_database}_again"
            database.clone(name)
            try:
                with database.inside(name):
                    yield actions.restore(path=path, now=LATER)
            finally:
                database.drop(name)

    return Kept()


def contact(name, at=NOW):
    return contacts.create_contact(
        full_name=name, emails=[f"{name.lower().replace(' ', '.')}@example.com"], now=at
    )


def erase(contact_id, at=NOW + timedelta(days=1)):
    contacts.erase_contact(contact_id=contact_id, now=at, actor_id=None)


def erased():
    return set(Contact.objects.filter(erased_at__isnull=False).values_list("full_name", "id"))


def test_whoever_was_erased_since_is_erased_again_and_nobody_else(kept, listed):
    ada, ben = contact("Ada"), contact("Ben")
    kept.take()
    erase(ada)
    assert [json.loads(line)["contact"] for line in listed.read_text().splitlines()] == [ada]
    assert "Ada" not in listed.read_text()
    with kept.restored() as found:
        assert (found.erased_again, found.left) == (1, ())
        assert erased() == {(None, ada)}
        assert Contact.objects.get(id=ben).full_name == "Ben"
        assert queries.suppressed(["ada@example.com"])
        assert not queries.find_by_email("ada@example.com")
    assert len(listed.read_text().splitlines()) == 1, "what comes from the list is not written to it again"


def test_who_was_joined_with_somebody_since_is_erased_under_both_ids(kept):
    ada, twin = contact("Ada"), contact("Ada B")
    kept.take()
    contacts.merge(survivor_id=ada, loser_id=twin, now=NOW, actor_id=None)
    erase(ada)
    with kept.restored() as found:
        assert found.erased_again == 2
        assert erased() == {(None, ada), (None, twin)}


@pytest.mark.parametrize("survivor_goes", [True, False])
def test_who_was_parted_from_somebody_since_does_not_take_them_along(kept, survivor_goes):
    ada, ben = contact("Ada"), contact("Ben")
    merge_id = contacts.merge(survivor_id=ada, loser_id=ben, now=NOW, actor_id=None)
    kept.take()
    contacts.unmerge(merge_id=merge_id, now=NOW, actor_id=None)
    gone, stays = (ada, ben) if survivor_goes else (ben, ada)
    erase(gone)
    with kept.restored() as found:
        assert found.erased_again == 1
        assert erased() == {(None, gone)}
        assert Contact.objects.get(id=stays).full_name
        assert Merge.objects.filter(undone_at__isnull=True).count() == 0


def test_a_number_that_was_given_away_again_is_another_person(kept):
    kept.take()
    gone = contact("Ada")
    erase(gone)
    with kept.restored() as found:
        assert found.erased_again == 0
        again = contact("Ben", at=LATER)
        assert again == gone
        contacts.erase_again(now=LATER)
        assert Contact.objects.get(id=again).full_name == "Ben"


def test_what_a_crash_kept_from_the_list_the_clockwork_writes(kept, listed):
    ada, ben = contact("Ada"), contact("Ben")
    erase(ada)
    erase(ben)
    listed.write_text(listed.read_text().splitlines()[0] + '\n{"contact": 4')
    assert set(erasures.listed()) == {ada}
    assert jobs.note_erasures(LATER) == 1
    assert set(erasures.listed()) == {ada, ben}
    assert jobs.note_erasures(LATER) == 0


def test_an_erasure_that_is_taken_back_is_not_on_the_list(kept, listed):
    from django.db import transaction

    ada = contact("Ada")
    with transaction.atomic():
        erase(ada)
        transaction.set_rollback(True)
    assert not listed.exists()
