"""How memberships are written: what was found is compared with what stands, and only what is another is changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from orchard.kit.ids import as_array
from orchard.segments.models import SegmentCount
from orchard.segments.queries.asking import ask_few
from orchard.segments.queries.work import Askable, plans

_WRITE = """
WITH given AS MATERIALIZED (
    SELECT g.segment_id, g.contact_id, g.is_member, to_timestamp(g.changes_at / 1000000.0) AS changes_at
      FROM unnest(%(segments)s::bigint[], %(contacts)s::bigint[], %(holds)s::boolean[], %(times)s::bigint[])
        AS g (segment_id, contact_id, is_member, changes_at)
), stood AS MATERIALIZED (
    SELECT m.segment_id, m.contact_id, m.is_member FROM segment_member m
     WHERE m.segment_id = ANY (%(of)s::bigint[]) AND {scope}
), gone AS (
    DELETE FROM segment_member m USING stood s
     WHERE m.segment_id = s.segment_id AND m.contact_id = s.contact_id
       AND NOT EXISTS (SELECT FROM given g WHERE g.segment_id = s.segment_id AND g.contact_id = s.contact_id)
    RETURNING m.contact_id
), put AS (
    INSERT INTO segment_member AS m (segment_id, contact_id, is_member, since, changes_at)
    SELECT segment_id, contact_id, is_member, %(now)s, changes_at FROM given ORDER BY segment_id, contact_id
        ON CONFLICT (segment_id, contact_id) DO UPDATE
       SET is_member = EXCLUDED.is_member, changes_at = EXCLUDED.changes_at,
           since = CASE WHEN m.is_member = EXCLUDED.is_member THEN m.since ELSE EXCLUDED.since END
     WHERE m.is_member <> EXCLUDED.is_member OR m.changes_at IS DISTINCT FROM EXCLUDED.changes_at
    RETURNING m.contact_id
), other AS (
    SELECT segment_id, sum(n) AS n
      FROM (SELECT segment_id, count(*) AS n FROM given WHERE is_member GROUP BY segment_id
            UNION ALL SELECT segment_id, -count(*) FROM stood WHERE is_member GROUP BY segment_id) both_ways
     GROUP BY segment_id HAVING sum(n) <> 0
), counted AS (
    UPDATE segment_count c SET members = c.members + o.n FROM other o WHERE c.segment_id = o.segment_id
    RETURNING c.segment_id
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put), (SELECT count(*) FROM counted)
"""
_OF_THESE = "m.contact_id = ANY (%(asked)s::bigint[])"
_OF_STRETCH = "m.contact_id >= %(start)s AND m.contact_id < %(below)s"


def locked(segment_ids: Collection[int] | None = None, *, skip: bool = False) -> list[int]:
    """Lock the counts of segments in use (of these), in order, and return their ids.

    Whoever writes memberships holds them, so that of two who ask the same contact the later one writes later. `skip`
    leaves out those that somebody else holds.
    """
    rows = SegmentCount.objects.filter(segment__archived_at__isnull=True)
    if segment_ids is not None:
        rows = rows.filter(segment__in=segment_ids)
    held = rows.select_for_update(of=("self",), no_key=True, skip_locked=skip).order_by("segment")
    return list(held.values_list("segment_id", flat=True))


def keep(segments: Sequence[Askable], contact_ids: Collection[int], *, hour: datetime, now: datetime) -> int:
    """Ask these contacts for segments whose counts are locked, and write what is another; return how many rows."""
    changed = 0
    for group, asked in plans(segments):
        found = ask_few(asked, contact_ids, hour)
        rows = [rows_of(found, place, each.id) for place, each in enumerate(group)]
        values = {"asked": as_array(sorted(contact_ids))}
        changed += _write([each.id for each in group], rows, _OF_THESE, values, now)
    return changed


def let_go(segment_ids: Sequence[int], contact_ids: Collection[int], *, now: datetime) -> None:
    """Let contacts who are not there any more leave segments whose counts are locked."""
    if segment_ids and contact_ids:
        _write(list(segment_ids), [], _OF_THESE, {"asked": as_array(sorted(contact_ids))}, now)


def keep_stretch(segment_id: int, rows: "Rows", *, start: int, below: int, now: datetime) -> int:
    """Write what was found of all contacts with ids in [start, below); return how many rows are another."""
    return _write([segment_id], [rows], _OF_STRETCH, {"start": start, "below": below}, now)


class Rows:
    """What was found for one segment: who fits or may come to fit by time, in the order of ids."""

    def __init__(
        self, segment_id: int, contacts: list[int], holds: list[bool], times: list[int | None]
    ) -> None:
        self.segment_id = segment_id
        self.contacts, self.holds, self.times = contacts, holds, times

    def part(self, first: int, last: int) -> "Rows":
        """Return the rows from one place to before another."""
        cut = slice(first, last)
        return Rows(self.segment_id, self.contacts[cut], self.holds[cut], self.times[cut])


def rows_of(found: pa.Table, place: int, segment_id: int) -> Rows:
    """Return what an answer says of the segment at that place of the plan."""
    mine = found.select(["contact_id", f"holds_{place}", f"at_{place}"])
    mine = mine.rename_columns(["contact_id", "holds", "at"])
    mine = mine.filter(pc.or_(mine["holds"], pc.is_valid(mine["at"]))).sort_by("contact_id")
    return Rows(segment_id, mine["contact_id"].to_pylist(), mine["holds"].to_pylist(), mine["at"].to_pylist())


def _write(of: list[int], found: Sequence[Rows], scope: str, values: dict[str, Any], now: datetime) -> int:
    segments = [rows.segment_id for rows in found for _ in rows.contacts]
    times = [time for rows in found for time in rows.times]
    parameters = {
        **values,
        "of": of,
        "now": now,
        "segments": as_array(segments),
        "contacts": as_array(contact for rows in found for contact in rows.contacts),
        "holds": "{" + ",".join("t" if held else "f" for rows in found for held in rows.holds) + "}",
        "times": as_array(times),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(scope=scope), parameters)
        return int(cursor.fetchone()[0])
