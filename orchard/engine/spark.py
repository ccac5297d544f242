"""Run the same builders on Apache Spark, where they are plain PySpark."""

import logging
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchard.engine.comparing import micros_of
from orchard.engine.compile import Build
from orchard.engine.dialect import Functions
from orchard.kit.errors import Refused
from orchard.kit.words import Phrase, marked

SETTINGS = {
    "spark.app.name": "orchard",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Kept tables get as many parts as their rows need, not 200: of a small company each would be a handful of rows.
    "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}

CLUSTER = "spark://"

ANSWER_SECONDS = 5
"""How long a master may take to answer the door."""
WORKER_SECONDS = 60
"""How long a cluster may take to give a first worker."""


def why_not() -> str | None:
    """Return the sentence that says what Spark lacks on this machine, or None when it can start."""
    try:
        import pyspark  # noqa: F401, PLC0415 - an extra: the embedded engine does without it
    except ImportError:
        return marked(
            "PySpark is not installed. Type `make spark` in the clone, or let --engine and "
            "ORCHARD_ENGINE be duckdb."
        )
    java_home = os.environ.get("JAVA_HOME")
    java = Path(java_home) / "bin" / "java" if java_home else shutil.which("java")
    if java and Path(java).exists():
        return None
    return marked(
        "Spark needs Java 17 or newer: install it, or let JAVA_HOME name the folder in which bin/java lies."
    )


def check(master: str) -> None:
    """Refuse at once where Spark cannot start here or nobody listens at `master`; a session would wait for minutes."""
    lacking = why_not() or _silence(master)
    if lacking:
        raise Refused(lacking)


def session(master: str, **settings: str) -> Any:
    """Return the Spark session of this process at `master` (`spark://host:7077`, `local[2]`).

    `settings` are Spark's own, with `__` for a dot; those that answers depend on (zone, ANSI) cannot be changed.
    Raises `Refused` where Java or PySpark is missing, the cluster does not answer, or gives no worker.
    """
    check(master)
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    logging.getLogger("py4j").setLevel(
        logging.CRITICAL
    )  # it writes when the process ends, to streams already closed
    builder = SparkSession.builder.master(master)
    for name, value in {**{k.replace("__", "."): v for k, v in settings.items()}, **SETTINGS}.items():
        builder = builder.config(name, value)
    try:
        with _signals():
            found = builder.getOrCreate()
    except (PySparkException, Py4JError, RuntimeError, OSError) as error:
        raise Refused(_not_taken(master, error)) from error
    if found.sparkContext.master != master:
        raise Refused(
            "This process already works with Spark at {master}; start another one.",
            master=found.sparkContext.master,
        )
    _await_worker(found)
    return found


@contextmanager
def working(master: str, **settings: str) -> Iterator[Any]:
    """Give a session and end it afterwards: until then it holds cores of the cluster that others wait for.

    Raises `Refused` as `session` does, and where the cluster gives up on the way.
    """
    found = session(master, **settings)
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield found
    except (PySparkException, Py4JError) as error:
        raise Refused("Spark at {master} gave up: {reason}", master=master, reason=_reason(error)) from error
    finally:
        found.stop()


@contextmanager
def _signals() -> Iterator[None]:
    """Leave Ctrl-C to whom it belongs: PySpark would take it for good, and the worker could not be stopped by it."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


def _silence(master: str) -> str | None:
    """Return the sentence that nobody listens at the address of a master (one of several, with commas), or None."""
    if not master.startswith(CLUSTER):
        return None
    why = ""
    for place in master.removeprefix(CLUSTER).split(","):
        host, _, port = place.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), ANSWER_SECONDS):
                return None
        except (OSError, ValueError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
    return Phrase(
        "No Spark master answers at {master} ({why}). Start it, write the address that its page "
        "shows, or work with --engine duckdb.",
        master=master,
        why=why,
    )


def _not_taken(master: str, error: Exception) -> str:
    if "JAVA_GATEWAY_EXITED" in str(error):
        return marked(
            "Java ended before Spark had started: Spark needs Java 17 or newer; what Java said is above."
        )
    from pyspark import __version__ as version  # noqa: PLC0415 - an extra

    return Phrase(
        "Who answers at {master} does not take our work: {reason} It must be the master of a cluster "
        "of Spark {version}, by the address that its page shows, with the secret that ours has.",
        master=master,
        reason=_reason(error),
        version=version,
    )


def _reason(error: Exception) -> str:
    """Return the one line of an error that says what happened, without the way there."""
    lines = str(error).splitlines() or [type(error).__name__]
    found = next((line[2:] for line in lines if line.startswith(": ")), lines[0])
    return found if found.endswith(".") else f"{found}."


def _await_worker(found: Any) -> None:
    """Wait until the cluster gave a worker: without one, work would stand still without a word."""
    master = found.sparkContext.master
    if not master.startswith(CLUSTER):
        return
    known = found.sparkContext._jsc.sc()  # noqa: SLF001 - Python's side does not tell it
    last = time.monotonic() + WORKER_SECONDS
    while known.getExecutorMemoryStatus().size() == 1:  # ourselves
        if time.monotonic() > last:
            found.stop()
            raise Refused(
                "Spark at {master} gave no worker within {seconds} s. None is alive, all are taken, or none "
                "has the memory that is asked for (spark.executor.memory): the master's page says which.",
                master=master,
                seconds=WORKER_SECONDS,
            )
        time.sleep(0.1)


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
