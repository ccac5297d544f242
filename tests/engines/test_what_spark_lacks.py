"""What somebody reads who asks for Spark where it cannot be had: at once one sentence on what to do, and exit 1."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from orchard.agreement import jobs
from orchard.agreement.models import Refreshed
from orchard.cli.main import main
from orchard.engine import spark
from orchard.kit import clock
from orchard.kit.errors import Refused
from tests.make import agreements
from tests.make.command import orchard

pytestmark = pytest.mark.django_db

COMMANDS = (("refresh",), ("report", "funnel"))

BEFORE = signal.getsignal(signal.SIGINT)
"""Who has Ctrl-C before any session begins: Python, or whoever runs several processes of tests."""


@pytest.fixture
def nobody():
    """Give an address where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"spark://127.0.0.1:{held.getsockname()[1]}"


@pytest.fixture
def in_force():
    agreements.in_force()


def said(*arguments):
    """Return the sentence that a command ends with, told within a moment."""
    begun = time.monotonic()
    code, answer = orchard(*arguments)
    assert (code, set(answer)) == (1, {"error"})
    assert time.monotonic() - begun < 10
    return answer["error"]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_pyspark_it_says_how_to_get_it(command, in_force, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert said(*command, "--engine", "spark://127.0.0.1:7077").startswith(
        "PySpark is not installed. Type `make spark` in the clone"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_without_java_it_says_which_one_is_needed(command, in_force, monkeypatch, tmp_path):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = (
        "Spark needs Java 17 or newer: install it, or let JAVA_HOME name the folder in which bin/java lies."
    )
    assert said(*command, "--engine", "spark://127.0.0.1:7077") == wanted
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert said(*command, "--engine", "spark://127.0.0.1:7077") == wanted, "Spark takes JAVA_HOME first"


@pytest.mark.parametrize("command", COMMANDS)
def test_where_no_master_answers_it_says_so_and_what_to_do(command, in_force, nobody):
    assert said(*command, "--engine", nobody) == (
        f"No Spark master answers at {nobody} (Connection refused). Start it, write the address that its page shows,"
        " or work with --engine duckdb."
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_the_setting_stands_for_the_option_that_is_not_given(command, in_force, nobody, settings):
    settings.ORCHARD_ENGINE = nobody
    assert said(*command).startswith(f"No Spark master answers at {nobody}")
    code, _ = orchard(*command, "--engine", "duckdb")
    assert code == 0


def test_the_worker_asks_the_cluster_too_and_leaves_no_trace_of_what_it_could_not_do(
    in_force, nobody, settings
):
    settings.ORCHARD_ENGINE = nobody
    for _ in range(2):
        with pytest.raises(Refused, match="No Spark master answers"):
            jobs.refresh_new_version(clock.now())
    assert not Refreshed.objects.exists()
    settings.ORCHARD_ENGINE = "duckdb"
    jobs.refresh_new_version(clock.now())
    assert Refreshed.objects.get().finished_at


def test_a_java_that_ends_at_once_is_said_to_be_the_wrong_one(monkeypatch, tmp_path):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho unsupported class version >&2\nexit 1\n")
    java.chmod(0o755)
    asked = "from orchard.engine import spark; spark.session('local[1]')"
    environment = {**os.environ, "JAVA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Refused: Java ended before Spark had started: Spark needs Java 17 or newer" in done.stderr


def test_of_several_masters_one_that_answers_is_enough(nobody):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = f"127.0.0.1:{listening.getsockname()[1]}"
        spark.check(f"{nobody},{here}")
    with pytest.raises(Refused, match="No Spark master answers"):
        spark.check("spark://nowhere")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_engine_that_there_is_not_is_wrong_usage(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--engine", "sparc://127.0.0.1:7077"])
    assert ended.value.code == 2
    assert "--engine must be duckdb or a Spark master such as spark://host:7077." in capsys.readouterr().err


def test_a_session_leaves_ctrl_c_to_whom_it_belongs(spark_session):
    assert signal.getsignal(signal.SIGINT) is BEFORE


def test_a_process_that_works_with_one_master_is_not_given_another(spark_session):
    with pytest.raises(Refused, match="already works with Spark"):
        spark.session("local[1]")
