"""How a consumer reads on: one transaction a run, the cursor and the effect together, poison set aside by contact."""

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, connection, transaction

from orchard.interactions.actions.place import place, place_told
from orchard.interactions.actions.shared import FACTS, LANES, WAITING, Shared, Stamp, fetch
from orchard.interactions.models import Cursor, Stuck
from orchard.interactions.types import CHUNK, WAITS_BEHIND, Batch, Consumer, Fact, Facts, Lane, Seen, Sort
from orchard.kit import clock, logs, remaking

logger = logging.getLogger(__name__)

# A contact id no contact has: facts about nobody are parked under it.
NOBODY = 0

# Facts that a group reads in one transaction, at most: whoever else needs a row of theirs waits that long.
FEW = 200

_NEXT_OF_KINDS = FACTS + WAITING + " AND i.kind = ANY (%(kinds)s) ORDER BY o.pos LIMIT %(limit)s"
_PARKED = FACTS + (
    "WHERE o.pos >= %(since)s AND o.pos <= %(upto)s AND {lane}"
    " AND %(contact)s IN (i.contact_id, coalesce(a.living_id, i.contact_id, 0)) ORDER BY o.pos"
)

# How many places one run of a consumer with kinds of its own looks through, at most.
_SPAN = 250_000

# Locks the cursors of those who read together, if nobody else holds one, all stand at one place and nobody makes the
# projections anew; beside that how far they may read (the end of the order, or those before them), and whether anybody
# is parked. What a run writes need not be on disk before the next begins: after a crash its cursor stands where its
# effects stand.
_LOCK = """
WITH mine AS (
    SELECT pos, moved_at FROM ledger_cursor WHERE consumer = ANY (%(names)s) AND lane = %(lane)s
     ORDER BY consumer FOR UPDATE SKIP LOCKED
)
SELECT min(pos), max(moved_at), least((SELECT pos FROM ledger_head WHERE id = 1),
                       (SELECT min(pos) FROM ledger_cursor WHERE lane = %(lane)s AND consumer = ANY (%(after)s))),
       EXISTS (SELECT FROM ledger_stuck WHERE consumer = ANY (%(names)s)),
       set_config('synchronous_commit', 'off', true), set_config('orchard.reading', 'on', true)
  FROM mine HAVING count(*) = %(count)s AND min(pos) = max(pos) AND pg_try_advisory_xact_lock_shared(%(remaking)s)
"""


_MOVE = """
UPDATE ledger_cursor SET pos = %(pos)s, moved_at = %(now)s WHERE consumer = ANY (%(names)s) AND lane = %(lane)s
"""


class _Poison(Exception):  # noqa: N818 - carried from the failing run to the one that halves it
    """A batch that its consumer could not digest."""

    def __init__(self, facts: Sequence[Fact], cause: Exception) -> None:
        super().__init__(str(cause))
        self.facts = facts
        self.cause = cause


def ensure_cursors(consumers: Iterable[Consumer]) -> None:
    """Give each consumer its two cursors; a new consumer begins at the first fact."""
    Cursor.objects.bulk_create(
        [Cursor(consumer=consumer.name, lane=lane) for consumer in consumers for lane in Lane],
        ignore_conflicts=True,
    )


def read_on(consumer: Consumer, lane: Lane, *, limit: int = CHUNK, shared: Shared | None = None) -> int:
    """Let `consumer` digest its next facts of `lane`; return how many it moved past (0: nothing new).

    Cursor and effect commit together, so each fact has its effect exactly once. A failing batch is halved until the
    contact is found; that contact is parked in `stuck`, and the next run goes on without it.
    """
    size, shared = limit, shared or Shared()
    while True:
        try:
            return _run([consumer], lane, size, shared) or 0
        except _Poison as poison:
            if len(poison.facts) > 1:
                size = len(poison.facts) // 2
                continue
            _park(consumer, lane, poison)


def take_turn(
    consumers: Sequence[Consumer], lane: Lane, *, limit: int = CHUNK, news: Callable[[], int] | None = None
) -> int:
    """Let every consumer that is behind read `limit` facts of `lane`; return how many places they moved on.

    `news` gives a place to what was told meanwhile and returns how much that was. Where it is given, each turn goes as
    far as it leads: whoever tells something that others come after has it read by those before him at once, and those
    who read together do so in one transaction while there is little to read.
    """
    shared, moved = Shared(), 0
    groups = _together(consumers) if news else [(each,) for each in consumers]
    awaited = {name for each in consumers for name in each.after}
    behind = _behind(lane)
    for number, group in enumerate(groups):
        if not any(behind(each.name) for each in group):
            continue
        moved += _read_together(group, lane, limit=limit, shared=shared)
        last = group[-1]
        if news and last.sort is Sort.REACTION and last.name in awaited and (told := news()):
            moved += told + sum(
                _read_together(before, lane, limit=limit, shared=shared) for before in groups[: number + 1]
            )
            behind = _behind(lane)
    return moved


def _together(consumers: Sequence[Consumer]) -> list[tuple[Consumer, ...]]:
    """Put consumers into groups whose last alone does not read with the next."""
    groups: list[tuple[Consumer, ...]] = []
    group: tuple[Consumer, ...] = ()
    for each in consumers:
        group = (*group, each)
        if not each.with_next:
            groups.append(group)
            group = ()
    return [*groups, group] if group else groups


def _read_together(group: Sequence[Consumer], lane: Lane, *, limit: int, shared: "Shared") -> int:
    """Let a group read on in one transaction, or one by one where that does not go; return how many it moved past."""
    if len(group) > 1:
        try:
            moved = _run(group, lane, min(limit, FEW), shared)
        except _Poison:
            moved = None
        if moved is not None:
            return moved
    return sum(read_on(each, lane, limit=limit, shared=shared) for each in group)


def _behind(lane: Lane) -> Callable[[str], bool]:
    """Return whether a consumer has not come to the end; asked once, since most looks find nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.consumer FROM ledger_cursor c, ledger_head h WHERE c.lane = %s AND c.pos >= h.pos",
            [lane],
        )
        at_end = {name for (name,) in cursor.fetchall()}
    return lambda name: name not in at_end


def retry(consumer: Consumer, stuck_id: int) -> bool:
    """Let `consumer` digest a parked contact's facts of both lanes again; return whether it is parked no more.

    Where it still is, its error is renewed.
    """
    stuck = Stuck.objects.filter(id=stuck_id, consumer=consumer.name).first()
    if stuck is None:
        return True
    both = Stuck.objects.filter(consumer=consumer.name, contact_id=stuck.contact_id)
    for row in both.order_by("lane"):
        _retry(consumer, Lane(row.lane), row.id)
    return not both.exists()


def _retry(consumer: Consumer, lane: Lane, stuck_id: int) -> None:
    try:
        with transaction.atomic():
            cursor = Cursor.objects.select_for_update().get(consumer=consumer.name, lane=lane)
            row = Stuck.objects.select_for_update().filter(id=stuck_id).first()
            if row is None:
                return
            facts = fetch(
                _PARKED.format(lane=LANES[lane]),
                {"since": row.pos, "upto": cursor.pos, "contact": row.contact_id},
            )
            if consumer.kinds:
                facts = Facts(facts.of(consumer.kinds))
            row.delete()
            _digest(consumer, lane, facts, upto=cursor.pos, seen=Seen())
    except _Poison as poison:
        Stuck.objects.filter(id=stuck_id).update(error=_told(poison.cause), since=clock.now())


def drain(
    consumers: Sequence[Consumer],
    *,
    lanes: Sequence[Lane] = (Lane.LIVE, Lane.BULK),
    progress: Callable[[int], None] | None = None,
) -> int:
    """Place and digest, the live lane as its server does, until all read to the end; return how many were placed."""
    ensure_cursors(consumers)
    placed = 0

    def told() -> int:
        nonlocal placed
        placed += (found := place_told())
        return found

    while True:
        moved = place()
        placed += moved
        for lane in lanes:
            while step := take_turn(consumers, lane, news=told if lane is Lane.LIVE else None):
                moved += step
                if lane is Lane.BULK:
                    break
        if progress:
            progress(placed)
        if not moved:
            return placed


def _run(group: Sequence[Consumer], lane: Lane, limit: int, shared: Shared) -> int | None:
    """Let consumers digest the same facts, one after the other; None where several of them must go one by one."""
    alone = len(group) == 1
    with transaction.atomic():
        found = _locked(group, lane)
        if found is None:
            return 0 if alone else None
        for each in group:
            if not each.kinds:
                shared.stands(each.name, lane, found.pos)
        if found.upto <= found.pos:
            return 0
        reached, facts = _next(group, lane, found, limit, shared)
        if reached == found.pos:
            return 0
        if not alone and (found.is_anybody_parked or reached < found.upto):
            return None
        if facts and found.is_anybody_parked:
            facts = _without_parked(group[0], lane, facts)
        seen = {each.name: shared.take_seen(each.name, lane, found.stamp) for each in group}
        for each in group:
            _digest(each, lane, facts, upto=found.upto, seen=seen[each.name])
        now = clock.now()
        with connection.cursor() as cursor:
            names = [each.name for each in group]
            cursor.execute(_MOVE, {"pos": reached, "now": now, "names": names, "lane": lane})
    for name, people in seen.items():
        shared.keep_seen(name, lane, (reached, now), people)
    return len(group) * (reached - found.pos)


class _Place(NamedTuple):
    """Where a cursor stands, how far it may read, and whether facts of somebody must be left out."""

    pos: int
    moved_at: datetime | None
    upto: int
    is_anybody_parked: bool

    @property
    def stamp(self) -> Stamp:
        """Return what tells whether anybody else has moved the cursor since."""
        return self.pos, self.moved_at


def _next(
    group: Sequence[Consumer], lane: Lane, place: _Place, limit: int, shared: Shared
) -> tuple[int, Facts]:
    """Return the place up to which the next facts are all there are, and these, at most `limit`.

    Whoever is alone gets none while idle, and those of its kinds where it names any.
    """
    first = group[0]
    if len(group) > 1 or not (first.kinds or first.idle):
        return shared.next(lane, place.pos, place.upto, limit)
    if first.idle is not None and first.idle():
        return place.upto, Facts()
    if not first.kinds:
        return shared.next(lane, place.pos, place.upto, limit)
    upto = min(place.upto, place.pos + _SPAN)
    values = {"after": place.pos, "upto": upto, "limit": limit, "kinds": sorted(first.kinds)}
    facts = fetch(_NEXT_OF_KINDS.format(lane=LANES[lane]), values)
    return (facts[-1].pos if len(facts) == limit else upto), facts


def _locked(group: Sequence[Consumer], lane: Lane) -> _Place | None:
    """Lock the cursors, and return where they stand; None where another process has one, or they stand apart."""
    names = [each.name for each in group]
    after = {name for each in group for name in each.after}.difference(names)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"names": names, "lane": lane, "after": list(after), "count": len(names)}
        cursor.execute(_LOCK, values | {"remaking": remaking.LOCK})
        found = cursor.fetchone()
    return _Place(*found[:4]) if found else None


def _digest(consumer: Consumer, lane: Lane, facts: Sequence[Fact], *, upto: int, seen: Seen) -> None:
    if not facts:
        return
    batch = Batch(Facts.sorted_out(facts), lane, clock.now(), upto, seen)
    try:
        consumer.function(batch)
    except (OperationalError, InterfaceError):
        raise  # the database is away or asks to try again: nobody's fault
    except Exception as error:
        raise _Poison(facts, error) from error


def _without_parked(consumer: Consumer, lane: Lane, facts: Sequence[Fact]) -> Facts:
    """Leave out the facts of parked contacts, and see that they wait behind the parked one in this lane too."""
    parked = set(Stuck.objects.filter(consumer=consumer.name).values_list("contact_id", flat=True))
    waiting: dict[int, int] = {}
    passed = []
    for fact in facts:
        contact = fact.contact_id or NOBODY
        if contact in parked:
            waiting.setdefault(contact, fact.pos)
        else:
            passed.append(fact)
    Stuck.objects.bulk_create(
        [
            Stuck(
                consumer=consumer.name,
                lane=lane,
                contact_id=contact,
                pos=pos,
                error=WAITS_BEHIND,
                since=clock.now(),
            )
            for contact, pos in waiting.items()
        ],
        ignore_conflicts=True,
    )
    return Facts(passed)


def _park(consumer: Consumer, lane: Lane, poison: _Poison) -> None:
    (fact,) = poison.facts
    logger.error("%s is stuck at pos %s", consumer.name, fact.pos, exc_info=poison.cause)
    with transaction.atomic():
        Stuck.objects.get_or_create(
            consumer=consumer.name,
            lane=lane,
            contact_id=fact.contact_id or NOBODY,
            defaults={"pos": fact.pos, "error": _told(poison.cause), "since": clock.now()},
        )


def _told(error: Exception) -> str:
    """Return what to keep of an error: its type, where it came from, and its words where they can quote nobody."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return ": ".join(filter(None, (type(error).__name__ + where, logs.words_of(error))))[:300]
