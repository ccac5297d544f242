"""Sixteen threads compile and run at once, and each gets its own answer; who stops a command stops its query."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyarrow as pa
import pytest

from orchard.engine import compile as compiling
from orchard.engine import duck
from orchard.engine.types import ColumnType, Query, TableSpec

THREADS, ROUNDS = 16, 25


@pytest.fixture
def database():
    found = duck.Duck(duck.Limits(memory_mib=256, threads=2))
    yield found
    found.close()


def test_each_of_sixteen_threads_gets_the_answer_to_its_own_question(database):
    compiling.forget()
    start = Barrier(THREADS)

    def ask(thread):
        start.wait()
        for turn in range(ROUNDS):
            spec = TableSpec("things", {"id": ColumnType.BIGINT, f"v{thread % 4}": ColumnType.BIGINT}, "")
            factor = turn % 5 + 2

            def build(F, tables, now, column=f"v{thread % 4}", factor=factor):
                grouped = (
                    tables["things"]
                    .groupBy("id")
                    .agg(F.sum(F.col(column) * factor).cast("bigint").alias("s"))
                )
                return grouped.select("id", "s")

            query = compiling.compiled(("threads", thread % 4, factor), build, [spec])
            rows = pa.table({"id": [1, 1, 2], f"v{thread % 4}": [thread, turn, 1]})
            found = {row["id"]: row["s"] for row in database.run(query, {"things": rows}).to_pylist()}
            assert found == {1: (thread + turn) * factor, 2: factor}
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(ask, range(THREADS)))


def test_a_text_is_compiled_once_and_found_again():
    calls = []

    def build(F, tables, now):
        calls.append(now)
        return tables["things"].select("id")

    spec = TableSpec("things", {"id": ColumnType.BIGINT}, "")
    first = compiling.compiled("once", build, [spec])
    assert compiling.compiled("once", build, [spec]) is first
    wider = TableSpec("things", {"id": ColumnType.BIGINT, "v": ColumnType.TEXT}, "")
    compiling.compiled("once", build, [wider])
    assert len(calls) == 2


def test_the_least_used_text_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(compiling, "KEPT", 2)
    compiling.forget()
    spec = TableSpec("things", {"id": ColumnType.BIGINT}, "")

    def build(F, tables, now):
        return tables["things"].select("id")

    first = compiling.compiled(1, build, [spec])
    compiling.compiled(2, build, [spec])
    compiling.compiled(1, build, [spec])
    compiling.compiled(3, build, [spec])
    assert compiling.compiled(1, build, [spec]) is first


def test_a_builder_that_fails_leaves_nothing_behind_for_the_next():
    spec = TableSpec("things", {"id": ColumnType.BIGINT}, "")
    with pytest.raises(KeyError):
        compiling.compiled("bad", lambda _f, tables, _now: tables["nothing"], [spec])
    query = compiling.compiled("good", lambda _f, tables, _now: tables["things"].select("id"), [spec])
    assert query.tables == ("things",)


def test_the_hour_is_a_parameter_and_never_a_literal(database):
    spec = TableSpec("things", {"id": ColumnType.BIGINT}, "")
    query = compiling.compiled(
        "hour", lambda F, tables, now: tables["things"].select("id", F.unix_micros(now).alias("at")), [spec]
    )
    assert "$now" in query.text
    assert query.needs == ("now",)
    with pytest.raises(LookupError, match="now"):
        database.run(query, {"things": pa.table({"id": [1]})})


def test_a_table_without_input_is_named(database):
    query = Query("SELECT * FROM things", {}, ("things",))
    with pytest.raises(LookupError, match="things"):
        database.run(query, {})


def test_files_relations_and_rows_are_all_tables(database, tmp_path):
    import pyarrow.parquet as pq

    path = tmp_path / "it's one.parquet"
    pq.write_table(pa.table({"id": [1, 2]}), path)
    query = Query("SELECT sum(id)::bigint AS s FROM things", {}, ("things",))
    for source in (duck.Files((path,)), duck.Relation("SELECT 3 AS id"), pa.table({"id": [3]})):
        assert database.run(query, {"things": source}).to_pylist() == [{"s": 3}]


def test_a_result_streams_in_batches(database):
    query = Query("SELECT id FROM things", {}, ("things",))
    with database.batches(query, {"things": pa.table({"id": range(10_000)})}, rows=3_000) as reader:
        assert sum(batch.num_rows for batch in reader) == 10_000


def test_a_query_that_outgrows_its_memory_fails_and_the_next_one_runs(database):
    small = duck.Duck(duck.Limits(memory_mib=20, threads=1))
    big = Query("SELECT list(range) AS l FROM range(20_000_000)", {}, ())
    with pytest.raises(Exception, match=r"[Mm]emory"):
        small.run(big, {})
    assert small.run(Query("SELECT 1 AS one", {}, ()), {}).to_pylist() == [{"one": 1}]
    small.close()


def test_the_process_shares_one_database():
    assert duck.shared() is duck.shared()


@pytest.mark.timeout(60, method="thread")
def test_who_stops_a_command_in_the_middle_of_a_query_stops_all_its_threads(database):
    forever = Query(
        "SELECT sum(sqrt(a.i * b.i)) AS n FROM range(300000) a(i), range(300000) b(i)", {}, (), ()
    )
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for _ in range(5):
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            with pytest.raises(KeyboardInterrupt):
                database.run(forever, {})
            begun = time.process_time()
            time.sleep(0.2)
            assert time.process_time() - begun < 0.1
    finally:
        signal.signal(signal.SIGINT, before)
