"""Reminders: in working time, once, whatever order the clock runs in; notices and the mails about them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from orchard import flow
from orchard.outbox.models import Message
from orchard.tasks import actions, queries
from orchard.tasks.models import Notice
from orchard.tasks.rules import first_look, reminder
from orchard.tasks.types import Mailing, NewStep, What
from orchard.team import actions as team
from orchard.team.queries import is_working, working_times
from orchard.team.types import OFFICE_HOURS, Hours, Role, Takes, TerritoryFields, WorkingTime
from tests.make.members import member
from tests.make.steps import HOUR, NOW, day, meeting, overdue, row, step

ZONES = (
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kolkata",
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
MINUTE = timedelta(minutes=1)


@st.composite
def hours_of_somebody(draw):
    opens = draw(st.integers(0, 24 * 60 - 1))
    return WorkingTime(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        opens,
        draw(st.integers(opens + 1, 24 * 60)),
        draw(st.frozensets(DAYS, max_size=20)),
    )


@given(hours=hours_of_somebody(), due_on=DAYS)
def test_a_step_is_reminded_of_in_working_time_on_its_day_or_the_first_working_day_after(hours, due_on):
    at = reminder(due_on=due_on, starts_at=None, set_at=datetime(2025, 1, 1, tzinfo=UTC), hours=hours)
    assert is_working(hours, at)
    local = at.astimezone(hours.zone).date()
    assert local >= due_on
    assert not any(hours.is_open_on(due_on + timedelta(days=n)) for n in range((local - due_on).days))
    assert first_look(due_on=due_on, starts_at=None) <= at


def run(now):
    return flow.remind(now)


@pytest.mark.django_db
@settings(max_examples=25)
@given(
    looks=st.lists(st.integers(0, 4 * 24 * 60), max_size=8),
    moves=st.lists(st.sampled_from(["snooze", "reassign", "away"]), max_size=2, unique=True),
)
def test_a_step_is_reminded_of_once_and_in_working_time_whenever_the_clock_looks(looks, moves):
    with transaction.atomic():
        rep, mei = member(time_zone="America/New_York"), member(time_zone="Asia/Tokyo")
        made = step(rep, due=1)
        if "snooze" in moves:
            actions.snooze(task_id=made, until=day(2), by=rep.id, now=NOW + MINUTE)
        if "reassign" in moves:
            actions.reassign(of=rep.id, to=mei.id, by=None, now=NOW + 2 * MINUTE)
        if "away" in moves:
            team.add_absence(member_id=rep.id, first=day(1), last=day(2), actor_id=None, now=NOW)
        for minutes in sorted(looks):
            run(NOW + HOUR + minutes * MINUTE)
        for at in (NOW.replace(hour=1), NOW.replace(hour=15)) * 2:  # Tokyo works, New York works
            run(at + timedelta(days=9))
        (notice,) = Notice.objects.filter(kind="task.due")
        holder = row(made).member
        assert notice.member_id == holder.id
        hours = working_times([holder], now=NOW, default=OFFICE_HOURS)[holder.id]
        assert is_working(hours, notice.created_at)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_clock_reminds_at_the_beginning_of_the_working_day_and_no_minute_before():
    rep = member(time_zone="Europe/Vienna")
    step(rep, due=1, contact_id=5)
    nine = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    for at in (NOW, nine - 8 * HOUR, nine - MINUTE):
        run(at)
        assert not Notice.objects.exists()
    assert run(nine) == 1
    notice = Notice.objects.get()
    assert (notice.kind, notice.member_id, notice.contact_id) == ("task.due", rep.id, 5)
    assert run(nine + MINUTE) == 0


@pytest.mark.django_db
def test_what_is_due_on_a_holiday_is_reminded_of_on_the_next_working_day():
    admin, rep = member(Role.ADMIN), member()
    place = TerritoryFields("Austria", "Europe/Vienna", Hours(frozenset(range(5)), 480, 960), "AT")
    austria = team.add_territory(fields=place, actor_id=admin.id, now=NOW)
    team.change_member(
        member_id=rep.id, email=rep.email, name=rep.name, place=rep.place,
        territory_id=austria, actor_id=admin.id, now=NOW,
        takes=Takes(0),
    )  # fmt: skip
    christmas = date(2026, 12, 25)
    actions.plan_step(what=What.CALL, member_id=rep.id, made_by=rep.id, due_on=christmas, now=NOW)
    run(datetime(2026, 12, 25, 12, tzinfo=UTC))
    run(datetime(2026, 12, 28, 6, 59, tzinfo=UTC))
    assert not Notice.objects.exists()
    run(datetime(2026, 12, 28, 7, 0, tzinfo=UTC))
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_he_or_she_just_set_or_has_done_or_of_a_colleague_who_left():
    admin, rep = member(Role.ADMIN), member()
    step(rep)  # today, half an hour after work began
    done, left = step(rep, due=1), step(member(name="Mei"), due=1)
    actions.done(task_id=done, by=rep.id, now=NOW)
    team.switch_off(member_id=row(left).member_id, actor_id=admin.id, now=NOW)
    run(NOW + timedelta(days=3))
    assert not Notice.objects.exists()
    assert run(NOW + timedelta(days=3)) == 0


@pytest.mark.django_db
def test_a_meeting_is_told_a_quarter_of_an_hour_before_and_again_once_moved():
    rep = member()
    starts = NOW + 30 * HOUR
    made = meeting(rep, starts=starts)
    run(starts - 16 * MINUTE)
    assert not Notice.objects.exists()
    run(starts - 15 * MINUTE)
    run(starts - 14 * MINUTE)
    assert Notice.objects.get().kind == "meeting.near"
    moved = NewStep(What.MEETING, None, "Later", starts + 2 * HOUR, starts + 3 * HOUR)
    actions.change_step(task_id=made, step=moved, by=rep.id, now=starts - 10 * MINUTE)
    run(starts)
    assert Notice.objects.count() == 1
    run(starts + 105 * MINUTE)
    assert Notice.objects.count() == 2


@pytest.mark.django_db
def test_a_reminder_reads_the_rows_that_are_due_and_no_others():
    rep = member()
    for due in range(2, 9):
        step(rep, due=due)
    assert run(NOW + timedelta(days=2)) == 1
    assert overdue(rep)
    assert run(NOW + timedelta(days=2)) == 1


def tell(people, key="lead.offered:1", kind="task.given", now=NOW):
    ids = [each.id for each in people]
    return actions.notify(member_ids=ids, kind=kind, subject=("task", 1), key=key, contact_id=9, now=now)


@pytest.mark.django_db
def test_one_cause_makes_one_notice_for_each_who_is_here():
    admin, rep, gone = member(Role.ADMIN), member(), member()
    team.switch_off(member_id=gone.id, actor_id=admin.id, now=NOW)
    assert tell([rep, admin, gone]) == 2
    assert tell([rep, admin, gone]) == 0
    assert tell([rep], key="lead.offered:2") == 1
    assert (queries.unseen_count(rep.id), queries.unseen_count(gone.id)) == (2, 0)


@pytest.mark.django_db
def test_a_kind_that_no_room_declared_is_a_slip_of_the_pen():
    with pytest.raises(LookupError, match="No room declares"):
        tell([member()], kind="lead.dreamt")


@pytest.mark.django_db
def test_notices_are_seen_one_by_one_or_all_that_were_shown():
    rep = member()
    for number in range(4):
        tell([rep], key=str(number))
    newest, *_, oldest = queries.notices(rep.id).rows
    actions.see(notice_id=oldest.id, member_id=rep.id, now=NOW)
    assert queries.unseen_count(rep.id) == 3
    assert actions.see_all(member_id=rep.id, upto=newest.id - 1, now=NOW) == 2
    assert queries.unseen_count(rep.id) == 1


def digest(now):
    return flow.mail_digests(now)


@pytest.mark.django_db
def test_what_was_not_seen_by_the_full_hour_is_mailed_in_one_letter_without_a_name(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://orchard.example"]
    rep = member()
    for number in range(3):
        tell([rep], key=str(number))
    tell([rep], key="seen")
    actions.see(notice_id=queries.notices(rep.id).rows[0].id, member_id=rep.id, now=NOW)
    assert digest(NOW + 29 * MINUTE) == 0
    assert digest(NOW + 30 * MINUTE) == 1
    assert digest(NOW + 2 * HOUR) == 0
    mail = Message.objects.get()
    assert mail.recipient == rep.email
    assert mail.payload["subject"] == "3 new notices in Orchard"
    assert "Colleagues gave you 3 steps." in mail.payload["text"]
    assert "https://orchard.example/notices/" in mail.payload["text"]


@pytest.mark.django_db
def test_who_is_not_at_work_gets_the_letter_when_work_begins():
    rep = member(time_zone="UTC")
    evening = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # a Friday
    tell([rep], now=evening)
    assert digest(evening + HOUR) == 0
    assert digest(evening + 48 * HOUR) == 0
    assert digest(datetime(2026, 11, 30, 9, 0, tzinfo=UTC)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("mailing", "at_once", "later"), [(Mailing.AT_ONCE, 1, 0), (Mailing.NONE, 0, 0)])
def test_a_member_chooses_how_notices_come_by_mail(mailing, at_once, later):
    rep = member()
    actions.choose_mailing(member_id=rep.id, mailing=mailing)
    tell([rep])
    assert Message.objects.count() == at_once
    assert digest(NOW + 2 * HOUR) == later


@pytest.mark.django_db
def test_who_wants_no_mail_any_more_gets_none_of_what_waits():
    rep = member()
    tell([rep])
    actions.choose_mailing(member_id=rep.id, mailing=Mailing.NONE)
    assert digest(NOW + 2 * HOUR) == 0
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_who_was_switched_off_meanwhile_gets_no_letter():
    admin, rep = member(Role.ADMIN), member()
    tell([rep])
    team.switch_off(member_id=rep.id, actor_id=admin.id, now=NOW)
    assert digest(NOW + 2 * HOUR) == 0
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_notices_that_were_seen_long_ago_are_forgotten():
    rep = member()
    tell([rep], key="old")
    tell([rep], key="new")
    actions.see(notice_id=Notice.objects.get(key="old").id, member_id=rep.id, now=NOW)
    assert actions.forget_notices(now=NOW + timedelta(days=89)) == 0
    assert actions.forget_notices(now=NOW + timedelta(days=91)) == 1
    assert Notice.objects.get().key == "new"
