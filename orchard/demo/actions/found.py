"""How the demo company is founded: its members, campaigns, content, programs and the first agreement, at once."""

from datetime import datetime

from django.db import transaction

from orchard.agreement import actions as agreement
from orchard.agreement import queries as versions
from orchard.campaigns import actions as campaigns
from orchard.content import actions as contents
from orchard.demo import story
from orchard.demo.models import Loading
from orchard.demo.types import Size
from orchard.kit.errors import Conflict
from orchard.nurture import actions as nurture
from orchard.team import actions as team
from orchard.team import queries as members
from orchard.team.types import OFFICE_HOURS, Place, Role, Side, Takes, TerritoryFields

PASSWORD = "orchard-demo"  # noqa: S105 - everybody knows it; the server listens on this machine only

_ZONE = "Europe/Vienna"
_CENTS = 100


@transaction.atomic
def found(*, size: Size, seed: int, until: datetime) -> None:
    """Found the demo company in an empty installation: members, campaigns, content and a signed agreement."""
    if members.anybody() or Loading.objects.exists():
        raise Conflict("This installation has a company already. Choose another ORCHARD_HOME for the demo.")
    begin = until - story.calendar.WEEKS * story.calendar.WEEK
    marketing = _employ(size, begin)
    _plant(size, until, begin, marketing)
    Loading.objects.create(size=size, seed=seed, until=until, weeks=story.calendar.WEEKS)
    sign(1, now=begin)
    for values in story.PROGRAMS:
        program = nurture.begin(values=values, actor_id=marketing, now=begin)
        nurture.go_live(program_id=program, revision=1, lets_in=False, actor_id=marketing, now=begin)


@transaction.atomic
def sign(number: int, *, now: datetime) -> bool:
    """Let both sides sign a version of the story's agreement; tell whether they did, which they do once."""
    standing = versions.in_force()
    if standing is not None and (number == 1 or standing.based_on is not None):
        return False
    loading = Loading.objects.get()
    text = story.agreement(number, until=loading.until, size=Size(loading.size))
    marketing, manager = (
        members.member_by_email(each).id for each in (story.team.MARKETING, story.team.MANAGER)
    )
    version = agreement.propose_text(text=text, member_id=marketing, now=now)
    signed = versions.version(version).text_hash
    for member_id, side in ((marketing, Side.MARKETING), (manager, Side.SALES)):
        agreement.sign(member_id=member_id, version_id=version, side=side, text_hash=signed, now=now)
    return True


def _employ(size: Size, now: datetime) -> int:
    """Let everybody work in Vienna, where the company is, sellers in their teams; return who does Marketing."""
    ids = {email: _add(email, name, place, now) for email, name, place in story.team.OFFICE}
    admin = ids[story.team.ADMIN]
    vienna = team.add_territory(
        fields=TerritoryFields("Vienna", _ZONE, OFFICE_HOURS, "AT"), actor_id=admin, now=now
    )
    teams = {name: team.add_team(name=name, actor_id=admin, now=now) for name in story.team.teams(size)}
    people = [(email, name, place, 0) for email, name, place in story.team.OFFICE]
    for each in story.team.sellers(size):
        place = Place(Role.SALES, team_id=teams.get(each.team))
        people.append((each.email, each.name, place, each.capacity))
        ids[each.email] = _add(each.email, each.name, place, now)
    for email, name, place, capacity in people:
        team.change_member(
            member_id=ids[email],
            email=email,
            name=name,
            place=place,
            territory_id=vienna,
            takes=Takes(capacity),
            actor_id=admin,
            now=now,
        )
    return ids[story.team.MARKETING]


def _add(email: str, name: str, place: Place, now: datetime) -> int:
    return team.add_member(email=email, name=name, place=place, password=PASSWORD, time_zone=_ZONE, now=now)


def _plant(size: Size, until: datetime, begin: datetime, member_id: int) -> None:
    """Make the campaigns with their cost, and the content."""
    ids: dict[str, int] = {}
    for each in story.campaigns(size, until):
        first, last = each.weeks
        ids[each.code] = campaigns.create_campaign(
            name=each.name,
            code=each.code,
            type=each.type,
            channel=each.channel,
            parent_id=ids.get(each.parent),
            starts_on=(begin + first * story.calendar.WEEK).date(),
            ends_on=(begin + (last + 1) * story.calendar.WEEK).date(),
            planned_cost=each.planned * _CENTS or None,
            actual_cost=each.actual * _CENTS or None,
            currency="EUR",
            actor_id=member_id,
            now=begin,
        )
    for reference, title, type_ in story.CONTENTS:
        contents.create_content(
            title=title, type=type_, external_ref=reference, actor_id=member_id, now=begin
        )
