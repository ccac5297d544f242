"""Two who write in one meeting at the same moment: both are kept, and one form is kept once."""

import threading
from uuid import uuid4

from django.db import connection

from orchard.tasks.models import Task
from orchard.weekly import actions, queries
from orchard.weekly.models import Decision
from tests.make.members import member
from tests.rooms.weekly.test_notes_and_decisions import FRIDAY, NOW, WEEK


def at_once(functions):
    """Run functions in threads that begin together."""
    start = threading.Barrier(len(functions))

    def run(function):
        start.wait()
        function()
        connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_two_write_at_once_is_kept_of_both(own_database):
    writers = [member(name="Nora Lind"), member(name="Mei Tanabe")]

    def write(who):
        actions.write_note(week=WEEK, words=who.name, member_id=who.id, key=uuid4(), now=NOW)

    at_once([lambda who=who: write(who) for who in writers * 3])
    assert sorted(note.words for note in queries.notes(WEEK)) == ["Mei Tanabe"] * 3 + ["Nora Lind"] * 3


def test_a_decision_sent_twice_at_once_is_one_decision_and_one_step(own_database):
    nora, key = member(), uuid4()

    def send():
        actions.decide(
            week=WEEK,
            words="Send samples",
            member_id=nora.id,
            owner_id=nora.id,
            due_on=FRIDAY,
            key=key,
            now=NOW,
        )

    at_once([send] * 4)
    assert (Decision.objects.count(), Task.objects.count()) == (1, 1)
