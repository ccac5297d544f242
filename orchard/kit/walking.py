"""How rows of a table are walked by one of their values, up or down: ties by id, what has no value last either way."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from orchard.kit import paging
from orchard.kit.paging import By, Page

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Sort:
    """A value that rows can be walked by, of the sort that `shape` says; `empty` where a row may have none."""

    value: Combinable
    shape: type | UnionType
    empty: bool = False


def named(name: str, shape: type, *, empty: bool = False) -> Sort:
    """Return the sort by a field."""
    return Sort(F(name), shape, empty)


class _Beyond(Func):
    """Whether value and id of a row lie beyond a key: compared as one, so that one index finds the place."""

    output_field = BooleanField()
    conditional = True

    def as_sql(  # type: ignore[override]  # Django's own takes what no row needs
        self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, list[Any]]:
        """Write the comparison."""
        written = [compiler.compile(each) for each in self.get_source_expressions()]
        value, identity, at, after = (sql for sql, _ in written)
        return (
            f"({value}, {identity}) {self.extra['sign']} ({at}, {after})",
            [each for _, parameters in written for each in parameters],
        )


def walk(rows: QuerySet[Row], sorts: Mapping[str, Sort], by: By, *, cursor: str = "", size: int) -> Page[Row]:
    """Return one page of rows, by a sort of `sorts`."""
    sort = sorts[by.key]
    # A sort of which each row has a value writes and reads cursors without the possibility of none.
    back, key = paging.decode(cursor, sort.shape | None if sort.empty else sort.shape, int)
    valued: QuerySet[Any, Row] = rows.annotate(walked=sort.value)
    stretches = [valued]
    if sort.empty:
        stretches = [valued.filter(walked__isnull=False), valued.filter(walked__isnull=True)]
    if back:
        stretches.reverse()
    if sort.empty and key and (key[0] is None) != back:
        stretches = stretches[1:]
    found: list[Row] = []
    for place, stretch in enumerate(stretches):
        if len(found) <= size:
            after = key if place == 0 else []
            found += _next(stretch, after, down=by.down != back)[: size + 1 - len(found)]
    return paging.page(found, size=size, cursor=cursor, key=lambda row: (vars(row)["walked"], row.pk))


def _next(rows: QuerySet[Any, Row], key: list[Any], *, down: bool) -> QuerySet[Any, Row]:
    """Return the rows of a stretch in order, from its beginning or beyond a key."""
    if key and key[0] is None:
        rows = rows.filter(pk__lt=key[1]) if down else rows.filter(pk__gt=key[1])
    elif key:
        sign = "<" if down else ">"
        rows = rows.filter(_Beyond(F("walked"), F("pk"), Value(key[0]), Value(key[1]), sign=sign))
    return rows.order_by("-walked", "-pk") if down else rows.order_by("walked", "pk")
