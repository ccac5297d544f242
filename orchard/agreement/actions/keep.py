"""How verdicts are written: many at once, only where something changed, never over a newer one."""

from collections.abc import Collection
from datetime import datetime

import pyarrow as pa
from django.db import connection
from pyarrow import compute, csv

from orchard.agreement.queries.terms import Force
from orchard.agreement.verdict import line, met
from orchard.kit.ids import as_array

COLUMNS = {
    "contact_id": "bigint",
    "account_id": "bigint",
    "qualified": "boolean",
    "total": "bigint",
    "fit": "bigint",
    "engagement": "bigint",
    "account": "bigint",
    "lines": "bigint[]",
    "met": "boolean[]",
    "due_at": "timestamptz",
    "fresh_at": "timestamptz",
}
"""What is staged, as PostgreSQL types it; version and hour are the same for all."""

AT_ONCE = 100_000
"""So many are staged at once: joined with what stands, more would not fit into the memory of one statement."""

_NAMES = ", ".join(COLUMNS)
_SET = ", ".join(f"{name} = g.{name}" for name in COLUMNS if name != "contact_id")
_OLD = ", ".join(f"v.{name}" for name in COLUMNS)
_NEW = ", ".join(f"g.{name}" for name in COLUMNS)

_STAGE = (
    "CREATE TEMP TABLE IF NOT EXISTS fresh_verdicts ("
    + ", ".join(f"{name} {type_}" for name, type_ in COLUMNS.items())
    + ", stamp bigint) ON COMMIT DELETE ROWS"
)
_ADD = f"""
INSERT INTO verdict ({_NAMES}, version_id, score_at)
SELECT {_NEW}, %(version)s, %(hour)s FROM fresh_verdicts g
 WHERE NOT (g.contact_id = ANY (%(known)s::bigint[])) ORDER BY g.contact_id
ON CONFLICT (contact_id) DO NOTHING RETURNING contact_id
"""  # noqa: S608 - our own names
_CHANGE = f"""
UPDATE verdict v SET {_SET}, version_id = %(version)s, score_at = %(hour)s FROM fresh_verdicts g
 WHERE v.contact_id = g.contact_id AND g.contact_id = ANY (%(known)s::bigint[])
   AND (g.stamp IS NULL OR g.stamp = v.xmin::text::bigint)
   AND (v.version_id, {_OLD}) IS DISTINCT FROM (%(version)s::bigint, {_NEW})
RETURNING v.contact_id
"""  # noqa: S608 - our own names


def locked(contact_ids: Collection[int]) -> list[int]:
    """Lock the verdicts of these contacts and return whose there are: what is read from now on is not overtaken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM verdict WHERE contact_id = ANY (%s::bigint[]) ORDER BY contact_id FOR UPDATE",
            [as_array(contact_ids)],
        )
        return [contact for (contact,) in cursor.fetchall()]


def keep(
    found: pa.Table, *, force: Force, hour: datetime, known: Collection[int]
) -> tuple[set[int], set[int]]:
    """Write `found` (columns as `agreement.verdict.Verdict` gives them) where it differs from what stands.

    `known` are the contacts that had a verdict when the caller read; either their rows are locked since, or `found`
    has a column `stamp`, the row's `xmin` as it was read: a row written since is left alone. Return whose verdicts
    were changed, and for whom somebody else has added the first one meanwhile.
    """
    stood, changed, waiting = set(known), set[int](), set[int]()
    rows = found.sort_by("contact_id") if found.num_rows > AT_ONCE else found
    for start in range(0, rows.num_rows, AT_ONCE):
        wrote, missed = _keep(rows.slice(start, AT_ONCE), force=force, hour=hour, known=stood)
        changed |= wrote
        waiting |= missed
    return changed, waiting


def _keep(
    found: pa.Table, *, force: Force, hour: datetime, known: Collection[int]
) -> tuple[set[int], set[int]]:
    contacts = set(found["contact_id"].to_pylist())
    missing = contacts.difference(known)
    given: dict[str, int | datetime | str] = {
        "version": force.version_id,
        "hour": hour,
        "known": as_array(contacts - missing),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute("TRUNCATE fresh_verdicts")
        with cursor.copy(f"COPY fresh_verdicts ({_NAMES}, stamp) FROM STDIN (FORMAT csv)") as copy:
            copy.write(as_csv(found, force))
        changed = set[int]()
        if len(missing) < len(contacts):
            cursor.execute(_CHANGE, given)
            changed = {contact for (contact,) in cursor.fetchall()}
        added = set[int]()
        if missing:
            cursor.execute(_ADD, given)
            added = {contact for (contact,) in cursor.fetchall()}
    return changed | added, missing - added


def forget(contact_ids: Collection[int]) -> int:
    """Drop the verdicts of ids that are no living contact any more; return how many there were."""
    if not contact_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM verdict WHERE contact_id = ANY (%s)", [list(contact_ids)])
        return int(cursor.rowcount)


def as_csv(found: pa.Table, force: Force) -> memoryview:
    """Return verdicts as CSV in the order of `COLUMNS`, and the stamp."""
    lines = [found[line(place)] for place in range(len(force.terms.rules.names))]
    truths = [found[met(place)] for place in range(len(force.terms.atoms))]
    columns = {
        **{name: found[name] for name in COLUMNS if name in found.column_names},
        "lines": _array(lines, found.num_rows),
        "met": _array(truths, found.num_rows),
        # Without a zone, since the connection's is UTC: a zone written out for each costs thirty times as much.
        "due_at": found["due_at"].cast(pa.timestamp("us")),
        "fresh_at": found["fresh_at"].cast(pa.timestamp("us")),
        "stamp": found["stamp"] if "stamp" in found.column_names else pa.nulls(found.num_rows, pa.int64()),
    }
    buffer = pa.BufferOutputStream()
    csv.write_csv(
        pa.table([columns[name] for name in (*COLUMNS, "stamp")], names=[*COLUMNS, "stamp"]),
        buffer,
        csv.WriteOptions(include_header=False),
    )
    return memoryview(buffer.getvalue())


def _array(parts: list[pa.ChunkedArray], rows: int) -> pa.ChunkedArray:
    """Return PostgreSQL's text of an array per row: {1,2,3}."""
    if not parts:
        return pa.chunked_array([pa.array(["{}"] * rows, pa.string())])
    joined = compute.binary_join_element_wise(*(part.cast(pa.string()) for part in parts), ",")
    return compute.binary_join_element_wise("{", joined, "}", "")
