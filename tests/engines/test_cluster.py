"""A real cluster, a master and a worker of their own, answers as DuckDB does."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from orchard.engine import spark
from orchard.kit.errors import Refused

ROOT = Path(__file__).parents[2]
QUESTION = """
import json, sys
from orchard.engine import compile as compiling, duck, plan, spark
from orchard.engine.conditions import read
from tests.make.conditions import CATALOGUE, CONTACTS, FACTS, NOW, arrow

def build(F, tables, now):
    conditions = {"c": read({"did": "quote.requested", "within_days": 7, "at_least": 2})}
    return plan.assess(F, tables, now, catalogue=CATALOGUE, conditions=conditions)

people = [dict.fromkeys(CONTACTS.columns) | {"contact_id": n} for n in range(3)]
fact = dict.fromkeys(FACTS.columns) | {"kind": "quote.requested", "occurred_at": NOW, "human": True}
rows = {"contacts": arrow(CONTACTS, people), "facts": arrow(FACTS, [fact | {"contact_id": n % 2} for n in range(3)])}
settings = {"spark.executor.memory": "512m", "spark.driver.host": "127.0.0.1"}
session = spark.session(sys.argv[1], **settings)
frames = {name: spark.frame(session, table) for name, table in rows.items()}
there = spark.run(session, build, frames, NOW).toArrow()
here = duck.shared().run(compiling.compiled("cluster", build, [CONTACTS, FACTS]).bind(now=NOW), rows)
session.stop()
answers = [sorted(map(str, table.to_pylist())) for table in (there, here)]
equal = answers[0] == answers[1]
print(json.dumps({"equal": equal, "hold": answers[0][0].count("'c': True"), "rows": len(answers[0])}))
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    """Start a master and a worker on loopback; stop both by their own ids."""
    if lacking := spark.why_not():
        pytest.skip(lacking)
    import pyspark

    home = Path(pyspark.__file__).parent
    address = f"spark://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    command = [str(home / "bin" / "spark-class")]
    master = [
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--webui-port",
        "0",
    ]
    worker = [
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        "127.0.0.1",
        "--cores",
        "1",
        "--memory",
        "1g",
    ]
    worker += ["--webui-port", "0", "--work-dir", str(tmp_path / "work"), address]
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with (tmp_path / "log").open("w") as log:
        parts = [
            subprocess.Popen(command + part, env=environment, stdout=log, stderr=log)
            for part in (master, worker)
        ]
        yield address
        for part in parts:
            part.terminate()
            part.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_cluster_answers_as_duckdb_does(cluster):
    environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", QUESTION, cluster],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {"equal": True, "hold": 1, "rows": 3}


def test_a_process_that_works_with_one_master_is_not_given_another(spark_session):
    with pytest.raises(Refused, match="already works with Spark"):
        spark.session("local[1]")
