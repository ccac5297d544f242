"""The weekly meeting: what is written down of a week, by whom, until when it is done, and how it is forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from orchard.contacts import actions as contacts
from orchard.journal.models import Entry
from orchard.kit.errors import Conflict, Outdated, Refused
from orchard.tasks import actions as tasks
from orchard.tasks import queries as steps
from orchard.tasks.models import Notice, Task
from orchard.tasks.types import NewStep, What
from orchard.weekly import actions, queries, rules
from orchard.weekly.models import Decision, Note
from orchard.weekly.types import LONGEST_NOTE, NoSuchWeek, NotTheirs, UnknownNote, Week
from tests.make.members import member

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
WEEK = Week(date(2026, 11, 16))
FRIDAY = date(2026, 11, 27)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora():
    return member(name="Nora Lind")


@pytest.fixture
def mei():
    return member(name="Mei Tanabe")


def noted(by, words="They want samples first", **values):
    given = {"week": WEEK, "words": words, "member_id": by.id, "key": uuid4(), "now": NOW}
    return actions.write_note(**{**given, **values})


def decided(by, words="Send samples before the offer", **values):
    given = {"week": WEEK, "words": words, "member_id": by.id, "key": uuid4(), "now": NOW}
    return actions.decide(**{**given, **values})


def test_a_week_is_written_as_addresses_do_and_lies_between_its_neighbours():
    assert (str(WEEK), WEEK.number, WEEK.sunday) == ("2026-W47", 47, date(2026, 11, 22))
    assert str(Week(date(2026, 12, 28)).after) == "2027-W01"
    assert rules.last_whole(TODAY) == WEEK
    assert rules.read_week("2026-W47", today=TODAY) == WEEK
    assert rules.is_running(WEEK.after, today=TODAY)
    assert not rules.is_running(WEEK, today=TODAY)


@pytest.mark.parametrize(
    "written", ["2026-W49", "2026-W54", "2025-W53", "1969-W01", "W47", "2026-W4\u0667", ""]
)
def test_no_meeting_is_about_a_week_to_come_or_one_that_there_is_not(written):
    with pytest.raises(NoSuchWeek):
        rules.read_week(written, today=TODAY)


def test_a_note_stands_in_its_week_with_its_author_and_its_time(nora, mei):
    first, second = noted(nora, "  Two lines\r\nof it "), noted(mei, now=NOW + timedelta(minutes=1))
    noted(mei, week=WEEK.before)
    shown = queries.notes(WEEK)
    assert [(each.id, each.member, each.is_changed) for each in shown] == [
        (first, "Nora Lind", False),
        (second, "Mei Tanabe", False),
    ]
    assert (shown[0].words, shown[0].written_at) == ("Two lines\nof it", NOW)


def test_a_form_sent_twice_is_kept_once(nora, mei):
    key = uuid4()
    assert noted(nora, key=key) == noted(nora, key=key)
    assert noted(mei, key=key)
    assert Note.objects.count() == 2
    assert decided(nora, key=key, owner_id=mei.id, due_on=FRIDAY) == decided(nora, key=key)
    assert (Decision.objects.count(), Task.objects.count()) == (1, 1)


@pytest.mark.parametrize("words", [" \n ", "a" * (LONGEST_NOTE + 1), "a\0b"])
def test_what_cannot_be_a_note_is_refused(nora, words):
    with pytest.raises(Refused):
        noted(nora, words)
    assert Note.objects.count() == 0


def test_nothing_is_written_of_a_week_to_come(nora):
    for write in (noted, decided):
        with pytest.raises(NoSuchWeek):
            write(nora, week=WEEK.after.after)
    noted(nora, week=WEEK.after)


def test_only_its_author_changes_a_note_and_only_in_sight_of_what_stands(nora, mei):
    made, later = noted(nora), NOW + timedelta(minutes=5)
    with pytest.raises(NotTheirs):
        actions.change_note(note_id=made, words="Mine now", by=mei.id, now=later, seen=NOW)
    actions.change_note(note_id=made, words="In one window", by=nora.id, now=later, seen=NOW)
    with pytest.raises(Outdated):
        actions.change_note(note_id=made, words="In the other", by=nora.id, now=later, seen=NOW)
    shown = queries.note(made)
    assert (shown.words, shown.is_changed, shown.written_at) == ("In one window", True, NOW)


def test_the_audit_book_knows_who_wrote_changed_and_removed_but_no_word(nora):
    made = noted(nora)
    actions.change_note(note_id=made, words="Anew", by=nora.id, now=NOW, seen=NOW)
    assert actions.remove_note(note_id=made, by=nora.id, now=NOW) == WEEK
    with pytest.raises(UnknownNote):
        queries.note(made)
    lines = Entry.objects.filter(subject_kind="weekly_note", subject_id=made).order_by("id")
    assert [(line.action, line.details) for line in lines] == [
        (action, {"week": "2026-W47"})
        for action in ("weekly.noted", "weekly.note_changed", "weekly.note_removed")
    ]


def test_a_decision_with_an_owner_is_a_step_of_theirs_and_done_with_it(nora, mei):
    made = decided(nora, owner_id=mei.id, due_on=FRIDAY)
    shown = queries.decision(made)
    (step,) = steps.open_of_subjects([("weekly_decision", made)])
    assert (step.title, step.member, step.due_on) == ("Send samples before the offer", "Mei Tanabe", FRIDAY)
    assert (shown.owner, shown.due_on, shown.is_open) == ("Mei Tanabe", FRIDAY, True)
    assert Notice.objects.filter(member=mei, kind="task.given").count() == 1
    tasks.done(task_id=step.id, by=mei.id, now=NOW)
    assert queries.decision(made).done_at == NOW
    actions.reopen(decision_id=made, by=nora.id, now=NOW)
    assert steps.step(step.id).is_open
    actions.finish(decision_id=made, by=nora.id, now=NOW)
    assert not steps.step(step.id).is_open
    with pytest.raises(Conflict):
        actions.finish(decision_id=made, by=nora.id, now=NOW)


def test_a_decision_may_have_no_owner_and_is_done_by_itself(nora):
    made = decided(nora, due_on=FRIDAY)
    assert (queries.decision(made).owner, queries.decision(made).due_on) == ("", FRIDAY)
    actions.finish(decision_id=made, by=nora.id, now=NOW)
    assert not queries.decision(made).is_open
    actions.reopen(decision_id=made, by=nora.id, now=NOW)
    assert queries.decision(made).is_open
    assert Task.objects.count() == 0


def test_an_owner_is_told_until_when(nora, mei):
    with pytest.raises(Refused, match="until when"):
        decided(nora, owner_id=mei.id)
    with pytest.raises(Refused, match="This day is over"):
        decided(nora, owner_id=mei.id, due_on=TODAY - timedelta(days=1))
    assert Decision.objects.count() == 0


def test_a_decision_that_changes_hands_takes_its_step_along(nora, mei):
    made = decided(nora)

    def change(**values):
        shown = queries.decision(made)
        given = {"words": shown.words, "owner_id": shown.owner_id, "due_on": shown.due_on, "seen": shown.seen}
        later = shown.seen + timedelta(minutes=1)
        actions.change_decision(**{"decision_id": made, "by": nora.id, "now": later, **given, **values})
        return queries.decision(made)

    assert change(owner_id=mei.id, due_on=FRIDAY).owner == "Mei Tanabe"
    shown = change(owner_id=nora.id, words="Send two samples")
    assert (shown.owner, steps.step(shown.task_id).title) == ("Nora Lind", "Send two samples")
    assert change(owner_id=None).due_on == FRIDAY
    assert not steps.step(shown.task_id).is_open
    assert queries.decision(made).is_open
    with pytest.raises(Outdated):
        change(words="Unseen", seen=NOW - timedelta(days=1))
    actions.finish(decision_id=made, by=nora.id, now=NOW)
    with pytest.raises(Conflict, match="Open it again"):
        change(words="Too late")


def test_what_its_owner_did_with_the_step_stands_on_the_decision(nora, mei):
    made = decided(nora, owner_id=mei.id, due_on=FRIDAY)
    task = queries.decision(made).task_id
    put_off = NewStep(What.TODO, FRIDAY + timedelta(days=7), "As they call it", member_id=nora.id)
    tasks.change_step(task_id=task, step=put_off, by=mei.id, now=NOW)
    shown = queries.decision(made)
    assert (shown.owner, shown.due_on, shown.words) == (
        "Nora Lind",
        FRIDAY + timedelta(days=7),
        "Send samples before the offer",
    )
    tasks.drop(task_id=task, by=nora.id, now=NOW, reason="They went elsewhere")
    assert (queries.decision(made).is_open, queries.decision(made).outcome) == (False, "They went elsewhere")


def test_open_decisions_of_earlier_weeks_wait_until_they_are_done(nora, mei):
    old = decided(nora, week=WEEK.before.before)
    given = decided(nora, week=WEEK.before, owner_id=mei.id, due_on=FRIDAY)
    decided(nora)
    assert [each.id for each in queries.open_before(WEEK)] == [old, given]
    actions.finish(decision_id=old, by=nora.id, now=NOW)
    tasks.done(task_id=queries.decision(given).task_id, by=mei.id, now=NOW)
    assert queries.open_before(WEEK) == []


def test_a_removed_decision_drops_its_step(nora, mei):
    made = decided(nora, owner_id=mei.id, due_on=FRIDAY)
    task = queries.decision(made).task_id
    assert actions.remove_decision(decision_id=made, by=nora.id, now=NOW) == WEEK
    assert not steps.step(task).is_open
    assert queries.decisions(WEEK) == []


def test_past_meetings_are_walked_from_the_newest_back(nora):
    weeks = [Week(WEEK.monday - timedelta(days=7 * number)) for number in range(5)]
    for number, week in enumerate(weeks):
        if number % 2:
            noted(nora, week=week)
        else:
            noted(nora, week=week)
            decided(nora, week=week)
    page = queries.history(size=2)
    assert [held.week for held in page.rows] == weeks[:2]
    assert [(held.notes, held.decisions, held.open) for held in page.rows] == [(1, 1, 1), (1, 0, 0)]
    second = queries.history(cursor=page.next, size=2)
    assert [held.week for held in second.rows] == weeks[2:4]
    assert [held.week for held in queries.history(cursor=second.previous, size=2).rows] == weeks[:2]
    assert [held.week for held in queries.history(cursor=second.next, size=2).rows] == weeks[4:]


def test_whose_a_note_and_a_decision_are(nora, mei):
    note, decision = noted(nora), decided(nora, owner_id=mei.id, due_on=FRIDAY)
    assert queries.is_note_of(nora.id, note)
    assert not queries.is_note_of(mei.id, note)
    assert queries.is_decision_of(nora.id, decision)
    assert queries.is_decision_of(mei.id, decision)
    assert not queries.is_decision_of(member().id, decision)


def test_who_is_erased_is_named_in_no_note_decision_or_step(nora, mei):
    person = contacts.create_contact(
        full_name="Ingrid Halvorsen", emails=["ingrid@nordfoods.example"], now=NOW
    )
    named = noted(nora, "ingrid HALVORSEN wants them by Friday")
    mailed, other = noted(nora, "Write to Ingrid@Nordfoods.example"), noted(nora, "Nobody in particular")
    made = decided(nora, "Call Ingrid Halvorsen", owner_id=mei.id, due_on=FRIDAY)
    own = tasks.plan_step(
        what=What.TODO,
        title="Gift for Ingrid Halvorsen",
        due_on=FRIDAY,
        member_id=mei.id,
        made_by=None,
        now=NOW,
    )
    contacts.erase_contact(contact_id=person, now=NOW, actor_id=None)
    assert {each.id: each.words for each in queries.notes(WEEK)} == {
        named: "",
        mailed: "",
        other: "Nobody in particular",
    }
    shown = queries.decision(made)
    assert (shown.words, steps.step(shown.task_id).title, steps.step(own).title) == ("", "", "")
    assert replace(shown, words="").is_open


@pytest.mark.parametrize(
    ("name", "words", "is_named"),
    [
        ("Ann Lee", "Ask ANN LEE.", True),
        ("Ann Lee", "Joann Leeds decides", False),
        ("Ann (Lee) Berg", "Ann (Lee) Berg said so", True),
        ("Support", "Support was slow", False),
        ("Purchasing", "Purchasing wants samples", False),
    ],
)
def test_words_are_emptied_where_the_whole_of_a_name_stands_and_nowhere_else(nora, name, words, is_named):
    note, decision = noted(nora, words), decided(nora, words)
    person = contacts.create_contact(full_name=name, now=NOW)
    contacts.erase_contact(contact_id=person, now=NOW, actor_id=None)
    kept = (Note.objects.get(id=note).words, Decision.objects.get(id=decision).words)
    assert kept == (("", "") if is_named else (words, words))


def test_whoever_corrects_a_decision_keeps_what_its_owner_made_of_the_step(nora, mei):
    made = decided(nora, owner_id=mei.id, due_on=FRIDAY)
    (shown,) = queries.decisions(WEEK)
    begins = datetime(2026, 11, 27, 13, tzinfo=UTC)
    meeting = NewStep(
        What.MEETING, None, "Samples", begins, begins + timedelta(hours=1), "Their plant", mei.id
    )
    tasks.change_step(task_id=shown.task_id, step=meeting, by=mei.id, now=NOW + timedelta(hours=1))
    changed = {"decision_id": made, "words": "Send ten samples", "owner_id": mei.id, "by": nora.id}
    with pytest.raises(Outdated):
        actions.change_decision(**changed, due_on=FRIDAY, now=NOW + timedelta(hours=2), seen=shown.seen)
    (stands,) = queries.decisions(WEEK)
    with pytest.raises(Refused, match="made a meeting of it"):
        actions.change_decision(
            **changed, due_on=FRIDAY + timedelta(days=3), now=NOW + timedelta(hours=2), seen=stands.seen
        )
    actions.change_decision(**changed, due_on=FRIDAY, now=NOW + timedelta(hours=2), seen=stands.seen)
    step = steps.step(shown.task_id)
    assert (step.what, step.title, step.starts_at, step.place) == (
        What.MEETING,
        "Send ten samples",
        begins,
        "Their plant",
    )
