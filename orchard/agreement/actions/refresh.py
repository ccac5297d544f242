"""How everybody is assessed anew: computed at once, compared with what stands, and written where it differs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from django.db import transaction

from orchard.agreement.actions.announce import announce, untold
from orchard.agreement.actions.assess import assess_by
from orchard.agreement.actions.keep import forget, keep
from orchard.agreement.models import Refreshed
from orchard.agreement.queries.computing import DUCKDB, Found, Progress, everybody
from orchard.agreement.queries.concerned import concerned_since
from orchard.agreement.queries.terms import Force, in_force
from orchard.agreement.verdict import line, met
from orchard.engine import spark
from orchard.engine.expressions import MICROS_PER_HOUR
from orchard.engine.types import ColumnType, TableSpec
from orchard.interactions import queries as ledger
from orchard.interactions.types import Lane
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.scoring.types import TENTH

CHUNK = 20_000
NEVER = 2**62
DAY = timedelta(days=1)
NO_HOUR = datetime(1970, 1, 1, tzinfo=UTC)

STANDING = TableSpec(
    "standing",
    {
        "contact_id": ColumnType.BIGINT,
        "account_id": ColumnType.BIGINT,
        "version_id": ColumnType.BIGINT,
        "qualified": ColumnType.BOOLEAN,
        "total": ColumnType.BIGINT,
        "account": ColumnType.BIGINT,
        "lines": ColumnType.TEXT,
        "met": ColumnType.TEXT,
        "due_at": ColumnType.TIMESTAMP,
        "fresh_at": ColumnType.TIMESTAMP,
        "score_at": ColumnType.TIMESTAMP,
        "stamp": ColumnType.BIGINT,
    },
    "SELECT contact_id, account_id, version_id, qualified, total, account, lines::text AS lines, met::text AS met,"
    " due_at, fresh_at, score_at, xmin::text::bigint AS stamp FROM verdict",
)
"""The verdicts as they stand, each with the stamp of its row."""

_DIFFER = """
SELECT f.*, s.stamp FROM found f LEFT JOIN standing s USING (contact_id)
 WHERE s.contact_id IS NULL OR s.version_id <> $version OR s.qualified <> f.qualified OR s.met <> {met}
    OR s.account_id IS DISTINCT FROM f.account_id OR epoch_us(s.fresh_at) IS DISTINCT FROM f.fresh_at
    OR s.due_at <= $hour OR coalesce(epoch_us(s.due_at), {never}) > coalesce(f.due_at, {never}) + {an_hour}
    OR (s.score_at = $hour AND (s.lines <> {lines} OR s.account IS DISTINCT FROM f.account
                                OR epoch_us(s.due_at) IS DISTINCT FROM f.due_at))
    OR (s.score_at <= $faded AND s.total // {tenth} <> f.total // {tenth})
 ORDER BY f.contact_id
"""
_GONE = "SELECT s.contact_id FROM standing s ANTI JOIN found f USING (contact_id)"


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh did: whom it looked at, how many verdicts it changed, and how long its parts took."""

    contacts: int
    interactions: int
    changed: int
    seconds: float
    compute_seconds: float
    write_seconds: float
    engine: str


def refresh(
    *, now: datetime, engine: str = DUCKDB, faded: bool = False, progress: Progress | None = None
) -> Refresh:
    """Assess everybody by the version in force and write what differs; the ledger is told of each verdict that turned.

    In short transactions of some thousand contacts. What stands is read first: a verdict that somebody else writes
    meanwhile is newer, and its contact is assessed once more by itself, as is whom a fact concerns that got its place
    after that. Two refreshes in one hour change a verdict
    once. Scores that only decayed since the last assessment are no difference: decisions are stored. With `faded`
    those a day old are written too, so that lists sort by scores of today.
    """
    begun, force = time.monotonic(), in_force()
    if force is None:
        raise Refused("No agreement is in force yet: propose one, and let both sides sign it.")
    if engine != DUCKDB:
        spark.check(engine)
    hour = clock.full_hour(now)
    news = _News(force, ledger.head())
    log = Refreshed.objects.create(version_id=force.version_id, score_at=hour, faded=faded, started_at=now)
    with everybody(force.terms, hour, engine=engine, first=[STANDING], progress=progress) as found:
        (row,) = found.ask("SELECT count(*) AS contacts FROM found").to_pylist()
        differ, gone = _differences(found, force, hour, faded=hour - DAY if faded else NO_HOUR)
        writing = time.monotonic()
        cause = f"refresh:{log.pk}"
        changed = _drop(gone, cause=cause, now=now)
        for start in range(0, differ.num_rows, CHUNK):
            part = differ.slice(start, CHUNK)
            changed += _write(part, news, hour=hour, now=now, cause=cause)
            if progress:
                progress("verdicts written", changed)
        _tell_all(cause=cause, now=now)
        write_seconds = time.monotonic() - writing
        seconds, facts = found.seconds, found.facts
    Refreshed.objects.filter(id=log.pk).update(
        finished_at=clock.now(), contacts=row["contacts"], changed=changed
    )
    whole = time.monotonic() - begun
    return Refresh(row["contacts"], facts, changed, whole, seconds, write_seconds, engine)


def _differences(
    found: Found, force: Force, hour: datetime, *, faded: datetime
) -> tuple[pa.Table, list[int]]:
    """Return the verdicts that are to be written, each with the stamp of the row that stands, and whose are to go."""
    lines = ", ".join(line(place) for place in range(len(force.terms.rules.names)))
    truths = ", ".join(
        f"CASE WHEN {met(place)} THEN 't' ELSE 'f' END" for place in range(len(force.terms.atoms))
    )
    text = _DIFFER.format(
        lines=_array(lines), met=_array(truths), never=NEVER, an_hour=MICROS_PER_HOUR, tenth=TENTH
    )
    differ = found.ask(text, version=force.version_id, hour=hour, faded=faded)
    return differ, found.ask(_GONE)["contact_id"].to_pylist()


def _array(parts: str) -> str:
    """Return DuckDB's expression of an array as PostgreSQL writes it."""
    return f"'{{' || concat_ws(',', {parts}) || '}}'" if parts else "'{}'"


@dataclass
class _News:
    """Whom the facts concern that got their place after `pos`."""

    force: Force
    pos: int
    people: set[int] = field(default_factory=set)

    def among(self, contact_ids: set[int]) -> set[int]:
        """Return whom of these they concern, having read on to the newest."""
        head = ledger.head()
        self.people |= concerned_since(self.force, after=self.pos, upto=head)
        self.pos = head
        return self.people & contact_ids


@transaction.atomic
def _write(differ: pa.Table, news: _News, *, hour: datetime, now: datetime, cause: str) -> int:
    """Write some verdicts and tell which turned; whom somebody else assessed meanwhile is assessed by itself.

    News are asked for once the rows are written and therefore locked: whoever reads a later fact waits for us.
    """
    force = news.force
    ids = differ["contact_id"].to_pylist()
    stood = [
        contact for contact, stamp in zip(ids, differ["stamp"].to_pylist(), strict=True) if stamp is not None
    ]
    changed, _ = keep(differ, force=force, hour=hour, known=stood)
    again = set(ids).difference(changed) | news.among(set(ids))
    written = len(changed - again) + (assess_by(force, again, hour) if again else 0)
    announce(causes=dict.fromkeys(ids, cause), now=now, lane=Lane.BULK)
    return written


def _tell_all(*, cause: str, now: datetime) -> None:
    """Tell whatever was not told when it was written: a verdict that stands and was never told would wait forever."""
    waiting = untold()
    for start in range(0, len(waiting), CHUNK):
        announce(causes=dict.fromkeys(waiting[start : start + CHUNK], cause), now=now, lane=Lane.BULK)


@transaction.atomic
def _drop(contact_ids: Sequence[int], *, cause: str, now: datetime) -> int:
    """Drop the verdicts of ids that are no living contact any more, and tell of those who were qualified."""
    if not contact_ids:
        return 0
    dropped = forget(contact_ids)
    announce(causes=dict.fromkeys(contact_ids, cause), now=now, lane=Lane.BULK)
    return dropped
