"""Logging: the right kind of fact, once for each form, with the words beside it, and the way back while it is fresh."""

from datetime import timedelta
from uuid import uuid4

import pytest

from orchard.interactions import queries as ledger
from orchard.interactions.kinds import ATTEMPTS, TOUCHES
from orchard.interactions.models import Interaction, Words
from orchard.kit.errors import NotAllowed, Refused
from orchard.tasks import actions, queries
from orchard.tasks.models import Task
from orchard.tasks.types import Happened, NewStep, NotOpen, What
from tests.make.members import member
from tests.make.steps import HOUR, NOW, day, row, step, told

pytestmark = pytest.mark.django_db

ADA, BEN = 501, 502


@pytest.fixture
def rep():
    return member(name="Lars Berg")


def log(rep, happened=Happened.REACHED, **values):
    given = {"contact_id": ADA, "member_id": rep.id, "now": NOW, "key": uuid4(), **values}
    return actions.log(happened=happened, **given)


def lately(person, now=NOW, contact=ADA):
    return queries.just_logged(member_id=person.id, contact_id=contact, now=now)


@pytest.mark.parametrize(
    ("happened", "kinds"),
    [
        (Happened.REACHED, TOUCHES),
        (Happened.HELD, TOUCHES),
        (Happened.NO_ANSWER, ATTEMPTS),
        (Happened.MISSED, ATTEMPTS),
        (Happened.MAIL, ATTEMPTS),
    ],
)
def test_a_real_exchange_is_a_touch_and_everything_else_an_attempt(rep, happened, kinds):
    log(rep, happened, subject=("lead", 3), account_id=7)
    fact = Interaction.objects.get()
    assert fact.kind in kinds
    assert (fact.member_id, fact.subject_kind, fact.subject_id, fact.account_id) == (rep.id, "lead", 3, 7)
    told(ADA)
    assert bool(ledger.last_touches([ADA])) == (kinds is TOUCHES)


def test_words_are_kept_beside_the_fact(rep):
    entry = log(rep, words="  Wants samples in March. ")
    assert ledger.words_of([entry.interaction_id]) == {entry.interaction_id: "Wants samples in March."}
    log(rep, words="   ")
    assert Words.objects.count() == 1


def test_the_same_form_is_logged_once_and_answers_as_before(rep):
    key, step_ = uuid4(), NewStep(What.CALL, day(3))
    first = log(rep, key=key, next_step=step_)
    again = log(rep, key=key, next_step=step_)
    assert (again.id, again.interaction_id, again.next_id) == (first.id, first.interaction_id, first.next_id)
    assert (first.fresh, again.fresh) == (True, False)
    assert Task.objects.count() == 1
    assert log(member(), key=key).fresh, "another member's form"


def test_what_is_to_come_is_not_logged(rep):
    with pytest.raises(Refused, match="lies in the future"):
        log(rep, at=NOW + HOUR)
    log(rep, at=NOW - 24 * HOUR)
    assert Interaction.objects.get().occurred_at == NOW - 24 * HOUR


def test_one_form_logs_the_call_does_the_task_and_plans_the_next_step(rep):
    task = step(rep, contact_id=ADA, subject=("lead", 3))
    entry = log(rep, does=task, subject=("lead", 3), next_step=NewStep(What.MAIL, day(7), "Send the offer"))
    assert not queries.step(task).is_open
    coming = queries.next_steps([("lead", 3)])[("lead", 3)]
    assert (coming.id, coming.words, coming.member_id) == (entry.next_id, "Send the offer", rep.id)
    assert told(ADA) == ["task.planned", "call.connected", "task.done", "task.planned"]


def test_a_refused_next_step_leaves_nothing_behind(rep):
    with pytest.raises(Refused, match="This day is over"):
        log(rep, words="Hello", next_step=NewStep(What.CALL, day(-1)))
    assert not Interaction.objects.exists()
    assert not Words.objects.exists()


def test_a_task_that_a_colleague_did_meanwhile_keeps_nothing_from_being_logged(rep):
    task = step(rep, contact_id=ADA)
    actions.done(task_id=task, by=member().id, now=NOW - HOUR)
    entry = log(rep, does=task)
    actions.unlog(log_id=entry.id, by=rep.id, now=NOW)
    assert not queries.step(task).is_open, "it was done by somebody else"


def test_a_task_with_somebody_else_is_not_done_by_it(rep):
    task = step(rep, contact_id=BEN)
    with pytest.raises(Refused, match="with somebody else"):
        log(rep, does=task)


def test_what_was_logged_is_taken_back_with_all_that_came_with_it(rep):
    task = step(rep, contact_id=ADA)
    entry = log(rep, does=task, next_step=NewStep(What.CALL, day(3)))
    assert [each.id for each in lately(rep)] == [entry.id]
    actions.unlog(log_id=entry.id, by=rep.id, now=NOW + timedelta(minutes=14))
    assert queries.step(task).is_open
    assert not Task.objects.filter(id=entry.next_id).exists()
    assert "call.connected" not in told(ADA)
    assert lately(rep) == []
    with pytest.raises(NotOpen, match="taken back already"):
        actions.unlog(log_id=entry.id, by=rep.id, now=NOW)


def test_a_next_step_that_somebody_worked_on_stays_when_the_entry_goes(rep):
    entry = log(rep, next_step=NewStep(What.CALL, day(3)))
    actions.snooze(task_id=entry.next_id, until=day(5), by=rep.id, now=NOW + timedelta(minutes=1))
    actions.unlog(log_id=entry.id, by=rep.id, now=NOW + timedelta(minutes=2))
    assert row(entry.next_id).due_on == day(5)


def test_it_is_taken_back_by_who_logged_it_and_for_a_short_time_alone(rep):
    entry = log(rep)
    with pytest.raises(NotAllowed):
        actions.unlog(log_id=entry.id, by=member().id, now=NOW)
    with pytest.raises(Refused, match="for 15 minutes"):
        actions.unlog(log_id=entry.id, by=rep.id, now=NOW + timedelta(minutes=16))
    assert told(ADA) == ["call.connected"]


def test_what_may_still_be_taken_back_is_listed_for_who_logged_it_alone(rep):
    first, second = log(rep, now=NOW - HOUR), log(rep, Happened.MAIL)
    log(rep, contact_id=BEN)
    assert [(each.id, each.happened) for each in lately(rep)] == [(second.id, Happened.MAIL)]
    assert lately(member()) == []
    assert [each.id for each in lately(rep, now=NOW - HOUR)] == [second.id, first.id]
