"""Steps: planned, changed, put off, done, dropped, taken back, handed over, and found again for many at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orchard.interactions.models import Interaction
from orchard.kit.errors import Outdated, Refused
from orchard.tasks import actions, queries
from orchard.tasks.models import Notice, Task
from orchard.tasks.types import NewStep, NotOpen, UnknownTask, What, When
from orchard.team import actions as team
from orchard.team.types import Role
from tests.make.members import member
from tests.make.steps import HOUR, NOW, day, meeting, overdue, row, step, told

pytestmark = pytest.mark.django_db

ADA, BEN = 501, 502


@pytest.fixture
def rep():
    return member(name="Lars Berg")


def test_a_step_is_planned_and_the_ledger_learns_of_it_without_a_word(rep):
    made = step(rep, title="Ask for  the sample", contact_id=ADA, account_id=7, subject=("lead", 3))
    found = queries.step(made)
    assert (found.words, found.due_on, found.member, found.subject) == (
        "Ask for the sample",
        day(0),
        "Lars Berg",
        ("lead", 3),
    )
    fact = Interaction.objects.get(kind="task.planned")
    assert (fact.contact_id, fact.account_id, fact.subject_kind, fact.subject_id, fact.member_id) == (
        ADA,
        7,
        "lead",
        3,
        rep.id,
    )


def test_a_step_about_nothing_else_is_told_under_its_own_id(rep):
    made = step(rep, what=What.TODO, title="Order catalogues")
    fact = Interaction.objects.get(kind="task.planned")
    assert (fact.subject_kind, fact.subject_id) == ("task", made)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"due_on": day(-1)}, "This day is over"),
        ({"due_on": day(3000)}, "Look at the year"),
        ({"due_on": None}, "Choose a day"),
        ({"what": What.TODO, "due_on": day(0)}, "Say what is to be done"),
        ({"due_on": day(0), "title": "x" * 201}, "At most 200 characters"),
        ({"due_on": day(0), "title": "a\0b"}, "cannot be shown"),
        ({"what": What.MEETING}, "when the meeting begins and ends"),
        ({"what": What.MEETING, "starts_at": NOW + HOUR, "ends_at": NOW + HOUR}, "ends before it begins"),
        ({"what": What.MEETING, "starts_at": NOW - HOUR, "ends_at": NOW + HOUR}, "This time is over"),
        ({"what": What.MEETING, "starts_at": NOW, "ends_at": NOW + 500 * HOUR}, "14 days at most"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(rep, values, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.plan_step(**{"what": What.CALL, "member_id": rep.id, "made_by": rep.id, "now": NOW, **values})
    assert not Task.objects.exists()


def test_who_left_gets_no_step(rep):
    admin = member(Role.ADMIN)
    team.switch_off(member_id=rep.id, actor_id=admin.id, now=NOW)
    with pytest.raises(Refused, match="does not work here any more"):
        step(rep, by=admin)


def test_today_is_that_of_the_member_s_own_calendar():
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    vienna, honolulu = member(time_zone="Europe/Vienna"), member(time_zone="Pacific/Honolulu")
    with pytest.raises(Refused, match="This day is over"):
        step(vienna, due=0, now=late)
    step(vienna, due=1, now=late)
    step(honolulu, due=0, now=late)
    found = queries.counts([vienna, honolulu], now=late)
    assert [(each.overdue, each.today) for each in (found[vienna.id], found[honolulu.id])] == [(0, 1), (0, 1)]


def test_the_day_of_a_meeting_is_that_of_who_goes_there():
    tokyo = member(time_zone="Asia/Tokyo")
    made = meeting(tokyo, starts=datetime(2026, 11, 26, 22, 0, tzinfo=UTC))
    assert row(made).due_on == day(2)


def test_a_step_is_changed_as_it_was_seen_and_never_written_over(rep):
    made = step(rep, title="Call", contact_id=ADA)
    seen = queries.step(made).seen
    actions.change_step(
        task_id=made, step=NewStep(What.MAIL, day(2), "Write"), by=rep.id, now=NOW + HOUR, seen=seen
    )
    with pytest.raises(Outdated):
        actions.change_step(
            task_id=made, step=NewStep(What.CALL, day(5)), by=rep.id, now=NOW + HOUR, seen=seen
        )
    assert (row(made).what, row(made).title, row(made).due_on) == ("mail", "Write", day(2))
    assert told(ADA) == ["task.planned", "task.changed"]


def test_a_change_of_nothing_tells_nothing(rep):
    made = step(rep, title="Call", contact_id=ADA)
    actions.change_step(task_id=made, step=NewStep(What.CALL, day(0), "Call"), by=rep.id, now=NOW + HOUR)
    assert told(ADA) == ["task.planned"]


def test_the_words_of_an_overdue_step_are_changed_and_its_day_stays(rep):
    made = overdue(rep, since=3)
    actions.change_step(task_id=made, step=NewStep(What.CALL, day(-3), "Again"), by=rep.id, now=NOW)
    assert (row(made).title, row(made).due_on) == ("Again", day(-3))


def test_a_step_is_done_once_and_open_again_when_that_is_taken_back(rep):
    made = step(rep, contact_id=ADA)
    actions.done(task_id=made, by=rep.id, now=NOW)
    with pytest.raises(NotOpen):
        actions.done(task_id=made, by=rep.id, now=NOW)
    assert told(ADA) == ["task.planned", "task.done"]
    actions.take_back(task_id=made, by=rep.id, now=NOW)
    assert queries.step(made).is_open
    assert told(ADA) == ["task.planned", "fact.withdrawn"]
    with pytest.raises(NotOpen, match="nothing left"):
        actions.take_back(task_id=made, by=rep.id, now=NOW)


def test_a_step_is_dropped_with_its_reason_and_taken_back(rep):
    made = step(rep, contact_id=ADA)
    actions.drop(task_id=made, reason="They bought elsewhere", by=rep.id, now=NOW)
    assert queries.step(made).outcome == "They bought elsewhere"
    actions.take_back(task_id=made, by=rep.id, now=NOW)
    assert (queries.step(made).is_open, queries.step(made).outcome) == (True, "")


def test_a_step_is_put_off_and_back(rep):
    made = overdue(rep, since=2, contact_id=ADA)
    actions.snooze(task_id=made, until=day(1), by=rep.id, now=NOW)
    assert row(made).due_on == day(1)
    actions.take_back(task_id=made, by=rep.id, now=NOW)
    assert row(made).due_on == day(-2)
    with pytest.raises(Refused, match="This day is over"):
        actions.snooze(task_id=made, until=day(-1), by=rep.id, now=NOW)
    with pytest.raises(Refused, match="has a time"):
        actions.snooze(task_id=meeting(rep), until=day(3), by=rep.id, now=NOW)


def test_a_colleague_s_step_comes_with_a_notice_and_one_s_own_does_not(rep):
    boss = member(Role.MANAGER)
    made = step(rep, by=boss, contact_id=ADA)
    step(rep)
    (notice,) = Notice.objects.all()
    assert (notice.member_id, notice.kind, notice.subject_id, notice.contact_id) == (
        rep.id,
        "task.given",
        made,
        ADA,
    )


def test_the_next_step_is_the_earliest_open_one_for_many_records_in_one_statement(rep):
    step(rep, due=5, subject=("lead", 1))
    first = step(rep, due=2, subject=("lead", 1))
    actions.done(task_id=step(rep, due=1, subject=("lead", 1)), by=rep.id, now=NOW)
    other = step(rep, due=9, subject=("opportunity", 1))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.next_steps([("lead", 1), ("opportunity", 1), ("lead", 2)])
    assert {subject: each.id for subject, each in found.items()} == {
        ("lead", 1): first,
        ("opportunity", 1): other,
    }
    assert len(asked) <= 3
    assert queries.next_steps([]) == {}


def test_a_meeting_comes_after_what_is_due_on_its_day(rep):
    meeting(rep, subject=("lead", 1))
    made = step(rep, due=1, subject=("lead", 1))
    assert queries.next_steps([("lead", 1)])[("lead", 1)].id == made


def test_open_tasks_are_walked_by_day_in_both_directions(rep):
    other = member()
    made = [step(rep, due=due) for due in (3, 0, 1, 0, 2)]
    made.append(meeting(rep, starts=NOW + 2 * HOUR))
    step(other)
    order = [made[1], made[3], made[5], made[2], made[4], made[0]]
    walked, cursor = [], ""
    while True:
        page = queries.open_of([rep], now=NOW, cursor=cursor, size=2)
        walked += [each.id for each in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert walked == order
    back = queries.open_of([rep], now=NOW, cursor=page.previous, size=2)
    assert [each.id for each in back.rows] == order[2:4]


def test_parts_of_the_list_and_their_counts_agree(rep):
    colleague = member()
    overdue(rep)
    for due in (0, 0, 1, 2, 3):
        step(rep, due=due)
    step(colleague)
    found = queries.counts([rep, colleague], now=NOW)[rep.id]
    lengths = [len(queries.open_of([rep], now=NOW, when=when).rows) for when in When]
    assert [found.overdue, found.today, found.coming] == lengths == [1, 2, 3]


def test_what_somebody_leaves_goes_to_several_colleagues_who_are_told_once(rep):
    mei, sam = member(name="Mei"), member(name="Sam", time_zone="Asia/Tokyo")
    mine = [step(rep, subject=("lead", number), contact_id=ADA) for number in (1, 2)]
    last = meeting(rep, starts=datetime(2026, 11, 26, 22, 0, tzinfo=UTC), subject=("lead", 3))
    done = step(rep, subject=("lead", 1))
    actions.done(task_id=done, by=rep.id, now=NOW)
    subjects = [("lead", 1), ("lead", 2)]
    assert actions.reassign(of=rep.id, to=mei.id, subjects=subjects, by=None, now=NOW) == 2
    assert actions.reassign(of=rep.id, to=sam.id, by=None, now=NOW) == 1
    assert [row(each).member_id for each in (*mine, last, done)] == [mei.id, mei.id, sam.id, rep.id]
    assert row(last).due_on == day(2)
    assert list(Notice.objects.order_by("id").values_list("member_id", "kind")) == [
        (mei.id, "tasks.given"),
        (sam.id, "tasks.given"),
    ]


def test_tasks_follow_a_lead_into_the_opportunity_and_end_with_it(rep):
    made = step(rep, subject=("lead", 1), contact_id=ADA)
    assert actions.move_subject(was=("lead", 1), to=("opportunity", 4), by=rep.id, now=NOW) == 1
    assert queries.next_steps([("opportunity", 4)])[("opportunity", 4)].id == made
    dropped = actions.drop_steps(subjects=[("opportunity", 4)], reason="Lost", by=rep.id, now=NOW)
    assert (dropped, queries.step(made).outcome) == (1, "Lost")
    assert told(ADA) == ["task.planned", "task.changed", "task.dropped"]


def test_there_is_no_such_step():
    with pytest.raises(UnknownTask):
        queries.step(1)
    with pytest.raises(UnknownTask):
        actions.done(task_id=1, by=1, now=NOW + timedelta(days=1))
