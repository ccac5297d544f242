"""Run the same builders on Apache Spark, where they are plain PySpark."""

import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchard.engine.comparing import micros_of
from orchard.engine.compile import Build
from orchard.engine.dialect import Functions
from orchard.kit.errors import Refused

SETTINGS = {
    "spark.app.name": "orchard",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
}


def why_not() -> str | None:
    """Return the sentence that says what Spark lacks on this machine, or None when it can start."""
    try:
        import pyspark  # noqa: F401, PLC0415 - an extra: the embedded engine does without it
    except ImportError:
        return "Spark needs the extra `spark`: install orchard[spark]."
    java_home = os.environ.get("JAVA_HOME")
    if shutil.which("java") or (java_home and (Path(java_home) / "bin" / "java").exists()):
        return None
    return "Spark needs Java 17 or newer: install it, or set JAVA_HOME."


def session(master: str, **settings: str) -> Any:
    """Return the Spark session of this process at `master` (`spark://host:7077`, `local[2]`).

    `settings` are Spark's own, with `__` for a dot; those that answers depend on (zone, ANSI) cannot be changed.
    Raises `Refused` where Java or PySpark is missing, or the cluster does not answer.
    """
    lacking = why_not()
    if lacking:
        raise Refused(lacking)
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    logging.getLogger("py4j").setLevel(
        logging.ERROR
    )  # it writes when the process ends, to streams already closed
    builder = SparkSession.builder.master(master)
    for name, value in {**{k.replace("__", "."): v for k, v in settings.items()}, **SETTINGS}.items():
        builder = builder.config(name, value)
    try:
        found = builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        raise Refused(f"Spark at {master} does not answer: {error}") from error
    if found.sparkContext.master != master:
        raise Refused(
            f"This process already works with Spark at {found.sparkContext.master}; start another one."
        )
    return found


def frame(spark: Any, source: pa.Table | Sequence[Path]) -> Any:
    """Return a data frame of an Arrow table or of Parquet files."""
    if isinstance(source, pa.Table):
        return spark.createDataFrame(source)
    return spark.read.parquet(*(str(path) for path in source))


def functions() -> Functions:
    """Return what builders get on Spark."""
    from pyspark.sql import Window  # noqa: PLC0415 - an extra
    from pyspark.sql import functions as found  # noqa: PLC0415 - an extra

    return Functions(found, {"Window": Window})


def run(
    spark: Any,  # noqa: ARG001 - PySpark's functions need a session to be alive
    build: Build,
    inputs: Mapping[str, Any],
    now: datetime,
) -> Any:
    """Return the data frame that `build` makes of the data frames `inputs` at `now` (aware)."""
    given = functions()
    return build(given, inputs, given.timestamp_micros(given.lit(micros_of(now))))
