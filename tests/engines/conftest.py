"""One Spark session for the whole run, and the question that both engines must answer alike."""

from datetime import UTC, datetime

import pytest

from orchard.engine import compile as compiling
from orchard.engine import duck, spark
from orchard.engine.types import TableSpec

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let whatever asks Spark run with the slow tests: it takes seconds to start, and one for each question."""
    for item in items:
        if "spark_session" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def spark_session():
    """Start Spark once; without Java the tests say so and skip."""
    lacking = spark.why_not()
    if lacking:
        pytest.skip(lacking)
    settings = {
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.driver.memory": "1g",
    }
    found = spark.session("local[2]", **settings)
    yield found
    found.stop()


@pytest.fixture(scope="session")
def duck_database():
    database = duck.Duck(duck.Limits(memory_mib=512, threads=2))
    yield database
    database.close()


@pytest.fixture
def both(spark_session, duck_database):
    """Return a function that runs a builder on both engines, asserts equal rows, and returns them."""

    def ask(build, tables, *, key, now=NOW):
        specs = [TableSpec(name, columns, "") for name, (columns, _) in tables.items()]
        query = compiling.compiled(key, build, specs).bind(now=now)
        on_duck = duck_database.run(query, {name: rows for name, (_, rows) in tables.items()})
        frames = {name: spark.frame(spark_session, rows) for name, (_, rows) in tables.items()}
        on_spark = spark.run(spark_session, build, frames, now).toArrow()
        assert on_duck.schema.names == on_spark.schema.names
        assert [str(t) for t in on_duck.schema.types] == [str(t) for t in on_spark.schema.types]
        duck_rows, spark_rows = (_sorted(table.to_pylist()) for table in (on_duck, on_spark))
        assert duck_rows == spark_rows
        return duck_rows

    return ask


def _sorted(rows):
    return sorted(rows, key=lambda row: [repr(value) for value in row.values()])
