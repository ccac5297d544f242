"""How the demo company is made: its members at once, its story week by week, each through the rooms' actions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from orchard.agreement import actions as agreement
from orchard.agreement import queries as versions
from orchard.campaigns import actions as campaigns
from orchard.campaigns.queries import tree as campaign_tree
from orchard.campaigns.types import Status
from orchard.contacts import actions as contacts
from orchard.contacts import queries as people
from orchard.contacts.types import IncomingRow, normal_email
from orchard.content import actions as contents
from orchard.demo import story
from orchard.demo.actions import selling
from orchard.demo.models import Loading
from orchard.demo.types import Happening, Person, Size, Week
from orchard.interactions import actions as ledger
from orchard.interactions.types import Consumer, Lane, NewFact, brings
from orchard.kit import clock
from orchard.kit.errors import Conflict
from orchard.nurture import actions as nurture
from orchard.team import actions as team
from orchard.team import queries as members
from orchard.team.types import OFFICE_HOURS, Place, Role, Side, Takes, TerritoryFields

PASSWORD = "orchard-demo"  # noqa: S105 - everybody knows it; the server listens on this machine only

MEMBERS = (
    ("admin@demo.example", "Ada Quist", Role.ADMIN, frozenset[Side]()),
    ("manager@demo.example", "Nora Lind", Role.MANAGER, frozenset({Side.SALES})),
    ("marketing@demo.example", "Sam Okafor", Role.MARKETING, frozenset({Side.MARKETING})),
    ("sales@demo.example", "Lars Berg", Role.SALES, frozenset[Side]()),
    ("sales2@demo.example", "Mei Tanabe", Role.SALES, frozenset[Side]()),
)

_COLUMNS = (
    "full_name",
    "first_name",
    "last_name",
    "title",
    "seniority",
    "department",
    "country",
    "city",
    "is_competitor",
)
_ACCOUNT_COLUMNS = ("name", "domain", "industry", "country", "city", "employees")
CAPACITY = 40
SECOND_VERSION = 44
"""The week at whose end a second version is signed: ripe a little sooner, and with one more reason to return."""

_SOURCE = "demo"
_WEEK = timedelta(weeks=1)
_LOCK = 7_202_603


@transaction.atomic
def found(*, size: Size, seed: int, until: datetime) -> None:
    """Found the demo company in an empty installation: members, campaigns, content and a signed agreement."""
    if members.anybody() or Loading.objects.exists():
        raise Conflict("This installation has a company already. Choose another ORCHARD_HOME for the demo.")
    begin = until - story.WEEKS * _WEEK
    ids = {
        email: team.add_member(
            email=email,
            name=name,
            place=Place(role=role, signs_for=signs_for),
            password=PASSWORD,
            time_zone="Europe/Vienna",
            now=begin,
        )
        for email, name, role, signs_for in MEMBERS
    }
    _place(ids, begin)
    _plant(begin, ids["marketing@demo.example"])
    _sign("agreement.yaml", begin)
    for values in story.PROGRAMS:
        program = nurture.begin(values=values, actor_id=ids["marketing@demo.example"], now=begin)
        nurture.go_live(
            program_id=program, revision=1, lets_in=False, actor_id=ids["marketing@demo.example"], now=begin
        )
    Loading.objects.create(size=size, seed=seed, until=until, weeks=story.WEEKS)


def load(*, consumers: Sequence[Consumer], progress: Callable[[int], None] | None = None) -> int:
    """Tell the rest of the story, from the week where an earlier try was stopped; return how many contacts there are.

    The clock stands where the story is, so nobody else may read the ledger meanwhile.
    """
    loading = Loading.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict("Another process tells the demo's story just now. Wait until it is done.")
    try:
        return _tell_on(loading, consumers, progress)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _tell_on(loading: Loading, consumers: Sequence[Consumer], progress: Callable[[int], None] | None) -> int:
    ids = {int(value): contact_id for value, contact_id in people.ids_in(_SOURCE).items()}
    sellers = {email: members.member_by_email(email).id for email in (selling.MANAGER, *selling.HABITS)}
    for week in story.tell(seed=loading.seed, until=loading.until, size=Size(loading.size)):
        if week.number < loading.week:
            continue
        for moment in selling.moments(week):
            with clock.at(moment):
                selling.sit_down(seed=loading.seed, ids=sellers, now=moment)
                ledger.drain(consumers)
        if week.number == SECOND_VERSION:
            _sign("agreement_2.yaml", week.end)
        with clock.at(week.end):
            _live(week, ids)
            agreement.tell_due(now=week.end)
            ledger.drain(consumers)
        if progress:
            progress(week.number + 1)
    with clock.at(loading.until):
        _finish_campaigns(loading.until)
        agreement.refresh(now=loading.until, faded=True)
        ledger.drain(consumers)
    Loading.objects.update(finished_at=clock.now())
    return len(ids)


@transaction.atomic
def _sign(file_name: str, now: datetime) -> None:
    """Let both sides sign an agreement of the story, if they did not before."""
    text = (Path(__file__).parents[1] / "story" / file_name).read_text()
    marketing, manager = (
        members.member_by_email(f"{who}@demo.example").id for who in ("marketing", "manager")
    )
    standing = versions.in_force()
    if standing is not None and standing.based_on is not None:
        return
    version = agreement.propose_text(text=text, member_id=marketing, now=now)
    signed = versions.version(version).text_hash
    for member_id, side in ((marketing, Side.MARKETING), (manager, Side.SALES)):
        agreement.sign(member_id=member_id, version_id=version, side=side, text_hash=signed, now=now)
    if standing is not None:
        agreement.refresh(now=now)


def _finish_campaigns(until: datetime) -> None:
    """Let the campaigns that the story has left behind be over."""
    for each in campaign_tree(counted=False):
        if each.ends_on and each.ends_on < until.date():
            campaigns.change_campaign(
                campaign_id=each.id, values={"status": Status.DONE}, now=until, actor_id=None
            )


def _place(ids: Mapping[str, int], now: datetime) -> None:
    """Let everybody work in Vienna, where the company is."""
    admin = ids["admin@demo.example"]
    fields = TerritoryFields("Vienna", "Europe/Vienna", OFFICE_HOURS, "AT")
    vienna = team.add_territory(fields=fields, actor_id=admin, now=now)
    for email, name, role, signs_for in MEMBERS:
        team.change_member(
            member_id=ids[email],
            email=email,
            name=name,
            place=Place(role=role, signs_for=signs_for),
            territory_id=vienna,
            takes=Takes(CAPACITY if role is Role.SALES else 0),
            actor_id=admin,
            now=now,
        )


def _plant(begin: datetime, member_id: int) -> None:
    """Make the campaigns with their cost, and the content."""
    ids: dict[str, int] = {}
    for each in story.CAMPAIGNS:
        ids[each.code] = campaigns.create_campaign(
            name=each.name,
            code=each.code,
            type=each.type,
            channel=each.channel,
            parent_id=ids.get(each.parent),
            starts_on=(begin + each.weeks[0] * _WEEK).date(),
            ends_on=(begin + (each.weeks[1] + 1) * _WEEK).date(),
            planned_cost=each.planned or None,
            actual_cost=each.actual or None,
            currency="EUR",
            actor_id=member_id,
            now=begin,
        )
    for reference, title, type_ in story.CONTENTS:
        contents.create_content(
            title=title, type=type_, external_ref=reference, actor_id=member_id, now=begin
        )


@transaction.atomic
def _live(week: Week, ids: dict[int, int]) -> None:
    """Let one week happen: its people become known, its facts are appended, the mark is moved."""
    for first in range(0, len(week.people), 10_000):
        some = week.people[first : first + 10_000]
        results = contacts.upsert_batch(
            [_incoming(person) for person in some],
            contact_columns=_COLUMNS,
            account_columns=_ACCOUNT_COLUMNS,
            import_id=None,
            now=week.end,
            lane=Lane.BULK,
        )
        ids.update(
            {
                person.place: result.contact_id
                for person, result in zip(some, results, strict=True)
                if result.contact_id
            }
        )
    for first in range(0, len(week.happenings), 10_000):
        _tell(week.happenings[first : first + 10_000], ids, week.end)
    Loading.objects.update(week=week.number + 1)


def _incoming(person: Person) -> IncomingRow:
    return IncomingRow(
        person.place,
        (
            f"{person.first_name} {person.last_name}",
            person.first_name,
            person.last_name,
            person.title,
            person.seniority,
            person.department,
            person.country,
            person.city,
            person.is_competitor,
        ),
        (person.company, person.domain, person.industry, person.country, person.city, person.employees),
        [(person.email, normal_email(person.email) or person.email)],
        [(person.phone, person.phone, "")] if person.phone else [],
        [(_SOURCE, str(person.place))],
    )


def _tell(happenings: Sequence[Happening], ids: dict[int, int], now: datetime) -> None:
    campaign_ids = campaigns.ensure_campaigns({each.campaign for each in happenings}, now=now)
    content_ids = contents.ensure_contents({each.content for each in happenings}, now=now)
    told = [each for each in happenings if each.place in ids]
    facts = ledger.append(
        [
            NewFact(
                each.kind,
                each.at,
                contact_id=ids[each.place],
                campaign_id=campaign_ids.get(each.campaign),
                content_id=content_ids.get(each.content),
                amount=each.amount,
                currency="EUR" if each.amount is not None else "",
            )
            for each in told
        ],
        now=now,
        lane=Lane.BULK,
    )
    campaigns.add_sources(
        [
            (ids[each.place], campaign_ids[each.campaign], each.at)
            for each in told
            if each.campaign in campaign_ids and brings(each.kind)
        ]
    )
    ledger.keep_words(
        (fact, ids[each.place], each.words)
        for fact, each in zip(facts, told, strict=True)
        if fact and each.words
    )
