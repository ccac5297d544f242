"""Every expression of the engine answers alike on DuckDB and Spark."""

import math
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unicodedata import category

import pyarrow as pa
import pytest

from orchard.engine import expressions as e
from orchard.engine.dialect import DUCK, PROVEN
from orchard.engine.types import ColumnType, Field

from .conftest import NOW

T = ColumnType
UTC_MICROS = pa.timestamp("us", tz="UTC")


def one_column(type_, arrow, values):
    rows = pa.table({"id": list(range(len(values))), "v": pa.array(values, arrow)})
    return {"things": ({"id": T.BIGINT, "v": type_}, rows)}


def asked(**expressions):
    """Return a builder that selects the id and the named expressions of column v."""

    def build(F, tables, now):
        columns = [make(F, F.col("v"), now).alias(name) for name, make in expressions.items()]
        return tables["things"].select(F.col("id"), *columns)

    return build


def test_decayed_points_are_equal_to_the_last_millionth(both):
    draw = random.Random(7)
    times = [NOW - timedelta(microseconds=draw.randrange(0, 10**14)) for _ in range(20_000)]
    times += [
        NOW,
        NOW + timedelta(days=400),
        NOW - timedelta(days=90),
        datetime(1971, 1, 1, tzinfo=UTC),
        None,
    ]

    def decayed(points, days):
        return lambda F, v, now: e.decayed(
            F, points=points, half_life_days=days, at=e.micros(F, v), now=e.micros(F, now)
        )

    build = asked(
        a=decayed(25_000_000, 90), b=decayed(-8_500_000, 45), c=decayed(1, 1), d=decayed(10**12, 3650)
    )
    rows = {row["id"]: row for row in both(build, one_column(T.TIMESTAMP, UTC_MICROS, times), key="decayed")}
    assert rows[20_000]["a"] == rows[20_001]["a"] == 25_000_000
    assert rows[20_002]["a"] == 12_500_000
    assert rows[20_004]["a"] is None


def test_sums_of_decayed_points_are_whole_numbers_of_one_type(both):
    draw = random.Random(8)
    rows = pa.table(
        {
            "id": [n % 50 for n in range(5_000)],
            "v": pa.array([NOW - timedelta(seconds=draw.randrange(10**7)) for _ in range(5_000)], UTC_MICROS),
        }
    )

    def build(F, tables, now):
        line = e.decayed(
            F, points=25_000_000, half_life_days=90, at=e.micros(F, F.col("v")), now=e.micros(F, now)
        )
        odd = F.when(F.col("id") % 2 == 1, line)
        sums = [e.whole_sum(F, line).alias("all"), e.whole_sum(F, odd).alias("odd"), F.count(odd).alias("n")]
        return tables["things"].groupBy("id").agg(*sums)

    answer = both(build, {"things": ({"id": T.BIGINT, "v": T.TIMESTAMP}, rows)}, key="sums")
    assert {row["odd"] for row in answer if row["id"] % 2 == 0} == {0}


def test_hours_are_cut_and_filled_alike(both):
    hour = datetime(2026, 3, 29, 1, tzinfo=UTC)
    times = [hour, hour + timedelta(microseconds=1), hour - timedelta(microseconds=1), None]
    build = asked(
        floor=lambda F, v, _: e.instant(F, e.floor_hour(e.micros(F, v))),
        ceil=lambda F, v, _: e.instant(F, e.ceil_hour(e.micros(F, v))),
        age=lambda F, v, now: e.micros(F, now) - e.micros(F, v),
    )
    rows = both(build, one_column(T.TIMESTAMP, UTC_MICROS, times), key="hours")
    by_id = {row["id"]: row for row in rows}
    assert [by_id[n]["floor"] for n in range(3)] == [hour, hour, hour - timedelta(hours=1)]
    assert [by_id[n]["ceil"] for n in range(3)] == [hour, hour + timedelta(hours=1), hour]


def test_a_ratio_over_nothing_is_unknown(both):
    build = asked(
        r=lambda F, v, _: e.ratio(F, v, v - 2),
        s=lambda F, v, _: e.ratio(F, F.lit(1), v * 3),
        x=lambda F, v, _: F.abs(v),
    )
    rows = both(build, one_column(T.BIGINT, pa.int64(), [0, 1, 2, 3, 7, None, -5]), key="ratio")
    assert {row["id"]: row["r"] for row in rows}[2] is None


def test_every_letter_is_folded_alike(both):
    # Engines know the letters of different years: Python's of Unicode 14 are those that both must know.
    letters = [chr(n) for n in range(1, 0x20000) if category(chr(n)) not in ("Cn", "Cs", "Co")]
    letters += ["ΟΔΟΣ", "ὈΔΥΣΣΕΎΣ", "İSTANBUL", "STRASSE", "straße", "Σ", "ΑΣ ΒΣ."]
    build = asked(
        folded=lambda F, v, _: e.folded(F, v),
        found=lambda F, v, _: F.contains(e.folded(F, v), e.folded(F, F.lit("δος"))),
        quoted=lambda F, v, _: F.contains(v, F.lit("it's \\ 100 %")),
    )
    both(build, one_column(T.TEXT, pa.string(), letters), key="letters")


@pytest.mark.parametrize("type_", [T.TEXT, T.BIGINT, T.DOUBLE, T.BOOLEAN, T.DATE, T.TIMESTAMP])
def test_values_inside_json_are_read_alike(both, type_):
    values = [
        '"text"', "5", "-17", "2.5", "1e3", "1E-3", "123456789012345678", "1234567890123456789012", "true", "false",
        "null", '"true"', '"12"', '" 12"', '"12\\n"', '"2026-02-28"', '"2026-02-30"', '"2026-02-28T10:11:12Z"',
        '"2026-02-28 10:11:12.123456+02:00"', '"2026-02-28T25:11:12Z"', '""', '"Zürich \\"x\\""', "[1]", '{"a": 1}',
    ]  # fmt: skip
    documents = [f'{{"other": 1, "k": {value}}}' for value in values] + ["{}", None]
    of = Field("custom.k", type_, "k", "v", json_key="k")
    rows = both(
        asked(read=lambda F, _v, _n: e.field(F, of)),
        one_column(T.JSON, pa.string(), documents),
        key=f"json {type_}",
    )
    read = {documents[row["id"]]: row["read"] for row in rows}
    assert read["{}"] is None
    expected = {
        T.TEXT: ('"text"', "text"),
        T.BIGINT: ("-17", -17),
        T.DOUBLE: ("1e3", 1000.0),
        T.BOOLEAN: ("true", True),
        T.DATE: ('"2026-02-28"', date(2026, 2, 28)),
        T.TIMESTAMP: ('"2026-02-28T10:11:12Z"', datetime(2026, 2, 28, 10, 11, 12, tzinfo=UTC)),
    }
    written, value = expected[type_]
    assert read[f'{{"other": 1, "k": {written}}}'] == value


def test_doubles_are_compared_alike(both):
    values = [
        0.0,
        -0.0,
        0.1,
        0.1 + 1e-17,
        0.30000000000000004,
        1e300,
        -1e-300,
        math.inf,
        -math.inf,
        math.nan,
        None,
    ]
    build = asked(
        same=lambda F, v, _: v == e.exact(F, 0.1),
        sum=lambda F, v, _: v == e.exact(F, 0.1 + 0.2),
        more=lambda F, v, _: v > e.exact(F, 123456789.123456789),
        least=lambda F, v, _: F.least(v, e.exact(F, 5)) > e.exact(F, 4),
    )
    both(build, one_column(T.DOUBLE, pa.float64(), values), key="doubles")


def test_the_newest_times_are_found_alike(both):
    draw = random.Random(9)
    times = [None if draw.random() < 0.2 else NOW - timedelta(seconds=draw.randrange(90)) for _ in range(400)]
    rows = pa.table({"id": [n % 90 for n in range(400)], "v": pa.array(times, UTC_MICROS)})

    def build(F, tables, now):
        at = e.micros(F, F.col("v"))
        grouped = tables["things"].groupBy("id").agg(
            e.newest(F, at, 1).alias("one"), e.newest(F, at, 3).alias("three"), F.min(at).alias("oldest"),
            F.sort_array(F.collect_list(at)).alias("up"),
        )  # fmt: skip
        ranked = [e.nth_newest(F, F.col("three"), 3, n).alias(f"n{n}") for n in (1, 2, 3, 9)]
        return grouped.select("id", "oldest", "one", F.get("up", F.lit(0)).alias("first"), *ranked)

    answer = both(build, {"things": ({"id": T.BIGINT, "v": T.TIMESTAMP}, rows)}, key="newest")
    assert all(
        row["n1"] == row["one"] and row["first"] == row["oldest"] and row["n9"] is None for row in answer
    )


def test_a_list_is_folded_over_other_columns_alike(both):
    def steps(F, v, _):
        powers = F.array(*(F.lit(2**bit).cast("bigint") for bit in reversed(range(10))))
        return F.aggregate(
            powers,
            F.lit(0).cast("bigint"),
            lambda so_far, step: F.when(so_far + step <= v, so_far + step).otherwise(so_far),
        )

    build = asked(
        found=steps, more=lambda F, v, _: F.greatest(F.lit(5), v), less=lambda F, v, _: F.least(v, F.lit(5))
    )
    rows = both(build, one_column(T.BIGINT, pa.int64(), [0, 1, 7, 1000, 5000, -3, None]), key="folded list")
    assert [row["found"] for row in sorted(rows, key=lambda row: row["id"])] == [0, 1, 7, 1000, 1023, 0, 0]


def test_rows_of_a_group_know_their_place_and_their_neighbours(both):
    draw = random.Random(4)
    rows = pa.table(
        {"id": [n % 9 for n in range(300)], "n": range(300), "v": [draw.randrange(40) for _ in range(300)]}
    )

    def build(F, tables, _):
        order = F.Window.partitionBy("id").orderBy("v", "n")
        so_far = order.rowsBetween(F.Window.unboundedPreceding, F.Window.currentRow)
        return tables["things"].select(
            "id",
            "n",
            F.row_number().over(order).cast("bigint").alias("place"),
            F.lag("v").over(order).alias("before"),
            F.lead("v").over(order).alias("after"),
            F.max("n").over(so_far).alias("greatest"),
        )

    columns = {"id": T.BIGINT, "n": T.BIGINT, "v": T.BIGINT}
    answer = both(build, {"things": (columns, rows)}, key="windows")
    assert sum(row["before"] is None for row in answer) == sum(row["after"] is None for row in answer) == 9
    assert max(row["place"] for row in answer) == 34


def test_a_month_begins_at_the_same_moment_on_both_engines(both):
    times = [
        NOW,
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
        None,
    ]
    build = asked(month=lambda F, v, _: e.micros(F, F.date_trunc("month", v)))
    rows = both(build, one_column(T.TIMESTAMP, UTC_MICROS, times), key="months")
    found = [row["month"] for row in sorted(rows, key=lambda row: row["id"])]
    first = (
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2024, 2, 1, tzinfo=UTC),
    )
    assert found == [*(int(at.timestamp()) * 10**6 for at in first), None]


def test_the_nearest_rank_is_a_value_that_was_there(both):
    draw = random.Random(6)
    values = {group: [draw.randrange(1000) for _ in range(group)] for group in range(1, 31)}
    rows = pa.table(
        {
            "id": [group for group, found in values.items() for _ in found] + [0],
            "v": pa.array([value for found in values.values() for value in found] + [None], pa.int64()),
        }
    )

    def build(F, tables, _):
        spans = (
            tables["things"]
            .groupBy("id")
            .agg(F.sort_array(F.collect_list(F.col("v"))).alias("spans"), F.count(F.col("v")).alias("n"))
        )
        half, most = (e.ranked(F, F.col("spans"), F.col("n"), tenths=each) for each in (5, 9))
        return spans.select("id", half.alias("half"), most.alias("most"))

    answer = both(build, {"things": ({"id": T.BIGINT, "v": T.BIGINT}, rows)}, key="ranks")
    for row in answer:
        ordered = sorted(values.get(row["id"], []))
        ranks = [ordered[-(-len(ordered) * tenths // 10) - 1] if ordered else None for tenths in (5, 9)]
        assert [row["half"], row["most"]] == ranks


def test_a_function_nobody_proved_is_refused():
    with pytest.raises(AttributeError, match="parity test"):
        DUCK.xxhash64("v")


def test_every_proven_function_is_used_by_a_test():
    source = Path(__file__).read_text() + Path(e.__file__).read_text()
    assert [
        name for name in sorted(PROVEN) if f"F.{name}(" not in source and f"F.{name}." not in source
    ] == []
