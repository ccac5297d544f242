"""Compare one field with the value of a condition, as an expression that both engines read alike."""

from datetime import UTC, date, datetime, time, timedelta
from operator import or_
from typing import Any

from orchard.engine import expressions as e
from orchard.engine.conditions.tree import FieldIs
from orchard.engine.conditions.values import Value, fitted
from orchard.engine.types import ColumnType, Field

TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP)


def known(F: Any, holds: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return a boolean column with null taken for false."""
    return F.coalesce(holds, F.lit(False))


def comparable(F: Any, of: Field) -> Any:  # noqa: N803
    """Return the column to compare: a time as microseconds since 1970 UTC, anything else as its own type."""
    column = e.field(F, of)
    return e.micros(F, column.cast("timestamp")) if of.type in TIMES else column


def holds(F: Any, leaf: FieldIs, of: Field, value: Any, now: Any) -> Any:  # noqa: N803
    """Return whether `value` (what `comparable` gave) satisfies the operator; null where it is missing.

    `now` in microseconds. A day stands for its 24 hours in UTC.
    """
    if leaf.empty is not None:
        blank = value.isNull() | (value == F.lit("")) if of.type is ColumnType.TEXT else value.isNull()
        return blank if leaf.empty else ~blank
    if leaf.contains is not None:
        return F.contains(e.folded(F, value), e.folded(F, F.lit(leaf.contains)))
    if leaf.within_days is not None:
        return (value > now - leaf.within_days * e.MICROS_PER_DAY) & (value <= now)
    operands = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
    values = [fitted(operand, of.type) for operand in operands]
    if of.type in TIMES:
        return _time_holds(leaf.operator, value, [_span(at) for at in values])
    return _value_holds(leaf.operator, value, [_literal(F, operand) for operand in values])


def turns(F: Any, leaf: FieldIs, value: Any, now: Any) -> Any:  # noqa: N803
    """Return the first full hour at which time turns the leaf (microseconds), or None for never.

    Only a window moves with time: a value yet to come enters it, one inside leaves it.
    """
    if leaf.within_days is None:
        return None
    window = leaf.within_days * e.MICROS_PER_DAY
    return e.ceil_hour(F.when(value > now, value).when(value > now - window, value + window))


def micros_of(at: date) -> int:
    """Return a day (its midnight in UTC) or an aware instant as microseconds since 1970 UTC."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time.min, UTC)
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _literal(F: Any, value: Value) -> Any:  # noqa: N803
    return e.exact(F, value) if isinstance(value, float) else F.lit(value)


def _value_holds(operator: str, value: Any, operands: list[Any]) -> Any:
    match operator:
        case "gt":
            return value > operands[0]
        case "lt":
            return value < operands[0]
        case "between":
            return (value >= operands[0]) & (value <= operands[1])
    return e.joined(or_, (value == operand for operand in operands))


def _time_holds(operator: str, at: Any, spans: list[tuple[int, int]]) -> Any:
    match operator:
        case "before":
            return at < spans[0][0]
        case "after":
            return at >= spans[0][1]
        case "between":
            return (at >= spans[0][0]) & (at < spans[1][1])
    return e.joined(or_, ((at >= first) & (at < end) for first, end in spans))


def _span(at: Value) -> tuple[int, int]:
    """Return the first microsecond of a day or instant, and the first one after it."""
    if not isinstance(at, date):
        raise TypeError(f"{at!r} is not a time.")
    first = micros_of(at)
    return first, first + (1 if isinstance(at, datetime) else e.MICROS_PER_DAY)
