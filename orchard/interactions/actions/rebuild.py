"""How every projection is dropped and built anew from the ledger; reactions stay as they happened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

from orchard.interactions.actions.read_on import drain
from orchard.interactions.models import Cursor, Stuck
from orchard.interactions.types import Consumer, Sort


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: the facts it read, and in how many rows its projections differ from what stood before."""

    facts: int
    differences: int


def rebuild(consumers: Sequence[Consumer], *, progress: Callable[[int], None] | None = None) -> Rebuilt:
    """Empty all projections, set their cursors to the beginning and read to the end.

    Everything is read before, so that what stands is what the ledger says; the two are compared by the columns that
    each consumer `folds`. What came due by time must have been told before, else it differs rightly.
    """
    projections = [consumer for consumer in consumers if consumer.sort is Sort.PROJECTION]
    names = [consumer.name for consumer in projections]
    drain(consumers)
    with transaction.atomic():
        for table, columns in _folded(projections):
            _keep(table, columns)
        for consumer in projections:
            if consumer.reset:
                consumer.reset()
        Cursor.objects.filter(consumer__in=names).update(pos=0)
        Stuck.objects.filter(consumer__in=names).delete()
    drain(projections, progress=progress)
    facts = max(Cursor.objects.filter(consumer__in=names).values_list("pos", flat=True), default=0)
    return Rebuilt(facts, sum(_differences(table, columns) for table, columns in _folded(projections)))


def _folded(projections: Sequence[Consumer]) -> Iterator[tuple[str, Sequence[str]]]:
    for consumer in projections:
        yield from consumer.folds.items()


def _keep(table: str, columns: Sequence[str]) -> None:
    """Keep what stands in a table of this connection's own."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_before(table)))
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} AS SELECT {} FROM {}").format(
                _before(table), _listed(columns), sql.Identifier(table)
            )
        )


def _differences(table: str, columns: Sequence[str]) -> int:
    """Count the rows, known by the first of `columns`, that are not as they were, and forget those."""
    query = sql.SQL(
        "SELECT count(DISTINCT {key}) FROM ("
        "(SELECT {names} FROM {old} EXCEPT ALL SELECT {names} FROM {new})"
        " UNION ALL (SELECT {names} FROM {new} EXCEPT ALL SELECT {names} FROM {old})) AS other"
    ).format(
        key=sql.Identifier(columns[0]),
        names=_listed(columns),
        old=_before(table),
        new=sql.Identifier(table),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        (count,) = cursor.fetchone()
        cursor.execute(sql.SQL("DROP TABLE {}").format(_before(table)))
    return int(count)


def _before(table: str) -> sql.Identifier:
    return sql.Identifier("pg_temp", f"before_{table}")


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
