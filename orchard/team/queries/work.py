"""Who works when: the hours of members, with their holidays and absences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, prefetch_related_objects
from django.db.models.functions import Lower

from orchard.team import rules
from orchard.team.models import Absence, Member, Territory
from orchard.team.types import STILL_NOTED, Hours, UnknownAbsence, UnknownTerritory, WorkingTime

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AtWork:
    """A member: whether at work now, when this changes, and until when away.

    `changes_at` is when the present stretch of work ends, or the next one begins; None where it never does.
    `absent_until` is the last day of the absences that hold today and without a day between.
    """

    member: Member
    is_working: bool
    changes_at: datetime | None
    absent_until: date | None
    hours: WorkingTime


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day off that would be a working day, and what it is called; no name where the company itself is closed."""

    day: date
    name: str


def working_times(members: Iterable[Member], *, now: datetime, default: Hours) -> dict[int, WorkingTime]:
    """Return the working time of each member; holidays are known from a year before to six years after `now`.

    It is that of the member's territory; who has none works the `default` hours by the clock of his or her own zone.
    """
    members = list(members)
    prefetch_related_objects(members, "territory")
    away: dict[int, set[date]] = {each.id: set() for each in members}
    held = Absence.objects.filter(member__in=away, last__gte=now.date() - timedelta(days=rules.HORIZON))
    for member_id, first, last in held.values_list("member_id", "first", "last"):
        away[member_id].update(first + timedelta(days=n) for n in range((last - first).days + 1))
    places: dict[int, WorkingTime] = {}
    found = {}
    for each in members:
        if each.territory is None:
            hours = WorkingTime(ZoneInfo(each.time_zone), default.weekdays, default.opens, default.closes)
        else:
            if each.territory.id not in places:
                places[each.territory.id] = hours_of(each.territory, now=now)
            hours = places[each.territory.id]
        found[each.id] = hours.without(away[each.id]) if away[each.id] else hours
    return found


def hours_of(territory: Territory, *, now: datetime) -> WorkingTime:
    """Return when a territory works, its holidays and days off taken out."""
    return WorkingTime(
        ZoneInfo(territory.time_zone),
        frozenset(territory.weekdays),
        territory.opens,
        territory.closes,
        frozenset(_holidays(territory, now)) | frozenset(territory.days_off),
    )


def days_off(territory: Territory, *, now: datetime, count: int = 8) -> list[DayOff]:
    """Return the next days on which a territory does not work although it is a working day, with their names."""
    hours, names = hours_of(territory, now=now), _holidays(territory, now)
    today = now.astimezone(hours.zone).date()
    return [DayOff(day, names.get(day, "")) for day in rules.days_off(hours, today, count)]


def at_work(*, now: datetime, default: Hours) -> list[AtWork]:
    """Return everybody who is switched on, by territory and name."""
    rows = Member.objects.filter(is_active=True).select_related("team", "territory")
    members = list(rows.order_by(Lower("territory__name"), Lower("name"), "id"))
    hours = working_times(members, now=now, default=default)
    today = {each.id: now.astimezone(hours[each.id].zone).date() for each in members}
    absent: dict[int, date] = {}
    for each in Absence.objects.filter(member__in=members).order_by("first"):
        if each.first <= absent.get(each.member_id, today[each.member_id]) + _DAY and (
            each.first <= today[each.member_id] <= each.last or each.member_id in absent
        ):
            absent[each.member_id] = each.last
    return [_at_work(each, hours[each.id], absent.get(each.id), now) for each in members]


def territories() -> list[Territory]:
    """Return all territories by name, each with `active`, how many active members work there."""
    active = Count("members", filter=Q(members__is_active=True))
    return list(Territory.objects.annotate(active=active).order_by(Lower("name"), "id"))


def territory(territory_id: int) -> Territory:
    """Return one territory, as `territories` does."""
    for each in territories():
        if each.id == territory_id:
            return each
    raise UnknownTerritory("There is no such territory.")


def absences(member_id: int, *, now: datetime) -> list[Absence]:
    """Return the absences of a member that come or are not over for long, the last first."""
    return list(
        Absence.objects.filter(member=member_id, last__gte=now.date() - STILL_NOTED).order_by("-first")
    )


def absence(absence_id: int) -> Absence:
    """Return one absence with its member."""
    found = Absence.objects.select_related("member").filter(id=absence_id).first()
    if found is None:
        raise UnknownAbsence("There is no such absence.")
    return found


def is_absence_of(member_id: int, absence_id: int) -> bool:
    """Tell whether an absence is the member's own."""
    return Absence.objects.filter(id=absence_id, member=member_id).exists()


def _at_work(member: Member, hours: WorkingTime, absent_until: date | None, now: datetime) -> AtWork:
    working = rules.is_working(hours, now)
    changes_at = (rules.closes_next if working else rules.opens_next)(hours, now)
    return AtWork(member, working, changes_at, absent_until, hours)


def _holidays(territory: Territory, now: datetime) -> dict[date, str]:
    return rules.holidays.of_years(territory.holidays_of, range(now.year - 1, now.year + 7))
