"""Who works when: the hours of members, with their holidays and absences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, prefetch_related_objects
from django.db.models.functions import Lower

from orchard.team import rules
from orchard.team.models import Absence, Member, Territory
from orchard.team.types import (
    SELLERS,
    STILL_NOTED,
    Hours,
    Taker,
    UnknownAbsence,
    UnknownTerritory,
    WorkingTime,
)

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
class Deadline:
    """When a span of a member's working time will have passed, None where it never does.

    `delayed` tells that the member is away before then, so that it comes later than it would.
    """

    at: datetime | None
    delayed: bool


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day off that would be a working day, and what it is called; no name where the company itself is closed."""

    day: date
    name: str


def working_times(members: Iterable[Member], *, now: datetime, default: Hours) -> dict[int, WorkingTime]:
    """Return the working time of each member; holidays are known from a year before to six years after `now`.

    It is that of the member's territory; who has none works the `default` hours by the clock of his or her own zone.
    """
    usual = usual_times(members, now=now, default=default)
    away: dict[int, set[date]] = {each: set() for each in usual}
    held = Absence.objects.filter(member__in=away, last__gte=now.date() - timedelta(days=rules.HORIZON))
    for member_id, first, last in held.values_list("member_id", "first", "last"):
        away[member_id].update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return {each: hours.without(away[each]) if away[each] else hours for each, hours in usual.items()}


def usual_times(members: Iterable[Member], *, now: datetime, default: Hours) -> dict[int, WorkingTime]:
    """Return the working time of each member as if nobody were ever absent; else as `working_times`."""
    members = list(members)
    prefetch_related_objects(members, "territory")
    places: dict[int, WorkingTime] = {}
    found = {}
    for each in members:
        if each.territory is None:
            found[each.id] = WorkingTime(
                ZoneInfo(each.time_zone), default.weekdays, default.opens, default.closes
            )
            continue
        if each.territory.id not in places:
            places[each.territory.id] = hours_of(each.territory, now=now)
        found[each.id] = places[each.territory.id]
    return found


def takers() -> list[Taker]:
    """Return who takes leads at all, whether at work or not; the team by its code, empty for none."""
    rows = Member.objects.filter(is_active=True, capacity__gt=0, role__in=SELLERS).order_by("id")
    columns = ("id", "email", "team__code", "territory_id", "capacity", "weight")
    return [
        Taker(identity, email, team or "", territory, capacity, weight)
        for identity, email, team, territory, capacity, weight in rows.values_list(*columns)
    ]


def countries() -> list[tuple[int, list[str]]]:
    """Return the countries of each territory, by its id."""
    return list(Territory.objects.order_by("id").values_list("id", "countries"))


def has_countries() -> bool:
    """Tell whether any territory gets the leads of a country."""
    return Territory.objects.exclude(countries=[]).exists()


def territories_of(countries: Iterable[str]) -> dict[str, list[int]]:
    """Return for each of these countries, however written, which territories get its leads."""
    found: dict[str, list[int]] = {}
    for identity, theirs in Territory.objects.order_by("id").values_list("id", "countries"):
        for country in theirs:
            found.setdefault(rules.country_key(country), []).append(identity)
    return {country: found.get(rules.country_key(country), []) for country in countries}


def deadlines(
    member_ids: Iterable[int], *, now: datetime, after: timedelta, default: Hours
) -> dict[int, Deadline]:
    """Return when `after` of each member's working time will have passed, from `now` on."""
    members = list(Member.objects.filter(id__in=list(member_ids)).select_related("territory"))
    usual = usual_times(members, now=now, default=default)
    hours = working_times(members, now=now, default=default)
    known: dict[int, datetime | None] = {}
    # Whoever works in the same territory shares one working time, unless days of absence are taken out of it.
    for each in (*usual.values(), *hours.values()):
        if id(each) not in known:
            known[id(each)] = rules.due(each, now, after)
    return {
        each: Deadline(known[id(hours[each])], delayed=known[id(hours[each])] != known[id(usual[each])])
        for each in usual
    }


def absent(member_ids: Iterable[int], *, now: datetime, default: Hours) -> tuple[set[int], set[int]]:
    """Return which of these members are switched off, and which would be at work now or next but for an absence."""
    members = list(Member.objects.filter(id__in=list(member_ids)).select_related("territory"))
    off = {each.id for each in members if not each.is_active}
    usual = usual_times(members, now=now, default=default)
    hours = working_times(members, now=now, default=default)
    away = {
        each
        for each in usual
        if hours[each] is not usual[each]
        and rules.opens_next(hours[each], now) != rules.opens_next(usual[each], now)
    }
    return off, away - off


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
