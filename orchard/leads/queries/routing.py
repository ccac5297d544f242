"""How leads would be given as things stand: who takes how many more, who is next in each pool, whose one would be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q

from orchard.agreement import queries as agreement
from orchard.contacts import queries as contacts
from orchard.interactions import queries as ledger
from orchard.leads.models import Lead, Turn
from orchard.leads.models import Pool as PoolRow
from orchard.leads.rules import EVERYBODY, Known, Mark, Pool, Takers, Turns, chosen, pools_of
from orchard.leads.types import HELD, State, Why
from orchard.team import queries as team

_MET = ("show.visited", "meeting.held")
"""Where people meet in person."""


@dataclass(frozen=True)
class Desks:
    """Who takes leads, how many more each can take, and when an offer made now would be due."""

    takers: Takers
    free: dict[int, int]
    due: Mapping[int, datetime | None]


@dataclass(frozen=True, slots=True)
class InPool:
    """A member of a pool: how many more he or she can take, and at which turn the next lead comes (None: not now)."""

    member_id: int
    name: str
    weight: int
    free: int
    away: bool
    turn: int | None


@dataclass(frozen=True, slots=True)
class PoolShown:
    """A pool of members among whom leads go by turn, those who are next first, and how many wait for it.

    `code` is as `leads.rules.Pool` has it, `name` that of the team or the territory, empty for everybody.
    """

    code: str
    name: str
    waiting: int
    people: Sequence[InPool]

    @property
    def free(self) -> int:
        """How many leads its members can take now."""
        return sum(each.free for each in self.people)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a contact's lead would go now: by which row of the agreement (from 0; None: no row fits), why, to whom.

    `people` are those whose it may be, whose turn is next first; nobody: all who could take it are away.
    """

    row: int | None
    why: Why
    pool: str
    people: Sequence[InPool]

    @property
    def next(self) -> str:
        """Whose the lead would be at once; empty where all who could take it are full."""
        return next((each.name for each in self.people if each.turn == 1), "")

    @property
    def is_everybodys(self) -> bool:
        """Whether it would go by turn among everybody who takes leads."""
        return self.pool == EVERYBODY


def desks_now(*, now: datetime) -> Desks:
    """Return who can take leads as things stand, by the agreement in force; nobody where there is none."""
    force = agreement.in_force_terms()
    people = team.takers() if force is not None else []
    hours = force.document.promises.sales.accept_within_hours if force is not None else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member_id, count(*) FROM lead WHERE state = ANY (%s) GROUP BY member_id",
            [[str(state) for state in HELD]],
        )
        load = dict(cursor.fetchall())
    deadlines = team.deadlines(
        [each.id for each in people],
        now=now,
        after=timedelta(hours=hours),
        default=agreement.office_hours(),
    )
    away = frozenset(each for each, deadline in deadlines.items() if deadline.delayed or deadline.at is None)
    free = {
        each.id: left
        for each in people
        if each.id not in away and (left := each.capacity - load.get(each.id, 0)) > 0
    }
    return Desks(Takers(people, away), free, {each: deadline.at for each, deadline in deadlines.items()})


def known_of(contact_ids: Collection[int], relations: Collection[str | None]) -> dict[int, Known]:
    """Return what routing asks of these contacts, as far as rows with these relations and territories need it."""
    by_territory = team.has_countries()
    whose = contacts.whose(contact_ids) if by_territory or "account_owner" in relations else {}
    territories = team.territories_of(each.country for each in whose.values()) if by_territory else {}
    met = _met(contact_ids) if "who_met_them" in relations else {}
    found = {}
    for each in contact_ids:
        theirs = whose.get(each)
        found[each] = Known(
            theirs.owner_id if theirs else None,
            met.get(each, ()),
            territories.get(theirs.country, ()) if theirs else (),
        )
    return found


def turns_of(pool: str, weights: Mapping[int, int]) -> Turns:
    """Return the turns of a pool among these members with their weights, as they stand."""
    row = PoolRow.objects.filter(code=pool).first()
    marks = Turn.objects.filter(pool=pool, member__in=list(weights)).values_list("member", "at", "served")
    return Turns(
        weights,
        {member: Mark(at, served) for member, at, served in marks},
        floor=row.floor if row else 0,
        served=row.served if row else 0,
    )


def pools(*, now: datetime) -> list[PoolShown]:
    """Return the pools of several that members are in, everybody's last, each with who waits and who is next."""
    desks, waiting = desks_now(now=now), _waiting()
    everybody = Takers(desks.takers.all).pools
    names = _names()
    found = [
        PoolShown(code, names.get(code, ""), waiting.get(code, 0), _in_turn(code, members, desks))
        for code, members in everybody.items()
        if not code.startswith("member:")
    ]
    return sorted(found, key=lambda pool: (pool.code == EVERYBODY, pool.name.lower(), pool.code))


def way_of(contact_id: int, *, now: datetime) -> Way | None:
    """Return where the lead of a living contact would go now; None where nobody takes leads, or no agreement holds."""
    desks = desks_now(now=now)
    routing = agreement.routing_of([contact_id], now=now)
    if routing is None or not desks.takers.pools:
        return None
    known = known_of([contact_id], {route.to.relation for route in routing.routes})
    holds = routing.holds.get(contact_id, (False,) * len(routing.routes))
    pool: Pool | None = chosen(
        pools_of(routing.routes, holds, known[contact_id], desks.takers), (), desks.takers
    )
    if pool is None:
        return None
    return Way(pool.row, pool.why, pool.code, _in_turn(pool.code, desks.takers.pools[pool.code], desks))


def _met(contact_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return who met each of these contacts in person, the last first."""
    met: dict[int, list[int]] = {}
    facts = ledger.facts_of_kinds(contact_ids, _MET)
    for fact in sorted(facts, key=lambda each: (each.occurred_at, each.pos), reverse=True):
        if fact.contact_id is not None and fact.member_id is not None:
            met.setdefault(fact.contact_id, []).append(fact.member_id)
    return {contact: tuple(dict.fromkeys(members)) for contact, members in met.items()}


def _waiting() -> dict[str, int]:
    rows = Lead.objects.filter(~Q(pool=""), state=State.WAITING).order_by().values_list("pool")
    return dict(rows.annotate(n=Count("id")))


def _names() -> dict[str, str]:
    """Return what the pools of teams and territories are called."""
    teams = {f"team:{each.code}": each.name for each in team.teams()}
    return teams | {f"territory:{each.id}": each.name for each in team.territories()}


def _in_turn(code: str, members: Collection[int], desks: Desks) -> list[InPool]:
    """Return the members of a pool, those first to whom the next leads go."""
    takers = {each.id: each for each in desks.takers.all if each.id in members}
    free = {each: desks.free[each] for each in takers if each in desks.free}
    turns = turns_of(code, {each: takers[each].weight for each in free})
    order: list[int] = []
    while len(order) < len(free) and (member := turns.next(free, order)) is not None:
        order.append(member)
    names = team.names(list(takers))
    shown = [
        InPool(
            each,
            names.get(each, ""),
            takers[each].weight,
            free.get(each, 0),
            each in desks.takers.away,
            order.index(each) + 1 if each in order else None,
        )
        for each in takers
    ]
    return sorted(shown, key=lambda each: (each.turn is None, each.turn or 0, each.name.lower()))
