"""The facts that consumers read: fetched once for all who come by, and kept until the last of them has passed."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from threading import Condition
from typing import Any, NamedTuple

import psycopg
from django.db import connection

from orchard.interactions.types import Fact, Facts, Lane, Seen
from orchard.kit import slow

FACTS = """
SELECT o.pos, i.id, coalesce(a.living_id, i.contact_id), i.account_id, i.kind, i.occurred_at, i.recorded_at,
       i.direction, i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency,
       i.import_id
  FROM ledger_order o
  JOIN interaction i ON i.id = o.interaction_id
  LEFT JOIN contact_alias a ON a.old_id = i.contact_id AND a.ended_by IS NULL
"""
"""Facts as consumers read them; whoever adds conditions to it sorts by `o.pos`."""

WAITING = "WHERE o.pos > %(after)s AND o.pos <= %(upto)s AND {lane}"
LANES = {Lane.LIVE: "NOT o.bulk", Lane.BULK: "o.bulk"}

_THE_FIRST = f"(SELECT pos, interaction_id FROM ledger_order o {WAITING} ORDER BY pos LIMIT %(limit)s) o"  # noqa: S608
# The places come first and alone: of places newer than its statistics PostgreSQL believes that there are few, and
# would look up all that wait before it leaves out what is beyond the limit.
_NEXT = FACTS.replace("ledger_order o", _THE_FIRST) + "ORDER BY o.pos"


# So many rows are turned into facts at once.
_AT_HAND = 5_000

Stamp = tuple[int, datetime | None]
"""Where a cursor stands, and since when."""


class _Stretch(NamedTuple):
    """All facts of one lane whose places lie beyond `after` and up to `reached`, in their order."""

    after: int
    reached: int
    facts: Sequence[Fact]

    def covers(self, place: int) -> bool:
        """Tell whether whoever stands at `place` finds the next facts here."""
        return self.after <= place < self.reached

    def part(self, after: int, upto: int, limit: int) -> tuple[int, Sequence[Fact]]:
        """Return the place up to which the facts beyond `after` are all there are, and these."""
        if after <= self.after and upto >= self.reached and len(self.facts) <= limit:
            return self.reached, self.facts
        begin = bisect_right(self.facts, after, key=attrgetter("pos"))
        end = bisect_right(self.facts, upto, begin, key=attrgetter("pos"))
        if end - begin > limit:
            return self.facts[begin + limit - 1].pos, self.facts[begin : begin + limit]
        return min(self.reached, upto), self.facts[begin:end]


class Shared:
    """The facts that were read last, so that consumers who come by one after the other read them once.

    A fact never changes; only whom it is about may, by a merge, which is a fact of its own further on: who holds a
    fact a moment longer does what he would have done a moment earlier.

    With `window`, who reads ahead waits when so many facts are kept that not everybody has passed: else the last would
    have to read all of them again. Without, the oldest are let go.
    """

    KEPT = 2

    def __init__(self, window: int | None = None) -> None:
        self._window = window
        self._stretches: dict[Lane, list[_Stretch]] = {lane: [] for lane in Lane}
        self._stand: dict[Lane, dict[str, int]] = {lane: {} for lane in Lane}
        self._seen: dict[tuple[str, Lane], tuple[Stamp, Seen]] = {}
        self._fetching: set[tuple[Lane, int]] = set()
        self._turn = Condition()

    def stands(self, name: str, lane: Lane, place: int) -> None:
        """Note where a consumer stands, whether or not it has anything to read: nothing is kept for it up to there."""
        with self._turn:
            self._stand[lane][name] = place

    def take_seen(self, name: str, lane: Lane, stamp: Stamp) -> Seen:
        """Return whom a consumer saw here so far; nobody where somebody else has moved its cursor since.

        It is kept no longer: what a run notes that fails must not be believed.
        """
        kept, seen = self._seen.pop((name, lane), (None, Seen()))
        return seen if kept == stamp else Seen()

    def keep_seen(self, name: str, lane: Lane, stamp: Stamp, seen: Seen) -> None:
        """Keep whom a consumer saw, now that its cursor stands as the stamp says."""
        self._seen[name, lane] = stamp, seen

    def next(self, lane: Lane, after: int, upto: int, limit: int) -> tuple[int, Facts]:
        """Return the place up to which the next facts are all there are, and these, at most `limit`.

        For whoever has to wait, that place is `after`.
        """
        reached, found = after, Facts()
        while reached < upto and len(found) < limit:
            stretch = self._beyond(lane, reached, upto, limit - len(found))
            if stretch is None:
                break
            reached, more = stretch.part(reached, upto, limit - len(found))
            found = Facts([*found, *more]) if found else Facts.sorted_out(more)
        return reached, found

    def _beyond(self, lane: Lane, after: int, upto: int, limit: int) -> _Stretch | None:
        """Return what is kept of the facts beyond `after`, else fetch it; None where too much is kept already."""
        with self._turn:
            while (lane, after) in self._fetching:
                self._turn.wait()
            kept = next((each for each in self._stretches[lane] if each.covers(after)), None)
            if kept or self._is_too_far(lane, after):
                return kept
            self._fetching.add((lane, after))
        fetched = None
        try:
            fetched = _fetched(lane, after, upto, limit)
        finally:
            with self._turn:
                if fetched:
                    self._keep(lane, fetched)
                self._fetching.discard((lane, after))
                self._turn.notify_all()
        return fetched

    def _is_too_far(self, lane: Lane, after: int) -> bool:
        """Let go of what all have passed, and tell whether what is left up to `after` is more than may be kept."""
        if self._window is None:
            return False
        last = min(self._stand[lane].values(), default=after)
        self._stretches[lane] = [each for each in self._stretches[lane] if each.reached > last]
        return sum(len(each.facts) for each in self._stretches[lane] if each.reached <= after) >= self._window

    def _keep(self, lane: Lane, fetched: _Stretch) -> None:
        kept = self._stretches[lane]
        kept.append(fetched)
        if self._window is None:
            del kept[: -self.KEPT]


def _fetched(lane: Lane, after: int, upto: int, limit: int) -> _Stretch:
    facts = fetch(_NEXT.format(lane=LANES[lane]), {"after": after, "upto": upto, "limit": limit})
    return _Stretch(after, facts[-1].pos if len(facts) == limit else upto, facts)


def fetch(sql: str, parameters: Mapping[str, object]) -> Facts:
    """Read facts in PostgreSQL's binary format: Django's own cursors read each time as text, at ten times the cost.

    What is sorted out of them is, while they are at hand: to look at hundreds of thousands again takes as long.
    """
    connection.ensure_connection()
    facts = Facts()
    with slow.timed(sql), connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.row_factory = _as_facts
        cursor.execute(sql.encode(), parameters, binary=True)
        while rows := cursor.fetchmany(_AT_HAND):
            facts.take(rows)
    return facts


def _as_facts(_cursor: object) -> Callable[[Sequence[Any]], Fact]:
    return partial(tuple.__new__, Fact)
