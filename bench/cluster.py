"""A Spark cluster in processes of this machine: a master and two workers on loopback, while a block lasts."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.ground import say
from orchard.engine import spark
from orchard.kit.errors import Refused

HOST = "127.0.0.1"
WORKERS, CORES = 2, 1
EXECUTOR_MIB, DRIVER_MIB = 2_048, 1_024
BESIDE_HEAP = 1_024
"""What a worker has beyond the heap of its executor, in MiB."""
START_SECONDS = 120

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Give the address of a master whose workers are there; all that they write lies in `folder`."""
    if lacking := spark.why_not():
        raise Refused(lacking)
    port, page = _free_port(), _free_port()
    address = f"spark://{HOST}:{port}"
    given = _environment(folder)
    worker = [
        "--host",
        HOST,
        "--cores",
        str(CORES),
        "--memory",
        f"{EXECUTOR_MIB + BESIDE_HEAP}m",
        "--webui-port",
        "0",
    ]
    parts = [[_MASTER, "--host", HOST, "--port", str(port), "--webui-port", str(page)]]
    parts += [[_WORKER, *worker, "--work-dir", str(folder / f"worker-{n}"), address] for n in range(WORKERS)]
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    started: list[subprocess.Popen[bytes]] = []
    try:
        with (folder / "log").open("w") as log:
            started += [_start(part, log.fileno()) for part in parts]
        _await(f"http://{HOST}:{page}/json/", started, folder / "log")
        yield address
    finally:
        _end(started)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _environment(folder: Path) -> dict[str, str]:
    """Write Spark's own settings, and return what lets master, workers and this process read them."""
    import pyspark  # noqa: PLC0415 - an extra

    (folder / "conf").mkdir(parents=True)
    (folder / "conf" / "spark-defaults.conf").write_text(
        f"spark.executor.memory {EXECUTOR_MIB}m\nspark.driver.memory {DRIVER_MIB}m\n"
    )
    return {
        "SPARK_HOME": pyspark.__path__[0],
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": HOST,
    }


def _start(part: Sequence[str], log: int) -> "subprocess.Popen[bytes]":
    program = Path(os.environ["SPARK_HOME"]) / "bin" / "spark-class"
    return subprocess.Popen([str(program), *part], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _await(page: str, started: Sequence["subprocess.Popen[bytes]"], log: Path) -> None:
    last = time.monotonic() + START_SECONDS
    while _told(page).get("aliveworkers") != WORKERS:
        if time.monotonic() > last or any(each.poll() is not None for each in started):
            say(log.read_text(errors="replace")[-2_000:])
            raise Refused("The cluster did not come up; what it said is above.")
        time.sleep(0.2)


def _told(page: str) -> Mapping[str, Any]:
    try:
        with urllib.request.urlopen(page, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
    except OSError:
        return {}
    return found


def _end(started: Sequence["subprocess.Popen[bytes]"]) -> None:
    for each in reversed(started):
        each.terminate()
    for each in started:
        try:
            each.wait(timeout=30)
        except subprocess.TimeoutExpired:
            each.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
    return port
