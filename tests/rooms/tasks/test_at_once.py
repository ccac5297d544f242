"""Two clocks, two clicks, two colleagues at the same moment: each thing happens once."""

import threading
from datetime import timedelta
from uuid import uuid4

from django.db import connection

from orchard import flow
from orchard.interactions.models import Interaction
from orchard.outbox.models import Message
from orchard.tasks import actions
from orchard.tasks.models import Notice, Task
from orchard.tasks.types import Happened, NewStep, NotOpen, What
from tests.make.members import member
from tests.make.steps import NOW, day, step


def at_once(times, function):
    """Run a function in several threads that begin together; return what they answered."""
    start, answers = threading.Barrier(times), []

    def run():
        start.wait()
        try:
            answers.append(function())
        except NotOpen:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_clocks_that_run_at_once_remind_and_mail_of_each_step_once(own_database):
    reps = [member() for _ in range(5)]
    for rep in reps:
        for _ in range(20):
            step(rep, due=1)
    tomorrow = NOW + timedelta(days=1)
    assert sum(at_once(4, lambda: flow.remind(tomorrow))) == 100
    assert Notice.objects.count() == 100
    assert sum(at_once(4, lambda: flow.mail_digests(tomorrow + timedelta(hours=1)))) == 5
    assert Message.objects.count() == 5
    assert {message.payload["subject"] for message in Message.objects.all()} == {"20 new notices in Orchard"}


def test_a_form_sent_twice_at_once_is_logged_once(own_database):
    rep, key = member(), uuid4()

    def send():
        return actions.log(
            happened=Happened.REACHED,
            contact_id=5,
            member_id=rep.id,
            key=key,
            words="Hello",
            next_step=NewStep(What.CALL, day(2)),
            now=NOW,
        )

    answers = at_once(4, send)
    assert sorted(each.fresh for each in answers) == [False, False, False, True]
    assert len({each.id for each in answers}) == 1
    assert Interaction.objects.filter(kind="call.connected").count() == 1
    assert Task.objects.count() == 1


def test_a_step_that_two_finish_at_once_is_done_once(own_database):
    rep = member()
    made = step(rep, contact_id=5)
    answers = at_once(3, lambda: actions.done(task_id=made, by=rep.id, now=NOW))
    assert answers.count("refused") == 2
    assert Interaction.objects.filter(kind="task.done").count() == 1
