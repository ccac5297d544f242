"""Where members work and when they are away: territories, absences, and who is at work now."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orchard.journal import queries as journal
from orchard.kit.errors import Refused
from orchard.team import actions, queries, rules
from orchard.team.types import OFFICE_HOURS, Hours, Role, TerritoryFields, UnknownAbsence, UnknownTerritory
from tests.make.members import member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)  # a Wednesday


def territory(admin, **changes):
    values = {
        "name": "Bavaria",
        "time_zone": "Europe/Berlin",
        "hours": Hours(frozenset(range(5)), 8 * 60, 16 * 60),
        "holidays_of": "DE-BY",
        "days_off": (date(2026, 12, 24),),
        **changes,
    }
    return actions.add_territory(fields=TerritoryFields(**values), actor_id=admin.id, now=NOW)


def put(person, territory_id, admin):
    actions.change_member(
        member_id=person.id,
        email=person.email,
        name=person.name,
        place=person.place,
        territory_id=territory_id,
        takes=person.takes,
        actor_id=admin.id,
        now=NOW,
    )


def of(person, now=NOW):
    return next(
        each for each in queries.at_work(now=now, default=OFFICE_HOURS) if each.member.id == person.id
    )


def test_a_member_works_the_hours_of_the_territory_and_its_holidays():
    admin, rep = member(Role.ADMIN), member()
    put(rep, territory(admin), admin)
    shown = of(rep)
    assert shown.is_working
    assert shown.changes_at == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    christmas = datetime(2026, 12, 23, 16, 0, tzinfo=UTC)
    assert rules.due(shown.hours, christmas, timedelta(hours=1)) == datetime(2026, 12, 28, 8, tzinfo=UTC)


def test_who_is_in_no_territory_works_office_hours_in_the_own_zone():
    rep = member(time_zone="America/Toronto")
    assert not of(rep).is_working
    assert of(rep).changes_at == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    early = queries.at_work(now=NOW, default=Hours(frozenset(range(5)), 4 * 60, 12 * 60))
    assert next(each for each in early if each.member.id == rep.id).is_working


def test_who_is_away_does_not_work_until_the_day_after():
    rep = member()
    absence = actions.add_absence(
        member_id=rep.id, first=NOW.date(), last=date(2026, 11, 27), actor_id=rep.id, now=NOW
    )
    assert of(rep).absent_until == date(2026, 11, 27)
    assert of(rep).changes_at == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert [each.last for each in queries.absences(rep.id, now=NOW)] == [date(2026, 11, 27)]
    actions.remove_absence(absence_id=absence, actor_id=rep.id, now=NOW)
    assert of(rep).is_working
    with pytest.raises(UnknownAbsence):
        actions.remove_absence(absence_id=absence, actor_id=rep.id, now=NOW)


def test_days_away_that_follow_each_other_are_one_absence_to_whoever_waits():
    rep = member()
    for first, last in ((25, 25), (26, 27), (29, 29)):
        days = {"first": date(2026, 11, first), "last": date(2026, 11, last)}
        actions.add_absence(member_id=rep.id, **days, actor_id=rep.id, now=NOW)
    assert of(rep).absent_until == date(2026, 11, 27)


def test_days_that_are_over_can_still_be_seen_and_taken_back():
    rep = member()
    over = actions.add_absence(
        member_id=rep.id, first=date(2026, 11, 2), last=date(2026, 11, 3), actor_id=rep.id, now=NOW
    )
    assert [each.id for each in queries.absences(rep.id, now=NOW)] == [over]
    assert of(rep).absent_until is None


def test_a_territory_removed_while_a_member_is_put_into_it_is_said_in_a_sentence():
    admin, rep = member(Role.ADMIN), member()
    made = territory(admin)
    actions.remove_territory(territory_id=made, actor_id=admin.id, now=NOW)
    with pytest.raises(UnknownTerritory, match="removed meanwhile"):
        put(rep, made, admin)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2026, 12, 5), date(2026, 12, 1), "before the first"),
        (date(2026, 12, 1), date(2028, 12, 1), "at most 400 days"),
        (date(2026, 12, 3), date(2026, 12, 9), "overlap with 2026-12-01 to 2026-12-04"),
        (date(2025, 12, 7), date(2025, 12, 9), "Look at the year"),
        (date(9999, 12, 7), date(9999, 12, 9), "Look at the year"),
    ],
)
def test_days_that_make_no_absence_are_refused_in_a_sentence(first, last, sentence):
    rep = member()
    given = {"member_id": rep.id, "actor_id": rep.id, "now": NOW}
    actions.add_absence(first=date(2026, 12, 1), last=date(2026, 12, 4), **given)
    with pytest.raises(Refused, match=sentence):
        actions.add_absence(first=first, last=last, **given)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time zone from the list"),
        ({"holidays_of": "DE-XX"}, "no part “XX”"),
        ({"hours": Hours(frozenset(), 480, 960)}, "at least one working day"),
        ({"hours": Hours(frozenset({0}), 960, 480)}, "ends before it begins"),
        ({"name": " "}, "Give a name"),
        ({"days_off": (date(9999, 1, 1),)}, "Look at the years"),
        ({"days_off": tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(101))}, "at most 100"),
    ],
)
def test_a_territory_that_makes_no_sense_is_refused_in_a_sentence(changes, sentence):
    with pytest.raises(Refused, match=sentence):
        territory(member(Role.ADMIN), **changes)


def test_a_removed_territory_leaves_its_members_in_none_and_the_audit_book_says_so():
    admin, rep = member(Role.ADMIN), member()
    made = territory(admin)
    put(rep, made, admin)
    assert queries.territory(made).active == 1
    assert actions.remove_territory(territory_id=made, actor_id=admin.id, now=NOW) == "Bavaria"
    assert queries.member(rep.id).territory_id is None
    assert "territory.removed" in [line.action for line in journal.about("territory", made)]
    with pytest.raises(UnknownTerritory):
        queries.territory(made)


def test_the_next_days_off_are_named():
    admin = member(Role.ADMIN)
    days = queries.days_off(queries.territory(territory(admin)), now=NOW, count=3)
    assert [each.day for each in days] == [date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)]
    assert [bool(each.name) for each in days] == [False, True, True]
