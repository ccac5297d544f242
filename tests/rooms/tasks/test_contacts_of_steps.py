"""Steps and the people they are with: joined, parted, erased."""

from uuid import uuid4

import pytest

from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.interactions.models import Words
from orchard.tasks import actions, queries
from orchard.tasks.models import Notice, Task
from orchard.tasks.types import Happened
from orchard.team.types import Role
from tests.make.members import member
from tests.make.steps import NOW, day, meeting, row, step, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return member(name="Lars Berg")


def add(name):
    return contacts.create_contact(full_name=name, now=NOW)


def test_the_steps_of_a_joined_contact_are_found_with_the_living_one_and_come_back(rep):
    ada, double = add("Ada"), add("A. Lovelace")
    hers, theirs = step(rep, due=3, contact_id=ada), step(rep, due=1, contact_id=double)
    merge = contacts.merge(survivor_id=ada, loser_id=double, now=NOW, actor_id=rep.id)
    assert [each.id for each in queries.open_of_contacts([ada])] == [theirs, hers]
    assert queries.next_steps_of_contacts([ada, double])[ada].id == theirs
    assert {each.contact_id for each in queries.open_of_contacts([double])} == {ada}
    contacts.unmerge(merge_id=merge, now=NOW, actor_id=rep.id)
    found = queries.next_steps_of_contacts([ada, double])
    assert {contact: each.id for contact, each in found.items()} == {ada: hers, double: theirs}
    assert [row(each).contact_id for each in (hers, theirs)] == [ada, double]


def test_an_erased_contact_leaves_no_word_in_any_step_and_no_open_one(rep):
    ada, double, ben = add("Ada"), add("A. Lovelace"), add("Ben")
    boss = member(Role.MANAGER)
    open_ = step(rep, by=boss, title="Canary call", contact_id=double)
    meets = meeting(rep, title="Canary lunch", place="At the Canary's", contact_id=ada)
    over = step(rep, title="Canary mail", contact_id=ada)
    actions.drop(task_id=over, reason="Canary left", by=rep.id, now=NOW)
    other = step(rep, title="Call Ben", contact_id=ben)
    actions.log(
        happened=Happened.REACHED, contact_id=ada, member_id=rep.id, words="Canary", key=uuid4(), now=NOW
    )
    contacts.merge(survivor_id=ada, loser_id=double, now=NOW, actor_id=rep.id)
    contacts.erase_contact(contact_id=ada, now=NOW, actor_id=boss.id)
    for each in (open_, meets, over):
        assert not queries.step(each).is_open
        assert (row(each).title, row(each).place, row(each).outcome) == ("", "", "")
        assert row(each).remind_at is None
    assert (queries.step(other).is_open, queries.step(other).words) == (True, "Call Ben")
    assert not Notice.objects.exists()
    assert not Words.objects.exists()
    assert queries.counts([rep], now=NOW)[rep.id].today == 1
    assert ada in people.erased_ids()
    assert {"task.dropped", "meeting.cancelled"} <= set(told(ada))


def test_a_step_with_a_contact_who_is_gone_is_told_apart_from_one_without(rep):
    step(rep, due=2, title="Tidy up", what="todo")
    (found,) = queries.open_of([rep], now=NOW).rows
    assert (found.contact_id, found.due_on) == (None, day(2))
    assert Task.objects.count() == 1
