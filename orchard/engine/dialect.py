"""The functions that expressions may use, and how DuckDB must spell those that SQLFrame would get wrong.

A function stands in `PROVEN` when a parity test shows that DuckDB and Spark answer alike; any other is
refused, on both engines, before it can differ in production.
"""

from collections.abc import Callable
from typing import Any

from sqlframe.standalone import Column, Window
from sqlframe.standalone import functions as sqlframe_functions
from sqlglot import exp

PROVEN = frozenset({
    "Window",
    "abs",
    "aggregate",
    "array",
    "coalesce",
    "col",
    "collect_list",
    "contains",
    "count",
    "date_trunc",
    "get",
    "get_json_object",
    "greatest",
    "lag",
    "lead",
    "least",
    "lit",
    "lower",
    "max",
    "min",
    "pow",
    "round",
    "row_number",
    "sort_array",
    "sum",
    "timestamp_micros",
    "translate",
    "try_to_date",
    "try_to_timestamp",
    "unix_micros",
    "when",
})  # fmt: skip


class Functions:
    """The part of `pyspark.sql.functions` on which both engines agree; the first argument of every builder."""

    def __init__(self, module: Any, replaced: dict[str, Callable[..., Any]] | None = None) -> None:
        replaced = replaced or {}
        self._functions = {name: replaced.get(name) or getattr(module, name) for name in PROVEN}

    def __getattr__(self, name: str) -> Any:
        """Return the engine's function of that name."""
        try:
            return self._functions[name]
        except KeyError:
            raise AttributeError(
                f"{name} is not proven equal on both engines: add it to engine/dialect.py with a parity test."
            ) from None


def parameter(name: str, type_: str) -> Any:
    """Return the column that stands for the query parameter `$name`."""
    return Column(exp.Parameter(this=exp.Var(this=name))).cast(type_)


def _expression(column: Any) -> Any:
    found = Column.ensure_col(column).column_expression  # without the name SQLFrame gives it
    return found.copy()


def _call(name: str, *columns: Any) -> Any:
    return Column(exp.Anonymous(this=name, expressions=[_expression(column) for column in columns]))


def _aggregate(column: Any, initial: Any, merge: Callable[[Any, Any], Any]) -> Any:
    """SQLFrame drops the initial value."""
    names = [exp.to_identifier(name) for name in ("so_far", "element")]
    body = merge(*(Column(exp.column(name.copy())) for name in names))
    step = exp.Lambda(this=_expression(body), expressions=names)
    return Column(
        exp.Anonymous(this="list_reduce", expressions=[_expression(column), step, _expression(initial)])
    )


def _collect_list(column: Any) -> Any:
    """Spark leaves nulls out; DuckDB would keep them."""
    value = _expression(column)
    known = exp.Where(this=exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())))
    return Column(exp.Filter(this=exp.ArrayAgg(this=value), expression=known))


def _sort_array(column: Any, asc: bool = True) -> Any:  # noqa: FBT001, FBT002 - the signature is Spark's
    return _call("list_sort" if asc else "list_reverse_sort", column)


def _get(column: Any, index: Any) -> Any:
    """Spark counts from 0, DuckDB from 1; both answer null beyond the end."""
    return _call("list_extract", column, Column.ensure_col(index) + 1)


def _get_json_object(column: Any, path: str) -> Any:
    """SQLFrame would render `->`, which keeps the quotes of a text."""
    return _call("json_extract_string", column, sqlframe_functions.lit(path))


def _timestamp_micros(column: Any) -> Any:
    """DuckDB's `make_timestamp` would answer without a time zone."""
    return _call("make_timestamptz", column)


def _try_cast(to: str) -> Callable[[Any], Any]:
    def cast(column: Any) -> Any:
        return Column(exp.TryCast(this=_expression(column), to=exp.DataType.build(to, dialect="duckdb")))

    return cast


DUCK = Functions(
    sqlframe_functions,
    {
        "Window": Window,
        "aggregate": _aggregate,
        "collect_list": _collect_list,
        "get": _get,
        "get_json_object": _get_json_object,
        "sort_array": _sort_array,
        "timestamp_micros": _timestamp_micros,
        "try_to_date": _try_cast("date"),
        "try_to_timestamp": _try_cast("timestamptz"),
        "unix_micros": lambda column: _call("epoch_us", column),
    },
)
"""What builders get when they are compiled for DuckDB."""
