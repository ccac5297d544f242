"""The expressions on which DuckDB and Spark give the same answer to the last unit.

Times are compared as `bigint` microseconds since 1970 UTC, points as `bigint` millionths. `F` is always the
`Functions` of the engine at hand, columns are its columns.
"""

from collections.abc import Callable, Iterable
from typing import Any

from orchard.engine.types import ColumnType, Field

MICRO_POINTS = 1_000_000
MICROS_PER_HOUR = 3_600_000_000
MICROS_PER_DAY = 24 * MICROS_PER_HOUR

_UNLIKE_LOWER = ("İΣς", "iσσ")  # noqa: RUF001 - Greek on purpose
"""Letters whose lower case depends on the engine or on their neighbours, and what to take for them."""

_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?\z"
_WHOLE = r"^-?[0-9]{1,18}\z"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"
_INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})\z"
)


def joined(join: Callable[[Any, Any], Any], parts: Iterable[Any]) -> Any:
    """Return the parts (one at least) joined in pairs, and the pairs in pairs.

    Joined one after the other, n parts stand n deep, and whoever compiles that goes as deep: 200 are too many.
    """
    left = list(parts)
    while len(left) > 1:
        pairs = [join(first, second) for first, second in zip(left[::2], left[1::2], strict=False)]
        left = pairs + left[len(pairs) * 2 :]
    return left[0]


def micros(F: Any, at: Any) -> Any:  # noqa: N803 - PySpark's name for its functions
    """Return a timestamp column as microseconds since 1970 UTC."""
    return F.unix_micros(at)


def instant(F: Any, at: Any) -> Any:  # noqa: N803
    """Return microseconds since 1970 UTC as a timestamp column."""
    return F.timestamp_micros(at)


def floor_hour(at: Any) -> Any:
    """Return microseconds since 1970 cut to the full UTC hour at or before them; not for times before 1970."""
    return at - at % MICROS_PER_HOUR


def ceil_hour(at: Any) -> Any:
    """Return the first full UTC hour, in microseconds, that is not before `at`; not for times before 1970."""
    return floor_hour(at + (MICROS_PER_HOUR - 1))


def exact(F: Any, number: float) -> Any:  # noqa: N803
    """Return a double literal; as bare digits DuckDB would read a decimal."""
    return F.lit(repr(float(number))).cast("double")


def ratio(F: Any, part: Any, whole: Any) -> Any:  # noqa: N803
    """Return part / whole as a double, null where the whole is 0 (`inf` on DuckDB, an error on Spark)."""
    return F.when(whole != 0, part.cast("double") / whole.cast("double"))


def decayed(F: Any, *, points: int, half_life_days: int, at: Any, now: Any) -> Any:  # noqa: N803
    """Return points · 2^(-max(0, now - at) / half-life), in whole millionths.

    `points` in millionths, `at` and `now` in microseconds. The power is rounded before it is cast: engines
    differ in its last bit, and a bare cast would cut at different integers. Formula: docs, the score.
    """
    age = F.when(at > now, F.lit(0)).otherwise(now - at)
    power = F.pow(exact(F, 2), -(age / F.lit(half_life_days * MICROS_PER_DAY)))
    return F.round(exact(F, points) * power).cast("bigint")


def whole_sum(F: Any, number: Any) -> Any:  # noqa: N803
    """Return the sum of a bigint column as bigint, 0 where there is nothing (DuckDB's sum is a HUGEINT)."""
    return F.coalesce(F.sum(number).cast("bigint"), F.lit(0))


def folded(F: Any, text: Any) -> Any:  # noqa: N803
    """Return text in lower case, by the same letters on both engines."""
    return F.lower(F.translate(text, *_UNLIKE_LOWER))


def field(F: Any, of: Field) -> Any:  # noqa: N803, PLR0911 - one answer per type
    """Return the column of a field; one inside JSON is read as its declared type, null where it does not fit."""
    column = F.col(of.column)
    if of.json_key is None:
        return column
    text = F.get_json_object(column, f"$.{of.json_key}")
    match of.type:
        case ColumnType.BIGINT:
            return F.when(text.rlike(_WHOLE), text).cast("bigint")
        case ColumnType.DOUBLE:
            return F.when(text.rlike(_NUMBER), text).cast("double")
        case ColumnType.BOOLEAN:
            return F.when(text == "true", F.lit(True)).when(text == "false", F.lit(False))
        case ColumnType.DATE:
            return F.try_to_date(F.when(text.rlike(_DAY), text))
        case ColumnType.TIMESTAMP:
            return F.try_to_timestamp(F.when(text.rlike(_INSTANT), text))
    return text


def newest(F: Any, at: Any, count: int) -> Any:  # noqa: N803
    """Return the aggregate from which `nth_newest` reads the `count` newest of the times `at` (nulls left out)."""
    return F.max(at) if count == 1 else F.sort_array(F.collect_list(at), asc=False)


def nth_newest(F: Any, times: Any, count: int, nth: int) -> Any:  # noqa: N803
    """Return the nth newest time (from 1) out of what `newest(…, count)` made, null where there are fewer."""
    return times if count == 1 else F.get(times, F.lit(nth - 1))


def ranked(F: Any, ordered: Any, count: Any, *, tenths: int) -> Any:  # noqa: N803
    """Return the value at so many tenths of an ordered array of `count` values, null where it is empty.

    It is the nearest rank (the smallest value that so many tenths of all do not exceed), so a value that was there.
    """
    rank = count * F.lit(tenths) + F.lit(9)
    return F.get(ordered, ((rank - rank % 10) / F.lit(10)).cast("int") - F.lit(1))


def beside(left: Any, right: Any, on: str) -> Any:
    """Return `left` with the columns of `right`, null where it has no row of the same `on`.

    The plain select belongs to the join: SQLFrame looks up the side of each name used in the first select
    after a join, and fails on a name that is used twice.
    """
    names = [*left.columns, *(name for name in right.columns if name != on)]
    return left.join(right, on=on, how="left").select(*names)
