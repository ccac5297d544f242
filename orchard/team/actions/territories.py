"""How territories come, change and go: their hours, their holidays, their name."""

from datetime import datetime
from typing import Any

from django.db import transaction

from orchard.journal import actions as journal
from orchard.kit.errors import Refused
from orchard.team import rules
from orchard.team.models import Member, Territory
from orchard.team.types import (
    COUNTRY_LENGTH,
    MOST_COUNTRIES,
    MOST_DAYS_OFF,
    TEAM_LENGTH,
    TerritoryFields,
    UnknownTerritory,
)

# How many years from now a day off may lie.
_YEARS = 6


def add_territory(*, fields: TerritoryFields, actor_id: int | None, now: datetime) -> int:
    """Make a territory; return its id."""
    with transaction.atomic():
        made = Territory.objects.create(created_at=now, **_checked(fields, now))
        _note("territory.added", made, actor_id, now)
    return made.id


def change_territory(*, territory_id: int, fields: TerritoryFields, actor_id: int, now: datetime) -> None:
    """Change what is said of a territory."""
    with transaction.atomic():
        found = _locked(territory_id)
        for name, value in _checked(fields, now).items():
            setattr(found, name, value)
        found.save()
        _note("territory.changed", found, actor_id, now)


def remove_territory(*, territory_id: int, actor_id: int, now: datetime) -> str:
    """Remove a territory; its members stay, in no territory. Return its name."""
    with transaction.atomic():
        found = _locked(territory_id)
        members = Member.objects.select_for_update().filter(territory=found).order_by("id")
        ids = [each.id for each in members]
        Member.objects.filter(id__in=ids).update(territory=None)
        _note("territory.removed", found, actor_id, now, members=ids)
        found.delete()
    return found.name


def _locked(territory_id: int) -> Territory:
    found = Territory.objects.select_for_update().filter(id=territory_id).first()
    if found is None:
        raise UnknownTerritory("There is no such territory.")
    return found


def _checked(fields: TerritoryFields, now: datetime) -> dict[str, Any]:
    """Return the columns of a territory; refuse what makes no sense."""
    name, hours = rules.name_of(fields.name, at_most=TEAM_LENGTH), fields.hours
    rules.check_time_zone(fields.time_zone)
    if not hours.weekdays:
        raise Refused("Choose at least one working day.").at("weekdays")
    if not 0 <= hours.opens < hours.closes <= 24 * 60:
        raise Refused("The working day ends before it begins; it cannot go over midnight.").at("closes")
    if fields.holidays_of and (wrong := rules.holidays.wrong_with(fields.holidays_of, now.year)):
        raise Refused(wrong).at("holidays_of")
    if any(len(each) > COUNTRY_LENGTH for each in fields.countries) or len(fields.countries) > MOST_COUNTRIES:
        raise Refused(
            "Write at most {at_most} countries, each of at most {length} characters.",
            at_most=MOST_COUNTRIES,
            length=COUNTRY_LENGTH,
        ).at("countries")
    if len(fields.days_off) > MOST_DAYS_OFF:
        raise Refused("Write at most {at_most} days off.", at_most=MOST_DAYS_OFF).at("days_off")
    if any(abs(day.year - now.year) > _YEARS for day in fields.days_off):
        raise Refused("A day off lies within {years} years. Look at the years.", years=_YEARS).at("days_off")
    return {
        "name": name,
        "time_zone": fields.time_zone,
        "weekdays": sorted(hours.weekdays),
        "opens": hours.opens,
        "closes": hours.closes,
        "holidays_of": fields.holidays_of,
        "days_off": sorted(set(fields.days_off)),
        "countries": sorted({rules.country_key(each): each for each in fields.countries}.values()),
    }


def _note(action: str, territory: Territory, actor_id: int | None, now: datetime, **more: list[int]) -> None:
    """Write into the audit book what holds now, since it moves deadlines."""
    details = {
        "name": territory.name,
        "time_zone": territory.time_zone,
        "weekdays": territory.weekdays,
        "opens": territory.opens,
        "closes": territory.closes,
        "holidays_of": territory.holidays_of,
        "days_off": [day.isoformat() for day in territory.days_off],
        "countries": territory.countries,
        **more,
    }
    journal.record(
        actor_id=actor_id, action=action, subject=("territory", territory.id), details=details, now=now
    )
