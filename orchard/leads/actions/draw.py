"""How leads leave the basket: offered by score, up to what members take, to whose turn it is, each with its clock.

One drawing at a time: turns and capacities are read and written under a lock, so that offers made at once stay fair.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from orchard.agreement import queries as agreement
from orchard.contacts import actions as contact_actions
from orchard.interactions.actions import append
from orchard.interactions.types import NewFact
from orchard.kit.ids import as_array
from orchard.leads.actions.telling import tell_managers
from orchard.leads.models import Lead, Turn
from orchard.leads.models import Pool as PoolRow
from orchard.leads.queries.routing import Desks, desks_now, known_of, turns_of
from orchard.leads.rules import STRIDE, Pool, Takers, Turns, chosen, codes_of, pools_of
from orchard.leads.tables import OFFERED
from orchard.leads.types import HOLD, State
from orchard.tasks import actions as tasks
from orchard.team import queries as team

AT_ONCE = 2_000
"""Leads that are routed and offered in one transaction, at most."""

_LOCK = 0x0D4A

_UNROUTED = """
SELECT id, contact_id, asked FROM lead
 WHERE state = 'waiting' AND offered_until > %(now)s
   AND (routed_by IS NULL OR routed_by < %(routing)s OR routed_by > %(routing)s)
 ORDER BY score DESC, id DESC LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
"""`IS DISTINCT FROM` would look at every lead that waits; these three are ranges of an index."""

_ROUTED = """
UPDATE lead SET pool = %s, why = %s, row = %s, routed_by = %s WHERE id = ANY (%s::bigint[])
"""

_FILLED = """
SELECT c.code FROM unnest(%s::text[]) AS c (code)
 WHERE EXISTS (SELECT FROM lead WHERE state = 'waiting' AND pool = c.code)
"""
"""The pools in which anybody waits: most of the many with one member each are empty."""

_NEXT = """
SELECT c.code, l.* FROM unnest(%(codes)s::text[], %(mosts)s::int[]) AS c (code, most) CROSS JOIN LATERAL (
    SELECT id, contact_id, account_id, score, why, row, bulk, asked FROM lead
     WHERE state = 'waiting' AND pool = c.code AND routed_by = %(routing)s AND offered_until > %(now)s
       AND (asked = '{}' OR EXISTS (
            SELECT FROM unnest(%(free_codes)s::text[], %(free_members)s::bigint[]) AS f (code, member)
             WHERE f.code = c.code AND f.member <> ALL (asked)))
     ORDER BY score DESC, id DESC LIMIT c.most FOR UPDATE SKIP LOCKED
) l ORDER BY l.score DESC, l.id DESC
"""

_STUCK = """
SELECT id, pool, asked FROM lead
 WHERE state = 'waiting' AND routed_by IS NOT NULL AND (pool <> ALL (%(codes)s) OR asked <> '{}')
 ORDER BY id FOR UPDATE SKIP LOCKED
"""

_OFFER = """
WITH given AS (
    SELECT * FROM unnest(%(leads)s::bigint[], %(members)s::bigint[], %(dues)s::timestamptz[], %(whys)s::text[],
                         %(rows)s::smallint[]) AS g (lead_id, member_id, due_at, why, row)
), moved AS (
    UPDATE lead l SET state = 'offered', member_id = g.member_id FROM given g WHERE l.id = g.lead_id
)
INSERT INTO offer (lead_id, member_id, version_id, made_at, due_at, why, row, outcome)
SELECT lead_id, member_id, %(version)s, %(now)s, due_at, why, row, '' FROM given
"""

_POOL = """
INSERT INTO lead_pool (code, floor, served) VALUES (%(pool)s, %(floor)s, %(served)s)
ON CONFLICT (code) DO UPDATE SET floor = excluded.floor, served = excluded.served
"""

_TURNS = """
INSERT INTO lead_turn (pool, member_id, at, served)
SELECT %(pool)s, * FROM unnest(%(members)s::bigint[], %(ats)s::bigint[], %(served)s::bigint[])
ON CONFLICT (pool, member_id) DO UPDATE SET at = excluded.at, served = excluded.served
"""


class _Waiting(NamedTuple):
    """A lead that may be offered, and the pool in which it waits."""

    pool: str
    id: int
    contact_id: int
    account_id: int | None
    score: int
    why: str
    row: int | None
    bulk: bool
    asked: Sequence[int]


_Given = tuple[_Waiting, int]
"""A lead, and the member whose it will be."""


@transaction.atomic
def draw(*, now: datetime, most: int = AT_ONCE) -> int:
    """Offer what waits, as far as members take it; return how many offers were made, at most `most`.

    Leads that everybody of their pool was asked for in vain are escalated.
    """
    force = agreement.in_force_terms()
    if force is None:
        return 0
    hold_turns()
    desks = desks_now(now=now)
    if not desks.takers.pools:
        return 0
    routing = _signature(force.version_id, desks.takers)
    _route(desks.takers, routing, now)
    free = {
        code: sorted(members.intersection(desks.free)) for code, members in sorted(desks.takers.pools.items())
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILLED, [[code for code, members in free.items() if members]])
        filled = [code for (code,) in cursor.fetchall()]
        if not filled:
            return 0
        pairs = [(code, member) for code in filled for member in free[code]]
        rooms = {code: sum(desks.free[each] for each in free[code]) for code in filled}
        cursor.execute(
            _NEXT,
            {
                "codes": list(rooms),
                "mosts": [min(most, room) for room in rooms.values()],
                "free_codes": [code for code, _ in pairs],
                "free_members": [member for _, member in pairs],
                "routing": routing,
                "now": now,
            },
        )
        leads = [_Waiting._make(row) for row in cursor.fetchall()]
    offered = _give(leads, desks, most)
    _write(offered, desks, force.version_id, now)
    return len(offered)


def hold_turns() -> None:
    """Let nobody else give a lead until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def count_turn(*, pool: str, member_id: int) -> None:
    """Count a lead that a member took from a pool without being offered it; under `hold_turns`.

    The others stay where they are: who takes one is behind those who did not, and nobody else is ahead.
    """
    taker = next((each for each in team.takers() if each.id == member_id), None)
    if taker is None or pool not in codes_of(taker):
        return
    row = PoolRow.objects.filter(code=pool).first()
    mark = Turn.objects.filter(pool=pool, member=member_id).first()
    at = max(mark.at if mark else 0, row.floor if row else 0) + STRIDE // taker.weight
    served = (row.served if row else 0) + 1
    PoolRow.objects.update_or_create(code=pool, defaults={"served": served})
    Turn.objects.update_or_create(pool=pool, member_id=member_id, defaults={"at": at, "served": served})


def give_turn_back(*, pool: str, member_id: int) -> None:
    """Let a turn be none that `count_turn` counted; under `hold_turns`."""
    taker = next((each for each in team.takers() if each.id == member_id), None)
    mark = Turn.objects.filter(pool=pool, member=member_id).first()
    if taker is None or mark is None or pool not in codes_of(taker):
        return
    mark.at = max(0, mark.at - STRIDE // taker.weight)
    mark.save()


@transaction.atomic
def route_anew(*, now: datetime) -> int:
    """Let those be routed again who wait for nobody: in a pool that is empty, or all asked in vain; return how many."""
    if agreement.in_force_terms() is None:
        return 0
    pools = desks_now(now=now).takers.pools
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, {"codes": list(pools)})
        lost = [
            lead
            for lead, pool, asked in cursor.fetchall()
            if not pools.get(pool, frozenset()).difference(asked)
        ]
        cursor.execute("UPDATE lead SET routed_by = NULL WHERE id = ANY (%s::bigint[])", [as_array(lost)])
    return len(lost)


def _signature(version_id: int, takers: Takers) -> int:
    """Return by what leads are routed: the version, who takes leads in which team and place, and whose countries."""
    people = [(each.id, each.email, each.team, each.territory_id) for each in takers.all]
    known = repr((version_id, people, team.countries())).encode()
    return int.from_bytes(hashlib.blake2b(known, digest_size=7).digest())


def _route(takers: Takers, signature: int, now: datetime) -> None:
    """Decide where leads wait that nobody decided about as things stand; escalate those asked for in vain."""
    with connection.cursor() as cursor:
        cursor.execute(_UNROUTED, {"now": now, "routing": signature, "most": AT_ONCE})
        leads = cursor.fetchall()
    contact_ids = [contact for _, contact, _ in leads]
    routing = agreement.routing_of(contact_ids, now=now) if leads else None
    if routing is None:
        return
    known = known_of(contact_ids, {route.to.relation for route in routing.routes})
    places: dict[Pool, list[int]] = {}
    vain: list[int] = []
    nothing = (False,) * len(routing.routes)
    for lead, contact, asked in leads:
        pools = pools_of(routing.routes, routing.holds.get(contact, nothing), known[contact], takers)
        pool = chosen(pools, asked, takers)
        if pool is None:
            vain.append(lead)
        else:
            places.setdefault(pool, []).append(lead)
    with connection.cursor() as cursor:
        for pool, ids in places.items():
            cursor.execute(_ROUTED, [pool.code, str(pool.why), pool.row, signature, as_array(ids)])
    _escalate(vain, now=now)


def _escalate(lead_ids: Sequence[int], *, now: datetime) -> None:
    if not lead_ids:
        return
    Lead.objects.filter(id__in=lead_ids, state=State.WAITING).update(state=State.ESCALATED)
    rows = Lead.objects.filter(id__in=lead_ids).values_list("id", "contact_id", "account_id")
    facts = [
        NewFact("lead.escalated", now, contact_id=contact, account_id=account, subject=("lead", lead))
        for lead, contact, account in rows
    ]
    append(facts, now=now)
    tell_managers(lead_ids, now=now)


def _give(leads: Iterable[_Waiting], desks: Desks, most: int) -> list[_Given]:
    """Choose for each lead, the highest score first, whose turn it is among those who can take one more."""
    weights = {each.id: each.weight for each in desks.takers.all}
    queues: dict[str, Turns] = {}
    found: list[_Given] = []
    for lead in leads:
        if len(found) == most:
            break
        if lead.pool not in queues:
            members = desks.takers.pools[lead.pool]
            queues[lead.pool] = turns_of(
                lead.pool, {each: weights[each] for each in members if desks.free.get(each)}
            )
        member = queues[lead.pool].next(desks.free, lead.asked)
        if member is None:
            continue
        desks.free[member] -= 1
        if not desks.free[member]:
            del desks.free[member]
        found.append((lead, member))
    for pool, turns in queues.items():
        _keep_turns(pool, turns)
    return found


def _keep_turns(pool: str, turns: Turns) -> None:
    if not turns.changed:
        return
    members, marks = list(turns.changed), list(turns.changed.values())
    with connection.cursor() as cursor:
        cursor.execute(_POOL, {"pool": pool, "floor": turns.floor, "served": turns.served})
        cursor.execute(
            _TURNS,
            {
                "pool": pool,
                "members": members,
                "ats": [mark.at for mark in marks],
                "served": [mark.served for mark in marks],
            },
        )


def _write(offered: Sequence[_Given], desks: Desks, version_id: int, now: datetime) -> None:
    if not offered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _OFFER,
            {
                "leads": as_array(lead.id for lead, _ in offered),
                "members": as_array(member for _, member in offered),
                "dues": [desks.due[member] for _, member in offered],
                "whys": [lead.why for lead, _ in offered],
                "rows": [lead.row for lead, _ in offered],
                "version": version_id,
                "now": now,
            },
        )
    holds = (contact_actions.Held(lead.contact_id, lead.id, member) for lead, member in offered)
    contact_actions.hold(holds, source_kind=HOLD, now=now)
    facts = [
        NewFact(
            "lead.offered",
            now,
            contact_id=lead.contact_id,
            account_id=lead.account_id,
            subject=("lead", lead.id),
            member_id=member,
        )
        for lead, member in offered
    ]
    append(facts, now=now)
    # What an import brought is seen on the list; nobody is told of each.
    tellings = [
        tasks.Telling(
            member, OFFERED, ("lead", lead.id), lead.contact_id, f"{OFFERED}:{lead.id}:{now.isoformat()}"
        )
        for lead, member in offered
        if not lead.bulk
    ]
    tasks.tell(tellings, now=now)
